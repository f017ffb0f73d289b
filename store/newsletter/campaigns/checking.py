"""Looks whether a campaign may be sent as it stands, and says what may not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy import select

from store.catalog.models import Product
from store.catalog.rows import is_public
from store.database import db
from store.newsletter.campaigns import body
from store.newsletter.campaigns.cards import is_coming
from store.newsletter.campaigns.leading import Campaigned
from store.newsletter.campaigns.models import Campaign
from store.newsletter.campaigns.own_pages import missing_pages
from store.settings import Settings

_parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# As in body: every address is looked at here.
_parser.validateLink = body.any_link  # type: ignore[method-assign]
_NAMES = re.compile(r"\{\{[^{}\n]*\}\}|\{%[^%\n]*%\}|%[A-Z]{2,}%|\*\|[A-Z_]+\|\*")
_CARD_INSIDE = re.compile(r"\[\[[^\]\n]*\]\]?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029]")


class Refused(StrEnum):
    """Why a letter is not sent; each is a fault of one field."""

    NO_SUBJECT = "no_subject"
    NO_BODY = "no_body"
    UNKNOWN_PRODUCT = "unknown_product"
    NOT_YET = "not_yet"
    """The product appears by itself later: the letter may be sent from then on."""
    CARD_IN_A_LINE = "card_in_a_line"
    MARKUP = "markup"
    PICTURE = "picture"
    TABLE = "table"
    LINK = "link"
    NO_PAGE = "no_page"
    NAME = "name"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the words that are."""

    field: str
    why: Refused
    what: str = ""


def faults_of(campaign: Campaign, settings: Settings, *, now: datetime) -> list[Fault]:
    """Return everything for which this campaign must not be sent at this moment.

    Reads the open transaction.
    """
    found = [
        *_one_line("subject", campaign.subject),
        *_one_line("preview", campaign.preview),
        *_faults_of_body(campaign, settings),
        *_unknown_products(campaign.body, now),
        *_missing_pages(campaign.body, settings, now),
    ]
    if not campaign.subject.strip():
        found.append(Fault("subject", Refused.NO_SUBJECT))
    return list(dict.fromkeys(found))


def _one_line(field: str, words: str) -> Iterator[Fault]:
    if _CONTROL.search(words) or "\n" in words or "\r" in words:
        yield Fault(field, Refused.CONTROL)
    for name in _NAMES.findall(words):
        yield Fault(field, Refused.NAME, name)


def _faults_of_body(campaign: Campaign, settings: Settings) -> Iterator[Fault]:
    parts = body.pieces(campaign.body)
    if not parts:
        yield Fault("body", Refused.NO_BODY)
    if _CONTROL.search(campaign.body):
        yield Fault("body", Refused.CONTROL)
    for name in _NAMES.findall(campaign.body):
        yield Fault("body", Refused.NAME, name)
    lead = Campaigned(settings.public_url, campaign.id)
    known = body.references(campaign.body)
    for part in parts:
        if isinstance(part, body.Prose):
            for token in _all_tokens(_parser.parse(part.source, {**known})):
                yield from _faults_of_token(token, lead)


def _faults_of_token(token: Token, lead: Campaigned) -> Iterator[Fault]:
    match token.type:
        case "html_block" | "html_inline" if not token.content.startswith("</"):
            yield Fault("body", Refused.MARKUP, _short(token.content))
        case "image":
            yield Fault("body", Refused.PICTURE, _short(str(token.attrGet("src"))))
        case "table_open":
            yield Fault("body", Refused.TABLE)
        case "link_open" if not _leads_somewhere(href := str(token.attrGet("href")), lead):
            yield Fault("body", Refused.LINK, _short(href))
        case "text":
            for card in _CARD_INSIDE.findall(token.content):
                yield Fault("body", Refused.CARD_IN_A_LINE, _short(card))
        case _:
            pass


def _leads_somewhere(href: str, lead: Campaigned) -> bool:
    """Say whether a link has the right shape: a path of ours, https anywhere else, or a mailbox."""
    if lead.own_path(href) is not None:
        return True
    return bool(re.fullmatch(r"https://[^\s/@\\]+\.[^\s/@\\]+(/\S*)?|mailto:[^\s@]+@[^\s@]+", href))


def _unknown_products(source: str, now: datetime) -> Iterator[Fault]:
    asked = body.handles(source)
    if not asked:
        return
    of_these = select(Product.handle).where(Product.handle.in_(asked))
    public = set(db.session.scalars(of_these.where(is_public(now))))
    coming = set(db.session.scalars(of_these.where(is_coming(now))))
    for handle in asked:
        if handle not in public:
            why = Refused.NOT_YET if handle in coming else Refused.UNKNOWN_PRODUCT
            yield Fault("body", why, _short(handle))


def links_in(source: str) -> list[str]:
    """Return where the links of a body lead, each once, as they were typed."""
    known = body.references(source)
    proses = [piece for piece in body.pieces(source) if isinstance(piece, body.Prose)]
    tokens = [t for prose in proses for t in _all_tokens(_parser.parse(prose.source, {**known}))]
    return list(
        dict.fromkeys(str(token.attrGet("href")) for token in tokens if token.type == "link_open")
    )


def _missing_pages(source: str, settings: Settings, now: datetime) -> Iterator[Fault]:
    lead = Campaigned(settings.public_url, None)
    paths = [path for path in map(lead.own_path, links_in(source)) if path is not None]
    for path in missing_pages(paths, now=now):
        yield Fault("body", Refused.NO_PAGE, _short(path))


def _all_tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 60 else f"{line[:59]}…"

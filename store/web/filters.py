"""What templates print: money, dates in the shop's zone, Markdown, addresses of pictures."""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask import Flask
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape

from store.media.renditions import WIDTHS, rendition_name
from store.money import Money, decimals
from store.settings import Settings
from store.web.fragments import install_no_fragments
from store.web.language import language_now
from store.web.markdown import plain_text, rendered_markdown
from store.web.templating import install_templating
from store.web.wrong_fields import wrong_fields

MEDIA = "/media/"
MOMENT = "d MMMM y, h:mm a"
_LETTERS_THEN_NUMBER = re.compile(r"(?<=[A-Za-z])(?=\d)")


class StoredImage(Protocol):
    """What a picture's address is made of; width is of the original, in pixels."""

    @property
    def content_hash(self) -> str: ...
    @property
    def width(self) -> int: ...


def install_filters(app: Flask, settings: Settings) -> None:
    """Teach the application's templates to print our values."""
    environment = app.jinja_env
    install_templating(environment, settings.data_dir / "templates")
    environment.trim_blocks = environment.lstrip_blocks = True
    country = settings.country

    def as_money(amount: Money) -> str:
        return money(amount, locale_in(country))

    def as_date(moment: date | datetime, pattern: str = "d MMMM y") -> str:
        return format_date(_in_zone(moment, settings), pattern, locale=locale_in(country))

    def as_moment(moment: datetime, pattern: str = MOMENT) -> str:
        return moment_words(moment, settings, pattern)

    environment.filters.update(
        money=as_money,
        date=as_date,
        moment=as_moment,
        markdown=rendered_markdown,
        plain_text=plain_text,
        picture_url=picture_url,
        srcset=srcset,
        json_list=json_list,
        mid_sentence=mid_sentence,
        wrong_fields=wrong_fields,
    )
    environment.globals["tells_lowest_price"] = settings.tells_lowest_price
    install_no_fragments(app)


@lru_cache(maxsize=2048)
def money(amount: Money, locale: Locale) -> str:
    """Return the amount as its country prints it: $45.00, ¥4,500, KWD 12.345."""
    number = Decimal(amount.minor).scaleb(-decimals(amount.currency))
    printed = format_currency(number, amount.currency, locale=locale)
    return _LETTERS_THEN_NUMBER.sub("\u00a0", printed)


def moment_words(moment: datetime, settings: Settings, pattern: str = MOMENT) -> str:
    """Return a moment as the clock of the shop's zone tells it."""
    told = format_datetime(
        moment, pattern, tzinfo=settings.zone, locale=locale_in(settings.country)
    )
    return told.replace("\u202f", " ")


def picture_url(picture: StoredImage, width: int, format_: str = "webp") -> str:
    """Return the address of one rendition; width is one of those that the media room makes."""
    return MEDIA + rendition_name(picture.content_hash, width, format_)


def srcset(picture: StoredImage, format_: str, max_width: int = WIDTHS[-1]) -> str:
    """Return every rendition up to a width with what it truly measures: nothing is enlarged."""
    offered = []
    for width in WIDTHS:
        if width > max_width:
            break
        shown = min(width, picture.width)
        offered.append(f"{picture_url(picture, width, format_)} {shown}w")
        if width >= picture.width:
            break
    return ", ".join(offered)


@lru_cache(maxsize=2048)
def json_list(words: tuple[str, ...]) -> Markup:
    """Return words as a list that a script finds in an attribute; many products come in the same.

    What could end an element is escaped in JSON as well, so that it is safe wherever it is put.
    """
    return escape(str(htmlsafe_json_dumps(words)))


def mid_sentence(title: str) -> str:
    """Return a title as it stands inside a sentence: all of the Front Page, not of The."""
    return f"the {title[4:]}" if title.startswith("The ") else title


def own_path(path: str, **query: str | int | None) -> str:
    """Return a path with the parameters that are given and not empty, in the order given."""
    pairs = [f"{name}={quote(str(value))}" for name, value in query.items() if value]
    return path + ("?" + "&".join(pairs) if pairs else "")


def locale_in(country: str) -> Locale:
    """Return the page's language in this country, or alone where there is no such pair."""
    language = language_now() or Locale("en")
    return _locale_of(language.language, language.territory or country)


def _in_zone(moment: date | datetime, settings: Settings) -> date:
    return moment.astimezone(settings.zone) if isinstance(moment, datetime) else moment


@lru_cache(maxsize=16)
def _locale_of(language: str, territory: str) -> Locale:
    # In its own country a dollar needs no letter: en-AU writes $45.00 where en writes A$45.00.
    try:
        return Locale(language, territory)
    except UnknownLocaleError:
        return Locale(language)

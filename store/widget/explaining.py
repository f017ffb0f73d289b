"""Tells an editor what a story is asked by, why it carries what it carries, and what went wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from store.widget.choosing import Choice, Ground, Pick, QuietGround
from store.widget.reading import unread
from store.widget.reading.pages import Tag
from store.widget.reading.words import LIMITS, OTHERWISE, Source, Word

LONGEST_SHOWN = 200
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One value that the tag asks by or is told, as an editor reads it."""

    name: str
    value: str
    """Empty where nothing says it."""
    where: str
    instead: str = ""
    """What the page says, where the form says something else."""


def rows_of(asked: tuple[Word, ...], on_page: tuple[Word, ...], tag: Tag) -> Iterator[Row]:
    """Return the values in the tag's order, then the options that it sets."""
    if "store" in tag.attributes:
        yield _row(Word("store", tag.attributes["store"], Source.ATTRIBUTE))
    for word, instead in zip(asked, on_page, strict=True):
        is_other = word.source is Source.FORM
        yield _row(word, _shown(instead) if is_other else "")
    for name in LIMITS:
        if name in tag.attributes and name != "count":
            yield _row(Word(name, tag.attributes[name], Source.ATTRIBUTE))


def ground_of(pick: Pick) -> str:
    """Return why a product stands there."""
    words = {
        Ground.EDITOR: _("named in the tag’s products attribute"),
        Ground.PINNED: _("pinned by staff to this story, its section or one of its tags"),
        Ground.BESTSELLER: _(
            "no word of the story speaks for a product, so a best-seller stands in"
        ),
    }
    if pick.ground is not Ground.MATCHED:
        return str(words[pick.ground])
    matched: str = _(
        "the story says %(words)s; score %(score)s",
        words=", ".join(f"“{word}”" for word in pick.words[:MOST_WORDS]),
        score=pick.score,
    )
    return matched


def quiet_of(choice: Choice) -> str:
    """Return why nothing is sold; empty where something is."""
    if choice.quiet is None:
        return ""
    words = {
        QuietGround.EDITOR: _("The tag says quiet, so the story carries the two lines alone."),
        QuietGround.SILENCED: _("Every widget is silenced: “store widget speak” ends it."),
        QuietGround.TOPIC: _(
            "Nothing is sold under this story, because of %(words)s. Name products in the tag if"
            " that is a mistake.",
            words=", ".join(f"“{word}”" for word in choice.quiet.words[:MOST_WORDS]),
        ),
    }
    return str(words[choice.quiet.ground])


def why_unread(error: unread.UnreadPageError) -> str:
    """Return what happened and what to do."""
    match error:
        case unread.LedAwayError():
            why = _(
                "The site leads on to %(where)s, and only pages of our news sites are read. Give"
                " the address where the story stands, or add that origin to STORE_NEWS_ORIGINS.",
                where=error.where,
            )
        case unread.LedInCirclesError():
            why = _(
                "The site leads from one address to the next and to no page. Give the address"
                " where the story stands."
            )
        case unread.PageSlowError():
            why = _("The page was not here within three seconds. Try again in a moment.")
        case unread.PageTooLargeError():
            why = _("The page is larger than 512 kB, and more than that is not read.")
        case unread.PageStatusError():
            why = _why_status(error.status)
        case unread.NotHTMLError():
            why = _("What stands there is no web page but %(kind)s.", kind=error.kind)
        case unread.NotOurPageError():
            why = _("Only pages of our news sites are read.")
        case unread.TooManyReadersError():
            why = _("Other pages are being read just now. Try again in a few seconds.")
        case _:
            why = _("The news site does not answer. See whether it is up, then try again.")
    return str(why)


def _why_status(status: int) -> str:
    if status in {404, 410}:
        return str(_("The news site knows no such page (%(status)s).", status=status))
    if status in {401, 402, 403}:
        return str(_("The news site does not show this page to us (%(status)s).", status=status))
    return str(_("The news site answers %(status)s instead of the page.", status=status))


def _row(word: Word, instead: str = "") -> Row:
    return Row(word.name, _shown(word), _where(word), instead)


def _shown(word: Word) -> str:
    value = " ".join(word.value.split())
    if word.name in {"tags", "products"}:
        value = ", ".join(filter(None, map(str.strip, value.split(","))))
    if word.name == "quiet":
        value = _("yes") if word.value and word.value != "0" else _("no")
    if word.source is Source.NOWHERE:
        value = OTHERWISE.get(word.name, value if word.name == "quiet" else "")
    return value if len(value) <= LONGEST_SHOWN else f"{value[:LONGEST_SHOWN]}…"


def _where(word: Word) -> str:
    words = {
        Source.FORM: _("your form"),
        Source.ATTRIBUTE: _("attribute of the tag"),
        Source.CANONICAL: _("canonical link"),
        Source.ADDRESS: _("the page’s own address"),
        Source.META: _("meta %(name)s", name=word.inside),
        Source.LINKED_DATA: _("JSON-LD %(name)s", name=word.inside),
        Source.TITLE: _("title of the page"),
        Source.LANGUAGE: _("lang of the page"),
        Source.NOWHERE: _("not on the page"),
    }
    if word.source is Source.NOWHERE and word.name in {"count", "quiet"}:
        return str(_("unless the tag says otherwise"))
    return str(words[word.source])

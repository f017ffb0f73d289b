"""Says what is wrong with the tag on a page and with what stands around it."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from flask_babel import gettext as _
from flask_babel import ngettext

from store.settings import Settings
from store.story_urls import normal_url, origin_of
from store.widget.asking import NOTHING
from store.widget.loader import FLOATING, loader
from store.widget.mending.faults import SHOWN, Fault
from store.widget.reading.pages import TAG, StoryPage, Tag
from store.widget.reading.words import ATTRIBUTES, LIMITS, OTHERWISE, has_sound, words_of

MOST_UNKNOWN = 6
QUOTES = ("“", "”", "‘", "’", "„", "«", "»")
# https://html.spec.whatwg.org/multipage/dom.html#global-attributes
GLOBAL = frozenset(
    "accesskey autocapitalize autofocus class contenteditable dir draggable enterkeyhint"
    " exportparts hidden id inert inputmode is itemid itemprop itemref itemscope itemtype lang"
    " nonce part popover role slot spellcheck style tabindex translate".split()
)


def faults_of_tag(page: StoryPage, settings: Settings) -> Iterator[Fault]:
    """Return what to mend, the whole before its parts; of several tags the first is looked at."""
    yield from _number(page)
    yield from _script(page, settings)
    for tag in page.tags[:1]:
        yield from _lines(tag, settings)
        yield from _store(tag.attributes.get("store", ""), settings)
        yield from _names(tag.attributes)
        yield from _values(tag.attributes)
        yield from _empty(page, tag)
    yield from _linked_data(page)


def _number(page: StoryPage) -> Iterator[Fault]:
    if not page.tags:
        words = _(
            "The page carries no <store-widget>: paste the tag below under the story. One that a"
            " script adds cannot be seen from here."
        )
        yield Fault(TAG, words)
    if len(page.tags) > 1:
        words = _(
            "It stands on the page %(number)s times and shows as many blocks: keep one. What is"
            " said here is about the first.",
            number=len(page.tags),
        )
        yield Fault(TAG, words)


def _script(page: StoryPage, settings: Settings) -> Iterator[Fault]:
    ours = [source for source in page.scripts if _leads_to(source, f"{settings.public_url}/widget")]
    served = {settings.public_url + path for path in (FLOATING, loader().pinned)}
    if any(source.partition("?")[0] in served for source in ours):
        return
    if ours:
        words = _("This store does not serve that version: take the address of the tag below.")
        yield Fault("script", words)
    elif page.tags:
        words = _(
            "The script of this store is not on the page, so readers see only the lines inside the"
            " tag. One that a tag manager adds cannot be seen from here."
        )
        yield Fault("script", words)


def _lines(tag: Tag, settings: Settings) -> Iterator[Fault]:
    if not tag.is_closed:
        words = _(
            "It is never closed: write </store-widget> after its lines, or what follows vanishes"
            " with them."
        )
        yield Fault(TAG, words)
    if not tag.links:
        words = _(
            "No lines with links stand inside it, so there is nothing for readers without scripts:"
            " paste them with the tag."
        )
        yield Fault(TAG, words)
    elif not any(_leads_to(link, settings.public_url) for link in tag.links):
        yield Fault(TAG, _("None of the lines inside it leads to this store."))


def _store(given: str, settings: Settings) -> Iterator[Fault]:
    known_as, ours = normal_url(given), settings.public_url
    if not given:
        yield Fault("store", _("It is missing, so the tag asks nobody: give it %(url)s.", url=ours))
    elif not known_as:
        words = _(
            "“%(value)s” is no web address, so the tag asks nobody: give it %(url)s.",
            value=given[:SHOWN],
            url=ours,
        )
        yield Fault("store", words)
    elif origin_of(known_as) != ours:
        words = _(
            "It leads to %(origin)s, and this store is %(url)s: what readers see comes from there.",
            origin=origin_of(known_as)[:SHOWN],
            url=ours,
        )
        yield Fault("store", words)


def _names(attributes: Mapping[str, str]) -> Iterator[Fault]:
    unknown = [name for name in attributes if not _is_known(name)]
    for name in unknown[:MOST_UNKNOWN]:
        close = get_close_matches(name[:SHOWN].replace("_", "-"), ATTRIBUTES, 1)
        words = _("The tag knows no such attribute and passes it over.")
        if close:
            words = _("The tag knows no such attribute: did you mean “%(name)s”?", name=close[0])
        yield Fault(name[: SHOWN // 2], words)


def _values(attributes: Mapping[str, str]) -> Iterator[Fault]:
    allowed = {
        "theme": _("auto, light or dark"),
        "count": _("0 to 4"),
        "newsletter": _("on or off"),
        "heading-level": _("2 to 6"),
    }
    for name in LIMITS:
        if name in attributes and not has_sound(name, attributes):
            words = _(
                "“%(value)s” is none of its values, which are %(allowed)s, so the tag takes"
                " %(otherwise)s.",
                value=attributes[name][:SHOWN],
                allowed=allowed[name],
                otherwise=OTHERWISE[name],
            )
            yield Fault(name, words)
    if attributes.get("quiet", "").strip().lower() in NOTHING - {""}:
        words = _(
            "It counts as soon as it is there, whatever its value: to sell here, take it out."
        )
        yield Fault("quiet", words)
    for name in ATTRIBUTES:
        if attributes.get(name, "").startswith(QUOTES):
            words = _(
                "The quotes around it are typographic and belong to the value: use straight ones."
            )
            yield Fault(name, words)


def _empty(page: StoryPage, tag: Tag) -> Iterator[Fault]:
    for hidden in words_of(page, Tag()):
        given = tag.attributes.get(hidden.name, hidden.value)
        if hidden.value and not given.strip():
            words = _(
                "It is there without a value, and hides what the page says: “%(value)s”. Fill it"
                " or take it out.",
                value=hidden.value[:SHOWN],
            )
            yield Fault(hidden.name, words)


def _linked_data(page: StoryPage) -> Iterator[Fault]:
    if page.broken_linked_data:
        words = ngettext(
            "A script of it cannot be read: a comma, a quote or a bracket is wrong.",
            "%(num)s scripts of it cannot be read: a comma, a quote or a bracket is wrong.",
            page.broken_linked_data,
        )
        yield Fault("JSON-LD", words)


def _is_known(name: str) -> bool:
    return name in ATTRIBUTES or name in GLOBAL or name.startswith(("data-", "aria-", "on"))


def _leads_to(address: str, place: str) -> bool:
    return f"{address.partition('?')[0]}/".startswith(f"{place}/")

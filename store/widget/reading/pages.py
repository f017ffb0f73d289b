"""Reads the page of a story as a browser would for the tag: what stands in it, and where."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from store.widget.reading.decoding import text_of
from store.widget.reading.fetching import FetchedPage
from store.widget.reading.linked_data import story_among

TAG = "store-widget"
COUNTED = frozenset({"template", "svg"})
TEXT_INSIDE = frozenset({"noscript", "textarea", "iframe", "noembed", "noframes", "xmp"})
"""What stands between their tags are no elements to a browser that runs scripts."""
UNSEEN = TEXT_INSIDE | {"template"}


@dataclass(frozen=True, slots=True)
class Tag:
    """One <store-widget> with the addresses of the links inside."""

    attributes: Mapping[str, str] = field(default_factory=dict)
    links: Sequence[str] = ()
    is_closed: bool = True


@dataclass(frozen=True, slots=True)
class StoryPage:
    """What the tag could read on a page; addresses are whole."""

    url: str
    language: str = ""
    title: str = ""
    canonical: str = ""
    properties: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The contents of <meta property>, by property, in the order of the page."""
    linked_data: Mapping[str, Any] = field(default_factory=dict)
    """The first story among the JSON-LD."""
    broken_linked_data: int = 0
    tags: Sequence[Tag] = ()
    scripts: Sequence[str] = ()


def story_page(fetched: FetchedPage) -> StoryPage:
    """Read a page; what is broken in it is passed over, as browsers do."""
    reader = _Reader(fetched.url)
    # Never closed: what is unfinished at the end is no element, and the parser takes minutes to
    # look for the ends of many.
    reader.feed(text_of(fetched))
    story, broken = story_among("".join(parts) for parts in reader.linked_data)
    return StoryPage(
        url=fetched.url,
        language=reader.language or "",
        title=" ".join("".join(reader.title or ()).split()),
        canonical=reader.absolute(reader.canonicals[0]) if any(reader.canonicals[:1]) else "",
        properties=reader.properties,
        linked_data=story,
        broken_linked_data=broken,
        tags=tuple(tag.read(reader) for tag in reader.tags),
        scripts=tuple(map(reader.absolute, reader.scripts)),
    )


@dataclass(slots=True)
class _Open:
    """A tag that is being read."""

    attributes: dict[str, str]
    links: list[str] = field(default_factory=list)
    is_closed: bool = False

    def read(self, reader: "_Reader") -> Tag:
        return Tag(self.attributes, tuple(map(reader.absolute, self.links)), self.is_closed)


class _Reader(HTMLParser):
    """Gathers what the tag's script asks a document for, from the first element that fits."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.language: str | None = None
        self.title: list[str] | None = None
        self.canonicals: list[str] = []
        self.properties: dict[str, list[str]] = {}
        self.linked_data: list[list[str]] = []
        self.tags: list[_Open] = []
        self.scripts: list[str] = []
        self._url, self._base = url, ""
        self._inside = Counter[str]()
        self._text: list[str] | None = None

    def absolute(self, address: str) -> str:
        try:
            return urljoin(urljoin(self._url, self._base), address.strip())
        except ValueError:
            return address

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._text is not None:
            # Inside <title> everything is text.
            self._text.append(self.get_starttag_text() or "")
            return
        if tag in COUNTED:
            self._inside[tag] += 1
        elif tag in TEXT_INSIDE:
            self._inside[tag] = 1
        if any(self._inside[name] for name in UNSEEN):
            return
        # Of an attribute that is there twice the first counts.
        self._read(tag, {name: value or "" for name, value in reversed(attrs)})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The slash means nothing in HTML: what looks closed is open.
        if tag != "svg":
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None and tag not in {"title", "script"}:
            self._text.append(f"</{tag}>")
            return
        self._text = None
        if tag == TAG:
            self._close_tag()
        elif self._inside[tag]:
            self._inside[tag] -= 1

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Take `<![…` for a comment up to the next sign, as browsers do; the parser raises."""
        return self.parse_bogus_comment(i, report=False)

    def _read(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == TAG:
            self.tags.append(_Open(attributes))
        elif tag == "html" and self.language is None:
            self.language = attributes.get("lang", "")
        elif tag == "base":
            self._base = self._base or attributes.get("href", "")
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical":
            self.canonicals.append(attributes.get("href", ""))
        elif tag == "meta" and "property" in attributes:
            contents = self.properties.setdefault(attributes["property"], [])
            contents.append(attributes.get("content", ""))
        elif tag == "title" and self.title is None and not self._inside["svg"]:
            self.title = self._text = []
        elif tag == "script":
            self._read_script(attributes)
        elif tag == "a" and "href" in attributes:
            self._read_link(attributes["href"])

    def _read_script(self, attributes: dict[str, str]) -> None:
        if attributes.get("type", "").lower() == "application/ld+json":
            self._text = []
            self.linked_data.append(self._text)
        elif attributes.get("src"):
            self.scripts.append(attributes["src"])

    def _read_link(self, address: str) -> None:
        still_open = [tag for tag in self.tags if not tag.is_closed]
        if still_open:
            still_open[-1].links.append(address)

    def _close_tag(self) -> None:
        for tag in reversed(self.tags):
            if not tag.is_closed:
                tag.is_closed = True
                return

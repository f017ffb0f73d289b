"""Turns the HTML of a product's description into the Markdown that the store keeps."""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote

import nh3

from store.catalog.importing.notes import RowRefusedError

LONGEST_BODY = 100_000
"""Characters; the longest real description that we have seen has a tenth of it."""
MOST_ELEMENTS = 5_000
"""Cleaning takes the square of the depth to which elements are nested."""

_ASTERISKS = {"b": "**", "strong": "**", "em": "*", "i": "*"}
_INLINE = {"a", "br", *_ASTERISKS}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _HEADINGS | set(
    "address article aside blockquote center dd details div dl dt fieldset figcaption figure footer"
    " header hr legend li main nav ol p pre section summary ul".split()
)
_TABLE = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
_FOREIGN = re.compile(
    r"<(applet|audio|button|canvas|embed|form|frame|iframe|img|input|math|object|script|select"
    r"|style|svg|textarea|video)\b",
    re.ASCII | re.IGNORECASE,
)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))")
_LINE_START = re.compile(r"^([-+=#])|^(\d+)(?=[.)])", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n\s*\n")
_DEEPEST = 8
_MOST_DIGITS = 8
"""Of a list's first number: an item whose number has ten is none to CommonMark."""


def markdown_from_html(*bodies: str, lines_count: bool = False) -> str:
    """Return the texts with paragraphs, headings, lists, links and tables; nothing executable.

    Where lines count, as in texts that WordPress keeps, a blank line begins a paragraph and any
    other is broken where it ends.
    """
    if sum(map(len, bodies)) > LONGEST_BODY or sum(b.count("<") for b in bodies) > MOST_ELEMENTS:
        raise RowRefusedError("the description is longer than any page could show")
    writer = _MarkdownWriter(lines_count=lines_count)
    for body in bodies:
        # One after the other: a list right behind another's has to be told from it.
        writer.feed(f"<div>{_cleaned(body)}</div>")
    writer.close()
    return writer.text()


def _cleaned(body: str) -> str:
    if not _MARKUP.search(body):
        return "".join(f"<p>{html.escape(part)}</p>" for part in _BLANK_LINE.split(body))
    return nh3.clean(
        body,
        tags=_INLINE | _BLOCKS | _TABLE,
        clean_content_tags={"script", "style", "title"},
        attributes={
            "a": {"href"},
            "ol": {"start"},
            "td": {"colspan", "rowspan"},
            "th": {"colspan", "rowspan"},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )


def foreign_elements(body: str) -> list[str]:
    """Return the names of elements that a description loses, such as img and script."""
    return sorted({name.lower() for name in _FOREIGN.findall(body)})


@dataclass(slots=True)
class _Container:
    """A list item or a quotation: what stands before its first line, and before the others."""

    first: str
    rest: str
    is_fresh: bool = True

    @property
    def is_fresh_item(self) -> bool:
        return self.is_fresh and self.first != self.rest


@dataclass(slots=True)
class _List:
    is_ordered: bool
    depth: int
    """How many items and quotations are around it."""
    number: int = 0
    """Of its last item."""
    items: int = 0
    is_astray: bool = False
    """Its items stand in no list: the cleaner leaves them as they are."""
    is_other: bool = False
    """It stands right behind one of its kind: with the same marks both would be one list."""

    def next_mark(self) -> str:
        self.number += 1
        self.items += 1
        if self.is_ordered:
            return f"{self.number}{')' if self.is_other else '.'} "
        return "* " if self.is_other else "- "


@dataclass(slots=True)
class _Span:
    """An inline element that is open: its text so far, and where it leads when it is a link."""

    tag: str
    href: str = ""
    parts: list[str] = field(default_factory=list)
    asterisks: tuple[int, str] = (0, "")
    """How many parts there were when one that ends with these asterisks was added."""

    def add(self, inner: "_Span") -> None:
        """Add one that was closed; asterisks between two of a kind would stay on the page."""
        text = _written_span(inner)
        marks = _ASTERISKS.get(inner.tag, "") if text.endswith("*") else ""
        if marks and self.asterisks == (len(self.parts), marks) and text.startswith(marks):
            self.parts[-1] = self.parts[-1].removesuffix(marks)
            text = text.removeprefix(marks)
        self.parts.append(text)
        self.asterisks = (len(self.parts), marks)


class _MarkdownWriter(HTMLParser):
    """Reads what nh3 made well-formed; writes block after block."""

    def __init__(self, *, lines_count: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._lines_count = lines_count
        self._written: list[str] = []
        self._containers: list[_Container] = []
        self._lists: list[_List] = []
        self._ended: _List | None = None
        """The list that was closed right before."""
        self._verbatim = 0
        self._spans = [_Span("")]
        self._heading = 0
        self._table: list[str] | None = None
        self._is_caption = False

    def text(self) -> str:
        self._flush()
        return "".join(self._written).strip("\n")

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "table" and self._table is None:
            self._flush()
            self._table = []
        if tag == "caption":
            # Said before its table, which is written at its end.
            self._is_caption = True
        elif self._table is not None and not self._is_caption:
            self._table.append(f"<{tag}{''.join(_attributes(attrs))}>")
        elif tag == "br":
            self._spans[-1].parts.append("\n")
        elif tag in _INLINE:
            self._spans.append(_Span(tag, dict(attrs).get("href") or ""))
        else:
            self._open_block(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "caption":
            self._flush()
            self._is_caption = False
        elif self._table is not None and not self._is_caption:
            self._table.append(f"</{tag}>")
            if tag == "table":
                # Once it is whole: a caption that went leaves space before and behind it.
                self._write(re.sub(r"\s+", " ", "".join(self._table)))
                self._table = None
        elif tag in _INLINE:
            self._close_span(tag)
        else:
            self._close_block(tag)

    def handle_data(self, data: str) -> None:
        if self._table is not None and not self._is_caption:
            self._table.append(html.escape(data, quote=False))
            return
        # A span that a paragraph ended would lose its marks: there a blank line is a break.
        for place, part in enumerate(_BLANK_LINE.split(data) if self._lines_count else [data]):
            if place and len(self._spans) == 1:
                self._flush()
            elif place:
                self._spans[-1].parts.append("\n")
            kept = r"[^\S\n]+" if self._lines_count or self._verbatim else r"\s+"
            self._spans[-1].parts.append(_escaped(re.sub(kept, " ", part)))

    def _open_block(self, tag: str, attrs: Mapping[str, str | None]) -> None:
        self._flush()
        if tag in {"ul", "ol"}:
            self._lists.append(self._list(attrs, is_ordered=tag == "ol"))
        elif tag == "li":
            self._containers.append(self._list_item())
        elif tag == "blockquote":
            self._containers.append(_Container("> ", "> "))
            self._ended = None
        elif tag == "hr":
            # Of the marks of lists it would make a longer line.
            self._write("___")
        elif tag == "pre":
            self._verbatim += 1
        elif tag in _HEADINGS:
            self._heading = int(tag[1])

    def _close_block(self, tag: str) -> None:
        self._flush()
        if tag in {"ul", "ol"} and self._lists:
            self._leave_stray_lists(0)
            self._ended = self._lists.pop() if self._lists else None
        elif tag in {"li", "blockquote"} and self._containers:
            self._leave_stray_lists(len(self._containers))
            self._containers.pop()
        elif tag == "pre":
            self._verbatim -= 1
        self._heading = 0

    def _list(self, attrs: Mapping[str, str | None], *, is_ordered: bool) -> _List:
        before, start = self._ended, attrs.get("start") or ""
        is_other = before is not None and before.is_ordered == is_ordered and not before.is_other
        number = int(start) if start.isdecimal() and len(start) <= _MOST_DIGITS else 1
        return _List(is_ordered, len(self._containers), number - 1, is_other=is_other)

    def _list_item(self) -> _Container:
        depth = len(self._containers)
        if not self._lists or self._lists[-1].depth != depth:
            self._lists.append(_List(is_ordered=False, depth=depth, is_astray=True))
        self._ended = None
        mark = self._lists[-1].next_mark()
        return _Container(mark, " " * len(mark))

    def _leave_stray_lists(self, depth: int) -> None:
        while self._lists and self._lists[-1].is_astray and self._lists[-1].depth >= depth:
            self._lists.pop()

    def _close_span(self, tag: str) -> None:
        if len(self._spans) > 1 and self._spans[-1].tag == tag:
            span = self._spans.pop()
            self._spans[-1].add(span)

    def _flush(self) -> None:
        # A block ends what is open inside it; the cleaner closes everything in the right order.
        while len(self._spans) > 1:
            self._close_span(self._spans[-1].tag)
        lines = "".join(self._spans[0].parts).split("\n")
        text = "\\\n".join(line for part in lines if (line := " ".join(part.split())))
        self._spans[0] = _Span("")
        if text and self._heading:
            text = "#" * self._heading + " " + text.replace("\\\n", " ")
        elif text:
            text = _line_start_escaped(text)
        if text:
            self._write(text)

    def _write(self, block: str) -> None:
        containers = self._containers[-_DEEPEST:]
        self._ended = None
        self._leave_stray_lists(len(self._containers))
        if self._written:
            quoted = "".join(c.rest for c in containers if not c.is_fresh).rstrip()
            self._written.append("\n" if self._follows_item(containers) else f"\n{quoted}\n")
        first = "".join(c.first if c.is_fresh else c.rest for c in containers)
        rest = "".join(c.rest for c in containers)
        for container in containers:
            container.is_fresh = False
        self._written.append(first + block.replace("\n", f"\n{rest}"))

    def _follows_item(self, containers: Sequence[_Container]) -> bool:
        """Tell whether this begins an item right under another one, without a blank line."""
        if not (containers and self._lists and containers[-1].is_fresh_item):
            return False
        return self._lists[-1].items > 1 or len(self._lists) > 1


def _written_span(span: _Span) -> str:
    text = "".join(span.parts)
    inner = text.strip()
    if not inner:
        return text
    before = text[: len(text) - len(text.lstrip())]
    after = text[len(text.rstrip()) :]
    return before + _marked(span, inner) + after


def _marked(span: _Span, inner: str) -> str:
    if span.tag == "a":
        target = quote(span.href, safe="/:?#[]@!$&'()*+,;=%~-._")
        return f"[{inner}](<{target}>)" if target else inner
    marks = _ASTERISKS[span.tag]
    # Next to punctuation or a break, asterisks would stay asterisks.
    if inner[0].isalnum() and inner[-1].isalnum() and "\n" not in inner:
        return f"{marks}{inner}{marks}"
    name = "strong" if len(marks) > 1 else "em"
    return f"<{name}>{inner}</{name}>"


def _attributes(attrs: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    return (f' {name}="{html.escape(value or "")}"' for name, value in attrs)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line_start_escaped(text: str) -> str:
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\", text)

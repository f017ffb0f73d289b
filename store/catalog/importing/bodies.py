"""Turns the HTML of a product's description into the Markdown that the store keeps."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote

import nh3

from store.catalog.importing.notes import RowRefusedError

LONGEST_BODY = 100_000
"""Characters; the longest real description that we have seen has a tenth of it."""
MOST_ELEMENTS = 5_000
"""Cleaning takes the square of the depth to which elements are nested."""

_INLINE = {"a", "b", "br", "em", "i", "strong"}
_BLOCKS = {"blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "ul"}
_TABLE = {"table", "tbody", "td", "th", "thead", "tr"}
_FOREIGN = re.compile(
    r"<(applet|audio|button|canvas|embed|form|frame|iframe|img|input|math|object|script|select"
    r"|style|svg|textarea|video)\b",
    re.ASCII | re.IGNORECASE,
)
_MARKUP = re.compile(r"<[a-zA-Z/!]|&#?\w+;")
_SPECIAL = re.compile(r"([\\`*_\[\]<>~|]|&(?=#?\w+;))")
_LINE_START = re.compile(r"^([-+=#])|^(\d+)(?=[.)])", re.MULTILINE)
_DEEPEST = 8


def markdown_from_html(body: str) -> str:
    """Return the text with paragraphs, headings, lists, links and tables; nothing executable."""
    if len(body) > LONGEST_BODY or body.count("<") > MOST_ELEMENTS:
        raise RowRefusedError("the description is longer than any page could show")
    if not _MARKUP.search(body):
        paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", body))
        return "\n\n".join(_line_start_escaped(_escaped(text)) for text in paragraphs if text)
    cleaned = nh3.clean(
        body,
        tags=_INLINE | _BLOCKS | _TABLE,
        clean_content_tags={"script", "style", "title"},
        attributes={"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    writer = _MarkdownWriter()
    writer.feed(cleaned)
    writer.close()
    return writer.text()


def foreign_elements(body: str) -> list[str]:
    """Return the names of elements that a description loses, such as img and script."""
    return sorted({name.lower() for name in _FOREIGN.findall(body)})


@dataclass(slots=True)
class _Container:
    """A list item or a quotation: what stands before its first line, and before the others."""

    first: str
    rest: str
    is_fresh: bool = True


@dataclass(slots=True)
class _List:
    is_ordered: bool
    items: int = 0


@dataclass(slots=True)
class _Span:
    """An inline element that is open: its text so far, and where it leads when it is a link."""

    tag: str
    href: str = ""
    parts: list[str] = field(default_factory=list)


class _MarkdownWriter(HTMLParser):
    """Reads what nh3 made well-formed; writes block after block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._written: list[str] = []
        self._containers: list[_Container] = []
        self._lists: list[_List] = []
        self._spans = [_Span("")]
        self._heading = 0
        self._table: list[str] | None = None

    def text(self) -> str:
        self._flush()
        return "".join(self._written).strip("\n")

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag == "table" and self._table is None:
            self._flush()
            self._table = []
        if self._table is not None:
            self._table.append(f"<{tag}{''.join(_attributes(attrs))}>")
        elif tag == "br":
            self._spans[-1].parts.append("\n")
        elif tag in _INLINE:
            self._spans.append(_Span(tag, dict(attrs).get("href") or ""))
        else:
            self._open_block(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._table is not None:
            self._table.append(f"</{tag}>")
            if tag == "table":
                self._write("".join(self._table))
                self._table = None
        elif tag in _INLINE:
            self._close_span(tag)
        else:
            self._close_block(tag)

    def handle_data(self, data: str) -> None:
        if self._table is not None:
            self._table.append(html.escape(re.sub(r"\s+", " ", data), quote=False))
        else:
            self._spans[-1].parts.append(_escaped(re.sub(r"\s+", " ", data)))

    def _open_block(self, tag: str) -> None:
        self._flush()
        if tag in {"ul", "ol"}:
            self._lists.append(_List(tag == "ol"))
        elif tag == "li":
            self._containers.append(self._list_item())
        elif tag == "blockquote":
            self._containers.append(_Container("> ", "> "))
        elif tag == "hr":
            self._write("***")
        elif tag.startswith("h"):
            self._heading = int(tag[1])

    def _close_block(self, tag: str) -> None:
        self._flush()
        if tag in {"ul", "ol"} and self._lists:
            self._lists.pop()
        elif tag in {"li", "blockquote"} and self._containers:
            self._containers.pop()
        self._heading = 0

    def _list_item(self) -> _Container:
        # The cleaner leaves an item without a list as it is.
        around = self._lists[-1] if self._lists else _List(is_ordered=False)
        around.items += 1
        marker = f"{around.items}. " if around.is_ordered else "- "
        return _Container(marker, " " * len(marker))

    def _close_span(self, tag: str) -> None:
        if len(self._spans) > 1 and self._spans[-1].tag == tag:
            span = self._spans.pop()
            self._spans[-1].parts.append(_written_span(span))

    def _flush(self) -> None:
        # A block ends what is open inside it; the cleaner closes everything in the right order.
        while len(self._spans) > 1:
            self._close_span(self._spans[-1].tag)
        lines = [" ".join(line.split()) for line in "".join(self._spans[0].parts).split("\n")]
        self._spans[0].parts.clear()
        text = "\\\n".join(line for line in lines if line)
        if text and self._heading:
            text = "#" * self._heading + " " + text.replace("\\\n", " ")
        elif text:
            text = _line_start_escaped(text)
        if text:
            self._write(text)

    def _write(self, block: str) -> None:
        containers = self._containers[-_DEEPEST:]
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
        if not (containers and self._lists and containers[-1].is_fresh):
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
    is_strong = span.tag in {"b", "strong"}
    # Next to punctuation or a break, asterisks would stay asterisks.
    if inner[0].isalnum() and inner[-1].isalnum() and "\n" not in inner:
        return f"**{inner}**" if is_strong else f"*{inner}*"
    name = "strong" if is_strong else "em"
    return f"<{name}>{inner}</{name}>"


def _attributes(attrs: Sequence[tuple[str, str | None]]) -> Iterator[str]:
    return (f' {name}="{html.escape(value or "")}"' for name, value in attrs)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _line_start_escaped(text: str) -> str:
    return _LINE_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\", text)

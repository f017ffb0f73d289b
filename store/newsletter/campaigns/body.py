"""Reads what a campaign says: Markdown for both parts of a mail, and the lines that are cards.

What a mail cannot carry (markup, pictures, tables) is shown as it was typed and named by
`checking`, so that nobody sends it unawares.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from markdown_it.utils import EnvType
from markupsafe import Markup

from store.mail.prose import Said

TAGS = set("a blockquote br code em h1 h2 h3 hr li ol p pre s strong ul".split())
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"https", "http", "mailto"}
LOWEST_HEADING = 3
_CARD = re.compile(r"^ {0,3}\[\[product:([^\[\]\s]+)\]\][ \t]*$", re.MULTILINE)

_parser = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["strikethrough", "replacements", "smartquotes"]
)


def any_link(url: str) -> bool:  # noqa: ARG001 - the parser's own signature
    """Take every address for a link: whoever typed a bad one is told, the cleaner takes it out."""
    return True


# markdown-it is told by an attribute of the parser.
_parser.validateLink = any_link  # type: ignore[method-assign]
Lead = Callable[[str], str]
"""Given where a link leads as it was typed, where it leads from a mailbox."""


@dataclass(frozen=True, slots=True)
class Prose:
    """Some Markdown between two cards."""

    source: str


@dataclass(frozen=True, slots=True)
class CardLine:
    """A line that stands for the card of the product with this handle."""

    handle: str


def pieces(body: str) -> list[Prose | CardLine]:
    """Return a body from top to bottom; empty stretches are left out."""
    found: list[Prose | CardLine] = []
    for number, piece in enumerate(_CARD.split(_with_lines(body))):
        if number % 2:
            found.append(CardLine(piece))
        elif piece.strip():
            found.append(Prose(piece))
    return found


def handles(body: str) -> list[str]:
    """Return the products that a body shows, each once, in the order in which they stand."""
    named = [piece.handle for piece in pieces(body) if isinstance(piece, CardLine)]
    return list(dict.fromkeys(named))


def references(body: str) -> EnvType:
    """Return where the links of the whole body lead that are given apart from their words."""
    known: EnvType = {}
    _parser.parse(_with_lines(body), known)
    return known


def said(prose: Prose, lead: Lead, known: EnvType) -> Said:
    """Return a stretch of prose for both parts of a mail."""
    tokens = _parser.parse(prose.source, {**known})
    for token in tokens:
        _mend(token, lead)
    markup = _parser.renderer.render(tokens, _parser.options, known)
    cleaned = nh3.clean(
        markup, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None
    )
    text = "\n".join(_lines(SyntaxTreeNode(tokens).children))
    return Said(Markup(cleaned), text.strip("\n"))  # nosec B704 # noqa: S704 - nh3 has just made it safe


def _with_lines(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n")


def _mend(token: Token, lead: Lead) -> None:
    """Give headings a level that mails know, links an address, and pictures their words."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(int(token.tag[1:]), LOWEST_HEADING)}"
    for inner in token.children or ():
        if inner.type == "link_open":
            inner.attrSet("href", lead(str(inner.attrGet("href"))))
        elif inner.type == "image":
            inner.type, inner.tag, inner.children = "text", "", []


def _lines(nodes: Sequence[SyntaxTreeNode]) -> Iterator[str]:
    """Return blocks as lines of plain text, an empty one after each."""
    for node in nodes:
        yield from _BLOCKS.get(node.type, _inner)(node)
        yield ""


def _inner(node: SyntaxTreeNode) -> Iterator[str]:
    yield from _plain(node).split("\n")


def _heading(node: SyntaxTreeNode) -> Iterator[str]:
    words = _plain(node)
    yield words
    yield ("=" if node.tag == "h1" else "-") * min(len(words), 72)


def _quoted(node: SyntaxTreeNode) -> Iterator[str]:
    for line in _without_last(_lines(node.children)):
        yield f"> {line}".rstrip()


def _listed(node: SyntaxTreeNode) -> Iterator[str]:
    first = int(node.attrs.get("start", 1))
    for number, entry in enumerate(node.children, start=first):
        mark = f"{number}. " if node.type == "ordered_list" else "- "
        for position, line in enumerate(_entry(entry)):
            yield (mark if position == 0 else " " * len(mark)) + line


def _entry(node: SyntaxTreeNode) -> list[str]:
    lines = _without_last(_lines(node.children))
    is_tight = all(child.hidden for child in node.children if child.type == "paragraph")
    return [line for line in lines if line or not is_tight] or [""]


def _code(node: SyntaxTreeNode) -> Iterator[str]:
    for line in node.content.rstrip("\n").split("\n"):
        yield f"    {line}"


def _rule(_node: SyntaxTreeNode) -> Iterator[str]:
    yield "* * *"


def _without_last(lines: Iterator[str]) -> list[str]:
    kept = list(lines)
    return kept[:-1] if kept and not kept[-1] else kept


def _plain(node: SyntaxTreeNode) -> str:
    """Return what stands in a line, each link followed by where it leads."""
    match node.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            words, href = _joined(node), str(node.attrs.get("href", ""))
            return words if words == href.removeprefix("mailto:") else f"{words} ({href})"
        case _:
            return _joined(node) if node.children else node.content


def _joined(node: SyntaxTreeNode) -> str:
    return "".join(_plain(child) for child in node.children)


_BLOCKS: dict[str, Callable[[SyntaxTreeNode], Iterator[str]]] = {
    "heading": _heading,
    "blockquote": _quoted,
    "bullet_list": _listed,
    "ordered_list": _listed,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
}

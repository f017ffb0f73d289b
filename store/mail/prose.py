"""Turns the little Markdown that mails know into their two parts: HTML, and plain text.

Paragraphs, emphasis, links and lists; markup of any other kind stays as it was typed. Names in
double braces are filled in after the Markdown was read, so that no value can be taken for any.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

Names = Mapping[str, str]
"""What stands for {{ number }} and the like."""
LINKS = ("https://", "http://", "mailto:", "/")
_NAME = re.compile(r"\{\{\s*([a-z]+)\s*\}\}")
_BRACES = re.compile(r"\{+[^{}]*\}*|\}+")

_parser = MarkdownIt("zero").enable(
    ["emphasis", "link", "autolink", "list", "newline", "escape", "entity"]
)


@dataclass(frozen=True, slots=True)
class Said:
    """The same words for both parts of a mail."""

    html: Markup
    text: str


def said(source: str, names: Names, origin: str) -> Said:
    """Return a text with its names filled in; links that begin with / lead to this origin."""
    tokens = _parser.parse(source)
    for token in _inline(tokens):
        if token.type == "text":
            token.content = filled(token.content, names)
        elif token.type == "link_open":
            href = str(token.attrGet("href"))
            token.attrSet("href", origin + href if href.startswith("/") else href)
    markup = _parser.renderer.render(tokens, _parser.options, {})
    return Said(Markup(markup), "\n".join(_lines(tokens)).strip())  # nosec B704 # noqa: S704 - all of it escaped


def filled(text: str, names: Names) -> str:
    """Replace the names that are known; all others stay as they were typed."""
    return _NAME.sub(lambda found: names.get(found[1], found[0]), text)


def unknown_names(text: str, known: Sequence[str]) -> list[str]:
    """Return whatever stands in braces and is no known name in two of them, as it was typed."""
    found = (match[0] for match in _BRACES.finditer(text))
    return list(dict.fromkeys(one for one in found if not _is_known(one, known)))


def bad_links(text: str) -> list[str]:
    """Return the addresses of links that lead nowhere from a mailbox."""
    addresses = [
        str(token.attrGet("href"))
        for token in _inline(_parser.parse(text))
        if token.type == "link_open"
    ]
    return [one for one in addresses if not one.startswith(LINKS) or one.startswith("//")]


def _is_known(typed: str, known: Sequence[str]) -> bool:
    name = _NAME.fullmatch(typed)
    return name is not None and name[1] in known


def _inline(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def _lines(tokens: Sequence[Token]) -> Iterator[str]:
    depth, marker = 0, ""
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                depth += 1
            case "bullet_list_close" | "ordered_list_close":
                depth -= 1
                yield ""
            case "list_item_open":
                marker = f"{token.info}{token.markup} " if token.info else "- "
            case "inline":
                indent = "  " * (depth - 1) if marker else "  " * depth
                yield indent + marker + _plain(token.children or ())
                marker = ""
            case "paragraph_close" if not token.hidden:
                yield ""


def _plain(tokens: Sequence[Token]) -> str:
    written: list[str] = []
    href, began = "", 0
    for token in tokens:
        if token.type == "link_open":
            href, began = str(token.attrGet("href")), len(written)
        elif token.type == "link_close":
            words = "".join(written[began:])
            written.append("" if words == href.removeprefix("mailto:") else f" ({href})")
        else:
            written.append(_SIGNS.get(token.type, _content)(token))
    return "".join(written)


def _content(token: Token) -> str:
    return token.content


_SIGNS: Mapping[str, Callable[[Token], str]] = {
    "softbreak": lambda _: " ",
    "hardbreak": lambda _: "\n",
}

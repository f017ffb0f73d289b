"""Turns Markdown that staff or an import wrote into markup that a page can carry safely."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = set(
    "a abbr b blockquote br code dd del dl dt em h2 h3 h4 hr i li ol p pre s small strong sub sup"
    " table tbody td th thead tr u ul".split()
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
}
SCHEMES = {"https", "http", "mailto", "tel"}
# The page has its one h1 already, and imported texts start with their own or below the fourth.
_TOP_HEADING = re.compile(r"<(/?)h1\b", re.IGNORECASE)
_LOW_HEADING = re.compile(r"<(/?)h[56]\b", re.IGNORECASE)

_parser = MarkdownIt("commonmark", {"html": True, "typographer": True}).enable(
    ["table", "strikethrough", "replacements", "smartquotes"]
)


@lru_cache(maxsize=512)
def rendered_markdown(text: str) -> Markup:
    """Return safe markup: known elements only, no script, no style, no picture from elsewhere."""
    tokens = _parser.parse(text)
    _name_headings(tokens)
    markup = _parser.renderer.render(tokens, _parser.options, {})
    markup = _LOW_HEADING.sub(r"<\1h4", _TOP_HEADING.sub(r"<\1h2", markup))
    cleaned = nh3.clean(
        markup,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener",
    )
    return Markup(cleaned)  # nosec B704 # noqa: S704 - nh3 has just made it safe


@lru_cache(maxsize=512)
def plain_text(text: str, length: int = 155) -> str:
    """Return the first words of a Markdown text without markup, cut between words."""
    spaced = str(rendered_markdown(text)).replace("<", " <")
    words = " ".join(Markup(spaced).striptags().split())  # nosec B704 # noqa: S704 - its tags go at once
    words = re.sub(r" ([.,;:!?])", r"\1", words)
    if len(words) <= length:
        return words
    return words[: length - 1].rsplit(" ", 1)[0].rstrip(",;:–-") + "…"


def _name_headings(tokens: list[Token]) -> None:
    taken: set[str] = set()
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        name = _anchor(inline.content)
        while name in taken:
            name += "-2"
        taken.add(name)
        opening.attrSet("id", name)


def _anchor(words: str) -> str:
    # The prefix keeps a heading from taking an id that the page's own elements have. Apostrophes
    # go whatever their shape: what was typed straight is read back curled.
    told = unicodedata.normalize("NFKD", words.replace("'", ""))
    plain = told.encode("ascii", "ignore").decode().lower()
    return "at-" + (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "heading")

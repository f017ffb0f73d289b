"""Turns the bytes of a page into text as browsers do, whatever it says of its charset."""

import codecs
import re

from store.widget.reading.fetching import FetchedPage

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
PRESCANNED_BYTES = 1024
DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
CHARSETS = re.compile(
    r"utf-8|cp\d+|iso8859-\d+|koi8-[ru]|big5|gb\w+|shift_jis|euc_\w+|mac-\w+", re.IGNORECASE
)
"""Those that pages are written in; Python knows codecs that make no text, too."""
TAKEN_FOR = {"ascii": "cp1252", "iso8859-1": "cp1252"}


def text_of(page: FetchedPage) -> str:
    """Decode by the mark at its start, by its head, by its own word, else by trying."""
    for mark, charset in MARKS:
        if page.body.startswith(mark):
            return page.body[len(mark) :].decode(charset, "replace")
    for name in (page.charset, _declared(page.body)):
        charset = _charset(name)
        if charset:
            return page.body.decode(charset, "replace")
    try:
        return page.body.decode()
    except UnicodeDecodeError:
        return page.body.decode("cp1252", "replace")


def _declared(body: bytes) -> str:
    found = DECLARED.search(body, 0, PRESCANNED_BYTES)
    return found[1].decode("ascii", "replace") if found else ""


def _charset(name: str) -> str:
    """Return the codec of a charset; empty for what pages are not written in."""
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    codec = TAKEN_FOR.get(codec, codec)
    return codec if CHARSETS.fullmatch(codec) else ""

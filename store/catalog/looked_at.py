"""Reads which products a reader's own device asks the cards of: few handles, in one known form."""

import re
from urllib.parse import parse_qsl, urlencode

PARAMETER = "handles"
MOST = 8
LONGEST_HANDLE = 255
LONGEST_QUERY = 8_000
_HANDLE = re.compile(r"[^\s/?#&,]+")


def handles_of(raw: str) -> tuple[str, ...]:
    """Return the handles that a query asks for: each once, sorted, as many as are ever shown.

    Sorted, because two readers who saw the same products in another order share one answer; the
    device knows its own order. The query is as it stands in a WSGI environ.
    """
    text = raw[:LONGEST_QUERY].encode("latin-1", "replace").decode(errors="replace")
    given = next((value for name, value in _pairs(text) if name == PARAMETER), "")
    named = dict.fromkeys(filter(_is_handle, given.split(",")))
    return tuple(sorted(list(named)[:MOST]))


def canonical_handles(raw: str) -> str:
    """Return the form under which all queries that ask for the same products share one answer."""
    handles = handles_of(raw)
    return urlencode({PARAMETER: ",".join(handles)}, safe=",") if handles else ""


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, max_num_fields=20)
    except ValueError:
        return []


def _is_handle(text: str) -> bool:
    return len(text) <= LONGEST_HANDLE and _HANDLE.fullmatch(text) is not None

"""Makes requests as no browser would, byte by byte, and gives them to the shop."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.hostile import FILES, HEADERS, NAMES, words
from tests.fuzz.routes import TOKEN, Form, Route

FORM, PARTS, JSON = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "application/json",
)
ANY_QUERY = (
    "q", "page", "sort", "size", "colour", "price", "variant", "key", "url", "story", "to", "at",
    "after", "before", "view", "state", "status", "days", "from", "next", "topic", "products",
    "session_id", "handles", "title", "section", "tags", "quiet", "cursor", "limit", "since",
    "updated_since", "format", "maxwidth", "number", "ids", "order", "id",
)  # fmt: skip
ANY_FIELD = (
    "email", "quantity", "variant_id", "code", "country", "region", "postcode", "note", "message",
    "name", "title", "text", "id", "password", "amount", "state", "act", "version", "file",
)  # fmt: skip
Pair = tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it comes out of a server's hands."""

    who: str
    method: str
    path: bytes
    query: bytes = b""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def environ(self, cookies: str, key: str) -> dict[str, Any]:
        made: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"),
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_SEC_FETCH_SITE": "same-origin",
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.body),
            "wsgi.errors": None,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        if cookies:
            made["HTTP_COOKIE"] = cookies
        if key:
            made["HTTP_AUTHORIZATION"] = f"Bearer {key}"
        return made | dict(self.headers)


@st.composite
def requests(draw: DrawFn, route: Route, method: str, who: str) -> Asked:
    """Draw a request for a route: some of it true, some of it wrong in every way."""
    if draw(st.integers(0, 19)) == 19:
        method = draw(st.sampled_from(["HEAD", "OPTIONS", "PUT", "POST", "GET", "DELETE"]))
    path = draw(_paths(route))
    query = draw(_queries(route))
    headers = dict(draw(_headers))
    body = b""
    if method in {"POST", "PUT"}:
        body, kind = draw(_bodies(route))
        # A script of ours says it so; a form has it in a field.
        token = {"HTTP_X_CSRFTOKEN": route.token} if route.token else {}
        headers = {"CONTENT_TYPE": kind} | token | headers
        headers.setdefault("HTTP_IDEMPOTENCY_KEY", "a key")
    return Asked(who, method, path, query, body, headers)


@st.composite
def _paths(draw: DrawFn, route: Route) -> bytes:
    known = draw(st.sampled_from(route.values)) if route.values else {}
    is_true = bool(known) and draw(st.integers(0, 3)) < 3

    parts = re.split(r"(<[^>]+>)", route.rule.rule)
    made = b""
    for part in parts:
        if not part.startswith("<"):
            made += part.encode()
            continue
        name = part.strip("<>").rpartition(":")[2]
        if is_true or (name in known and draw(st.booleans())):
            made += known[name].encode()
        else:
            made += draw(st.one_of(st.sampled_from([b"1", b"2", b"999999"]), words))
    return made


@st.composite
def _queries(draw: DrawFn, route: Route) -> bytes:
    given: list[Pair] = []
    if route.queries and draw(st.integers(0, 4)) < 4:
        given = _as_bytes(draw(st.sampled_from(route.queries)))
    names = st.sampled_from([name.encode() for name in ANY_QUERY])
    return _encoded(draw(_changed(given, st.one_of(names, words), most=2)))


@st.composite
def _changed(
    draw: DrawFn, given: Sequence[Pair], names: st.SearchStrategy[bytes], most: int
) -> list[Pair]:
    """Replace, repeat, drop and add."""
    made = list(given)
    for _ in range(draw(st.integers(0, most))):
        act = draw(st.sampled_from(["replace", "replace", "replace", "drop", "repeat", "add"]))
        if act == "add" or not made:
            made.append((draw(names), draw(words)))
            continue
        place = draw(st.integers(0, len(made) - 1))
        name, _value = made[place]
        if act == "repeat":
            made.append((name, draw(words)))
        elif act == "replace" and (name != TOKEN.encode() or draw(st.integers(0, 9)) == 9):
            made[place] = (name, draw(words))
        elif name != TOKEN.encode():
            del made[place]
    return made


@st.composite
def _bodies(draw: DrawFn, route: Route) -> tuple[bytes, str]:
    known = draw(st.sampled_from(route.forms)) if route.forms else Form(())
    shape = draw(st.sampled_from(["form", "form", "form", "parts", "parts", "json", "raw"]))
    if not route.forms and route.part == "api":
        shape = draw(st.sampled_from(["json", "json", "raw"]))
    if shape == "json":
        return json.dumps(draw(_json(known))).encode(), JSON
    if shape == "raw":
        return draw(st.one_of(words, st.binary(max_size=60))), draw(
            st.sampled_from([FORM, JSON, PARTS, ""])
        )
    names = st.one_of(st.sampled_from([name.encode() for name in ANY_FIELD]), words)
    fields = draw(_changed(_as_bytes(known.fields), names, most=3))
    if shape == "form":
        return _encoded(fields), FORM
    files = [
        (name, draw(st.sampled_from(NAMES)), draw(st.sampled_from(FILES))) for name in known.files
    ]
    if draw(st.integers(0, 4)) == 4:
        files.append((draw(st.sampled_from(ANY_FIELD)), "a.png", draw(st.sampled_from(FILES))))
    return _in_parts(fields, files), PARTS


@st.composite
def _json(draw: DrawFn, known: Form) -> Any:
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.sampled_from([0, -1, 1, 2**31, 2**63, 2**70, 1.5, 1e308]),
        words.map(lambda word: word.decode("utf-8", "replace")),
    )
    anything = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(_names(known), inner, max_size=4)
        ),
        max_leaves=8,
    )
    return draw(anything)


def _names(known: Form) -> st.SearchStrategy[str]:
    named = [name for name, _value in known.fields] or ["lines", "line_id", "id"]
    return st.sampled_from(
        [*ANY_FIELD, *named, "lines", "carrier", "tracking_number", "sku", "delta"]
    )


_headers = st.lists(
    st.sampled_from(sorted(HEADERS)).flatmap(
        lambda name: st.tuples(st.just(name), st.sampled_from(HEADERS[name]))
    ),
    max_size=2,
)


def _as_bytes(pairs: Iterable[tuple[str, str]]) -> list[Pair]:
    return [(name.encode(), value.encode()) for name, value in pairs]


def _encoded(pairs: Iterable[Pair]) -> bytes:
    return "&".join(
        f"{quote_from_bytes(name)}={quote_from_bytes(value)}" for name, value in pairs
    ).encode()


def _in_parts(fields: Iterable[Pair], files: Iterable[tuple[str, str, bytes]]) -> bytes:
    made = [
        b'--b\r\nContent-Disposition: form-data; name="'
        + _safe(name)
        + b'"\r\n\r\n'
        + value
        + b"\r\n"
        for name, value in fields
    ]
    made += [
        b'--b\r\nContent-Disposition: form-data; name="'
        + _safe(name.encode())
        + b'"; filename="'
        + _safe(called.encode("latin-1"))
        + b'"\r\nContent-Type: image/png\r\n\r\n'
        + content
        + b"\r\n"
        for name, called, content in files
    ]
    return b"".join(made) + b"--b--\r\n"


def _safe(name: bytes) -> bytes:
    return name.replace(b'"', b"%22").replace(b"\r", b"").replace(b"\n", b"")

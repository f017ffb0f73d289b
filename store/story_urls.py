"""The address under which a story of a news site is known, however it was written or shared."""

import re
from collections.abc import Collection
from urllib.parse import SplitResult, quote, unquote, urlsplit

LONGEST_URL = 500
DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
_KEPT_IN_PATH = "/~!$&'()*+,;=:@-._"


def normal_url(given: str) -> str:
    """Return the address under which a story is known; empty for what is no web address.

    Scheme and host in lower case, no default port, no query, no fragment, no slash at the end:
    what sharing and mailing add to an address does not make another story of it.
    """
    parts = _split(given.strip())
    if parts is None or parts.scheme not in DEFAULT_PORTS or not _HOST.fullmatch(_host(parts)):
        return ""
    path = quote(unquote(parts.path), safe=_KEPT_IN_PATH).rstrip("/")
    url = f"{_origin(parts)}{path or '/'}"
    return url if len(url) <= LONGEST_URL and url.isprintable() else ""


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address in normal form."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_ours(url: str, news_origins: Collection[str]) -> bool:
    """Whether an address in normal form lies on one of our news sites."""
    return bool(url) and origin_of(url) in news_origins


def _split(given: str) -> SplitResult | None:
    if len(given) > 4 * LONGEST_URL or "\\" in given:
        return None
    try:
        parts = urlsplit(given)
        _ = parts.port
    except ValueError:
        return None
    has_password = parts.username is not None or parts.password is not None
    return None if has_password else parts


def _origin(parts: SplitResult) -> str:
    host = _host(parts)
    name = f"[{host}]" if ":" in host else host
    is_default = parts.port is None or parts.port == DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{name}" if is_default else f"{parts.scheme}://{name}:{parts.port}"


def _host(parts: SplitResult) -> str:
    return parts.hostname or ""

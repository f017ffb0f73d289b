"""Fetches what lies at an address that a stranger wrote, and asks nobody inside our own walls."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urljoin, urlsplit

from store.errors import UnavailableError
from store.fetching.asking import REDIRECTS, Place, asked, location_of
from store.fetching.wire import ForbiddenAddressError, TooMuchError
from store.story_urls import DEFAULT_PORTS

MOST_REDIRECTS = 3
LONGEST_URL = 2_000
PORTS = frozenset(DEFAULT_PORTS.values())
PASSING = frozenset({408, 425, 429})
_KEPT_IN_TARGET = "/~!$&'()*+,;=:@-._%"
# IPv6 addresses that are another way to write an IPv4 one: translated, or carried in a tunnel.
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
_SITE_LOCAL = ip_network("fec0::/10")

Network = IPv4Network | IPv6Network


class NotFetchedError(UnavailableError):
    """Nothing could be fetched; the words say why, in one line that people read."""

    def __init__(self, words: str, *, may_pass: bool = False) -> None:
        super().__init__(words)
        self.may_pass = may_pass


@dataclass(frozen=True, slots=True)
class Manners:
    """How the store asks strangers: who it is, for how long it waits, and how much it takes.

    Besides public addresses it asks those in `networks`, at any port.
    """

    headers: dict[str, str]
    seconds: float
    most_bytes: int
    networks: Collection[Network] = ()
    follows: bool = True
    """Whether a redirect is followed; where an address was checked by its form, it is not."""

    def allows(self, address: str, port: int) -> bool:
        # A zone (fe80::1%eth0) is part of what a resolver returns and no part of an address.
        found = ip_address(address.partition("%")[0])
        if any(found in network for network in self.networks if network.version == found.version):
            return True
        return port in PORTS and is_public(found)


def fetch(url: str, manners: Manners) -> bytes:
    """Return the bytes at this address; raise NotFetchedError when there are none to have.

    Every redirect is judged as the first address was: by what is connected to, not by its name.
    """
    deadline = time.monotonic() + manners.seconds
    for _turn in range(MOST_REDIRECTS + 1):
        try:
            with asked(
                place_of(url),
                manners.headers,
                deadline,
                most_bytes=manners.most_bytes,
                allowed=manners.allows,
            ) as answer:
                if answer.status not in REDIRECTS or not manners.follows:
                    return _body(answer, manners.most_bytes)
                url = _led_to(answer, url)
        except ForbiddenAddressError as error:
            raise NotFetchedError("the address leads into a network that is not public") from error
        except TooMuchError as error:
            raise NotFetchedError(
                f"it is larger than {manners.most_bytes // 1024**2} MB"
            ) from error
        except TimeoutError as error:
            raise NotFetchedError("it did not come in time", may_pass=True) from error
        except (OSError, HTTPException) as error:
            raise NotFetchedError("the site cannot be reached", may_pass=True) from error
    raise NotFetchedError("one redirect leads to another")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Tell an address of the open internet from every other, however it is written."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not address.is_reserved
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in network for network in _TRANSLATED):
        inner.append(IPv4Address(int(address) & 0xFFFF_FFFF))
    hidden = [one for one in inner if one is not None]
    if hidden and not all(is_public(one) for one in hidden):
        return False
    if address.ipv4_mapped is not None:
        return True
    is_special = address.is_multicast or address.is_reserved or address in _SITE_LOCAL
    return address.is_global and not is_special


def place_of(url: str) -> Place:
    """Return where an address leads; raises NotFetchedError for what is no web address."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise NotFetchedError("this is no web address") from None
    host = parts.hostname or ""
    is_plain = parts.username is None and parts.password is None and "\\" not in url
    if parts.scheme not in DEFAULT_PORTS or not host or not is_plain or len(url) > LONGEST_URL:
        raise NotFetchedError("this is no web address")
    name = _ascii(host)
    tail = "" if port is None else f":{port}"
    target = quote(parts.path or "/", safe=_KEPT_IN_TARGET)
    query = quote(parts.query, safe=_KEPT_IN_TARGET + "?")
    origin = f"{parts.scheme}://[{name}]{tail}" if ":" in name else f"{parts.scheme}://{name}{tail}"
    return Place(origin, f"{target}?{query}" if query else target)


def _ascii(host: str) -> str:
    if not host.isprintable() or " " in host or "%" in host:
        raise NotFetchedError("this is no web address")
    try:
        return host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise NotFetchedError("this is no web address") from None


def _led_to(answer: HTTPResponse, url: str) -> str:
    try:
        return urljoin(url, location_of(answer))
    except ValueError:
        raise NotFetchedError("it leads to no web address") from None


def _body(answer: HTTPResponse, most_bytes: int) -> bytes:
    if answer.status != 200:
        may_pass = answer.status >= 500 or answer.status in PASSING
        raise NotFetchedError(f"the site answers {answer.status}", may_pass=may_pass)
    if answer.getheader("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
        raise NotFetchedError("it is packed, although nobody asked for that")
    body = answer.read(most_bytes + 1)
    if answer.length:
        raise NotFetchedError("the site broke off", may_pass=True)
    return body

"""Who is asking, over which scheme and host: X-Forwarded-* count from trusted proxies only."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from store.settings import Networks

FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
CAME_BY_PROXY = "store.came_by_proxy"
Address = IPv4Address | IPv6Address


class TrustedProxies:
    """Rewrites a WSGI environ so that everything behind may believe it."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks

    def settle(self, environ: dict[str, Any]) -> None:
        """Take over what a trusted proxy says, and remove every such header, believed or not."""
        if environ.keys().isdisjoint(FORWARDED):
            return
        said = {name: environ.pop(name) for name in FORWARDED if name in environ}
        environ[CAME_BY_PROXY] = True
        if self.trusts(environ.get("REMOTE_ADDR", "")):
            self._believe(environ, said)

    def trusts(self, address: str) -> bool:
        parsed = parse_address(address)
        return parsed is not None and self._is_ours(parsed)

    def _believe(self, environ: dict[str, Any], said: dict[str, str]) -> None:
        reader = self._reader(_parts(said.get("HTTP_X_FORWARDED_FOR", "")))
        if reader:
            environ["REMOTE_ADDR"] = reader
        scheme = _last(said.get("HTTP_X_FORWARDED_PROTO", ""))
        if scheme in {"http", "https"}:
            environ["wsgi.url_scheme"] = scheme
        host = _last(said.get("HTTP_X_FORWARDED_HOST", ""))
        if host:
            environ["HTTP_HOST"] = host

    def _reader(self, hops: Sequence[str]) -> str:
        # Each proxy appends whom it saw; only what stands right of the first stranger is true.
        believed = ""
        for hop in reversed(hops):
            address = parse_address(hop)
            if address is None:
                break
            believed = str(address)
            if not self._is_ours(address):
                break
        return believed

    def _is_ours(self, address: Address) -> bool:
        return any(address in network for network in self._networks)


def parse_address(text: str) -> Address | None:
    """Return the address without port, zone or IPv4-in-IPv6 disguise; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def network_of(address: str, *, v4_bits: int = 32, v6_bits: int = 64) -> str:
    """Return the network that one household or office shares; "unknown" for no address at all."""
    parsed = parse_address(address)
    if parsed is None:
        return "unknown"
    bits = v6_bits if isinstance(parsed, IPv6Address) else v4_bits
    return str(ip_network(f"{parsed}/{bits}", strict=False))


def is_loopback(address: str) -> bool:
    parsed = parse_address(address)
    return parsed is not None and parsed.is_loopback


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


def _last(value: str) -> str:
    parts = _parts(value)
    return parts[-1].lower() if parts else ""

"""What may be known of where a request came from: a network shared by many, never one machine."""

from ipaddress import IPv6Address

from flask import request

from store.keyed import network_hash_of
from store.web.doors import services
from store.web.proxies import is_loopback, network_of

V4_BITS, V6_BITS = 24, 48


def shortened_network() -> str:
    """Return the network of this request; empty behind a proxy that nobody named."""
    address = request.remote_addr or ""
    return "" if is_loopback(address) else network_of(address, v4_bits=V4_BITS, v6_bits=V6_BITS)


def shown_network() -> str:
    """Return it as logs show it: such as 203.0.113.* or 2001:0db8:0001:*, without the machine."""
    network = shortened_network().partition("/")[0]
    if ":" in network:
        return ":".join(IPv6Address(network).exploded.split(":")[: V6_BITS // 16]) + ":*"
    return f"{network.rpartition('.')[0]}.*" if "." in network else network


def counted_network() -> str:
    """Return the keyed hash under which limits count this network; empty where it is everybody."""
    return network_hash_of(shortened_network(), services().settings)

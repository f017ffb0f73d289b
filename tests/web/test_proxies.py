"""Promises about whose word counts for who is asking."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.web.proxies import TrustedProxies, is_loopback, network_of, parse_address

PROXIES = TrustedProxies((ip_network("10.0.0.0/8"), ip_network("fd00::/8")))


def settled(peer: str, **headers: str) -> dict[str, object]:
    environ: dict[str, object] = {
        "REMOTE_ADDR": peer,
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "shop",
    }
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    PROXIES.settle(environ)
    return environ


@pytest.mark.parametrize(
    ("hops", "reader"),
    [
        ("1.2.3.4", "1.2.3.4"),
        ("9.9.9.9, 1.2.3.4", "1.2.3.4"),
        ("9.9.9.9, 1.2.3.4, 10.9.9.9", "1.2.3.4"),
        ("1.2.3.4:5555", "1.2.3.4"),
        ("[2001:db8::1]:5555", "2001:db8::1"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("1.2.3.4, unknown", "10.0.0.1"),
        ("unknown, 10.2.2.2", "10.2.2.2"),
        (" , ,", "10.0.0.1"),
    ],
)
def test_reader_is_the_rightmost_stranger(hops: str, reader: str) -> None:
    assert settled("10.0.0.1", x_forwarded_for=hops)["REMOTE_ADDR"] == reader


@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_stranger_can_say_nothing_about_herself(hops: str, scheme: str, host: str) -> None:
    said = {"x_forwarded_for": hops, "x_forwarded_proto": scheme, "x_forwarded_host": host}
    environ = settled("8.8.8.8", **said, x_real_ip=hops, forwarded=hops)

    assert environ["REMOTE_ADDR"] == "8.8.8.8"
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == ("http", "shop")
    assert not [name for name in environ if "FORWARDED" in name or "REAL_IP" in name]


def test_last_scheme_and_host_of_a_trusted_proxy_count() -> None:
    environ = settled(
        "fd00::1", x_forwarded_proto="http, HTTPS", x_forwarded_host="a, Shop.Example"
    )

    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == ("https", "shop.example")


def test_scheme_that_is_none_changes_nothing() -> None:
    assert settled("10.0.0.1", x_forwarded_proto="javascript")["wsgi.url_scheme"] == "http"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9/32"),
        ("::ffff:203.0.113.9", "203.0.113.9/32"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_network_is_what_one_household_shares(address: str, network: str) -> None:
    assert network_of(address) == network


def test_network_may_be_wider() -> None:
    assert network_of("203.0.113.9", v4_bits=24) == "203.0.113.0/24"


@given(st.text(max_size=60))
def test_no_address_is_too_strange(text: str) -> None:
    parse_address(text)
    is_loopback(text)

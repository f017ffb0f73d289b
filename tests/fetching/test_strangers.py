"""Promises about fetching what strangers name: from the open internet, and from nowhere else."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address, ip_network

import pytest

from store.fetching.strangers import Manners, NotFetchedError, fetch, is_public
from tests.widget.paper import Paper, a_paper, a_redirect, an_answer, dripping, endless

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n"
STRICT = Manners({"User-Agent": "Store"}, seconds=1.0, most_bytes=64 * 1024)
INSIDE = "it leads|the address leads into a network that is not public"


@pytest.fixture
def site() -> Iterator[Paper]:
    with a_paper() as site:
        yield site


@pytest.fixture
def manners() -> Manners:
    """Manners that let a test have a site of its own, at one address of many."""
    return replace(STRICT, networks=(ip_network("127.0.0.1/32"),))


def test_bytes_come_as_they_are(site: Paper, manners: Manners) -> None:
    site.pages["/a%20b.png?v=1"] = an_answer(b"\x89PNG", kind="image/png")

    assert fetch(f"{site.url}/a b.png?v=1#top", manners) == b"\x89PNG"
    assert "Cookie" not in site.asked[0]
    assert "Referer" not in site.asked[0]


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_address_inside_is_none_to_ask(address: str) -> None:
    assert not is_public(ip_address(address))
    assert not STRICT.allows(address, 443)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"]
)
def test_public_address_is_asked_at_the_ports_of_the_web(address: str) -> None:
    assert STRICT.allows(address, 80)
    assert STRICT.allows(address, 443)
    assert not STRICT.allows(address, 22)
    assert not STRICT.allows(address, 8080)


@pytest.mark.parametrize(
    "spelling",
    [
        "http://127.0.0.1:{port}/a",
        "http://localhost:{port}/a",
        "http://127.1:{port}/a",
        "http://2130706433:{port}/a",
        "http://0x7f000001:{port}/a",
        "http://0177.0.0.1:{port}/a",
        "http://[::ffff:127.0.0.1]:{port}/a",
        "http://0.0.0.0:{port}/a",
        "http://\uff11\uff12\uff17.0.0.1:{port}/a",
    ],
)
def test_no_spelling_of_this_machine_is_asked(site: Paper, spelling: str) -> None:
    with pytest.raises(NotFetchedError, match=INSIDE):
        fetch(spelling.format(port=site.port), STRICT)

    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/a",
        "file:///etc/passwd",
        "gopher://example.org/",
        "data:image/png;base64,AA",
        "//example.org/a",
        "http://user:secret@example.org/a",
        "http://example.org\\@127.0.0.1/a",
        "http://exa mple.org/",
        "http://example.org%00/",
        "http://[::1%25lo]/",
        "http://example.org:99999/",
        "http://[",
        "http://..",
        "",
        "http://example.org/" + "a" * 3000,
    ],
)
def test_what_is_no_web_address_is_not_asked(url: str) -> None:
    with pytest.raises(NotFetchedError, match="no web address"):
        fetch(url, STRICT)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.2:{other}/secret",
        "http://[::1]:{other}/secret",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:{other}/",
        "http://[",
    ],
)
def test_redirect_is_judged_as_the_first_address_was(
    site: Paper, manners: Manners, location: str
) -> None:
    with a_paper() as other:
        site.pages["/a"] = a_redirect(location.format(other=other.port))

        with pytest.raises(NotFetchedError) as refusal:
            fetch(f"{site.url}/a", manners)

        assert other.asked == []
    assert not refusal.value.may_pass


def test_name_is_judged_by_the_address_that_is_connected_to(site: Paper) -> None:
    # The name is no secret; only where it leads at this moment is asked of the networks.
    elsewhere = replace(STRICT, networks=(ip_network("127.0.0.2/32"),))

    with pytest.raises(NotFetchedError, match=INSIDE):
        fetch(f"http://localhost:{site.port}/a", elsewhere)

    assert site.asked == []


def test_three_redirects_are_enough(site: Paper, manners: Manners) -> None:
    for number in range(9):
        site.pages[f"/{number}"] = a_redirect(f"/{number + 1}")

    with pytest.raises(NotFetchedError, match="one redirect leads to another"):
        fetch(f"{site.url}/0", manners)

    assert site.paths == ["/0", "/1", "/2", "/3"]


def test_redirect_within_reach_is_followed(site: Paper, manners: Manners) -> None:
    site.pages["/old"] = a_redirect("/new")
    site.pages["/new"] = an_answer(b"new")

    assert fetch(f"{site.url}/old", manners) == b"new"


@pytest.mark.parametrize(
    ("answer", "words", "lasts"),
    [
        (an_answer(b"", status="404 Not Found"), "answers 404", "for good"),
        (an_answer(b"", status="429 Slow down"), "answers 429", "for now"),
        (an_answer(b"", status="503 Busy"), "answers 503", "for now"),
        (an_answer(b"x" * 100_000), "larger than", "for good"),
        (endless(HEAD + b"\r\n"), "larger than", "for good"),
        (endless(HEAD + b"X: "), "cannot be reached|larger than", ""),
        (an_answer(b"x", Content_Length="99"), "broke off", "for now"),
        (an_answer(b"x", Content_Encoding="gzip"), "packed", "for good"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "cannot be reached", "for now"),
        (b"", "cannot be reached", "for now"),
    ],
)
def test_what_cannot_be_had_is_said(
    site: Paper, manners: Manners, answer: bytes, words: str, lasts: str
) -> None:
    site.pages["/a"] = answer

    with pytest.raises(NotFetchedError, match=words) as refusal:
        fetch(f"{site.url}/a", manners)

    assert lasts in {"", "for now" if refusal.value.may_pass else "for good"}


def test_time_is_over_for_who_drips(site: Paper, manners: Manners) -> None:
    site.pages["/a"] = dripping(HEAD + b"\r\n")

    with pytest.raises(NotFetchedError, match="in time"):
        fetch(f"{site.url}/a", replace(manners, seconds=0.3))


def test_an_address_that_was_checked_by_its_form_leads_nowhere_else(
    site: Paper, manners: Manners
) -> None:
    site.pages["/here"] = a_redirect(f"{site.url}/there")
    site.pages["/there"] = an_answer(b"there")

    with pytest.raises(NotFetchedError, match="the site answers 30"):
        fetch(f"{site.url}/here", replace(manners, follows=False))

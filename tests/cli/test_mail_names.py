"""`store doctor` reads what DNS says of the mails' domain, and tells how each fault is mended."""

import pytest

from store.cli.findings import Finding
from store.cli.mail_names import MailNames
from store.mail.records import AskedServers
from tests.cli.name_server import FAILS, Zone, a_name_server

DOMAIN, SELECTOR = "shop.example.org", "relay"
KEY = f"{SELECTOR}._domainkey.{DOMAIN}"
LONG_KEY = "v=DKIM1; k=rsa; p=" + "A" * 392


def seen(zone: Zone, look: str, selector: str = SELECTOR) -> Finding:
    with a_name_server(zone) as records:
        finding: Finding = getattr(MailNames(DOMAIN, selector, records), look)()
        return finding


def spf(*records: str, **others: str) -> Finding:
    beside = {name.replace("_", "."): [text] for name, text in others.items()}
    return seen({DOMAIN: ["google-site-verification=1", *records], **beside}, "spf")


def test_a_record_that_says_who_may_send_is_well() -> None:
    finding = spf("v=spf1 include:relay.example -all", relay_example="v=spf1 ip4:192.0.2.1 -all")

    assert not finding.mend
    assert not finding.is_open


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ((), "names nobody"),
        (("v=spf1 mx -all", "v=spf1 a -all"), "2 records"),
        (("v=spf1 +all",), "everybody"),
        (("v=spf1 mx all",), "everybody"),
        (("v=spf10 mx -all",), "names nobody"),
    ],
)
def test_each_fault_of_spf_is_named_with_its_mending(records: list[str], words: str) -> None:
    finding = spf(*records)

    assert words in finding.words
    assert finding.mend


def test_a_record_that_asks_too_many_names_is_found_through_what_it_includes() -> None:
    many = "v=spf1 " + " ".join(f"a:host-{number}.example" for number in range(10)) + " ?all"

    finding = spf("v=spf1 include:relay.example ~all", relay_example=many)

    assert "11 other names" in finding.words
    assert finding.mend


def test_records_that_include_each_other_come_to_an_end() -> None:
    assert spf(
        "v=spf1 include:relay.example -all", relay_example=f"v=spf1 include:{DOMAIN} -all"
    ).mend


def test_a_domain_that_is_not_there_has_no_record() -> None:
    assert "names nobody" in seen({}, "spf").words


def test_a_key_in_several_strings_is_read_whole() -> None:
    assert not seen({KEY: [LONG_KEY]}, "dkim").mend


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ("v=DKIM1; p=", "revoked"),
        ("v=DKIM1; t=y:s; p=AAAA", "a test"),
        ("v=spf1 -all", "no key"),
    ],
)
def test_each_fault_of_dkim_is_named_with_its_mending(record: str, words: str) -> None:
    finding = seen({KEY: [record]}, "dkim")

    assert words in finding.words
    assert finding.mend


def test_without_a_selector_no_key_can_be_looked_for() -> None:
    assert "STORE_DKIM_SELECTOR" in seen({}, "dkim", selector="").mend


@pytest.mark.parametrize(
    ("record", "is_open", "wants_mending"),
    [
        ("v=DMARC1; p=reject; rua=mailto:a@example.org", False, False),
        ("v=DMARC1; p=quarantine", False, False),
        ("v=DMARC1; p=none", True, False),
        ("v=DMARC1; p=maybe", False, True),
        ("v=DMARC1", False, True),
        ("something else", False, True),
    ],
)
def test_a_policy_is_judged(record: str, *, is_open: bool, wants_mending: bool) -> None:
    finding = seen({f"_dmarc.{DOMAIN}": [record]}, "dmarc")

    assert (finding.is_open, bool(finding.mend)) == (is_open, wants_mending)


def test_the_policy_of_the_domain_above_counts_too() -> None:
    finding = seen({"_dmarc.example.org": ["v=DMARC1; p=reject"]}, "dmarc")

    assert "_dmarc.example.org asks for p=reject" in finding.words


def test_two_policies_are_none() -> None:
    finding = seen({f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, "dmarc")

    assert "none of them counts" in finding.words


@pytest.mark.parametrize("look", ["spf", "dkim", "dmarc"])
def test_a_server_that_cannot_answer_is_no_fault_of_the_domain(look: str) -> None:
    zone = {name: [FAILS] for name in (DOMAIN, KEY, f"_dmarc.{DOMAIN}")}

    finding = seen(zone, look)

    assert finding.is_open
    assert "dig TXT" in finding.words


def test_where_nobody_answers_it_could_not_be_seen() -> None:
    finding = MailNames(DOMAIN, SELECTOR, AskedServers(["127.0.0.1"], port=9)).spf()

    assert finding.is_open

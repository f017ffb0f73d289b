"""Promises about what is read from the mails that servers send back."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.newsletter.bounces.events import (
    Complaint,
    Event,
    HardBounce,
    SoftBounce,
    UnclearReportError,
)
from store.newsletter.bounces.reading import excerpt_of, read_report
from tests.newsletter.bounces import samples
from tests.newsletter.bounces.samples import READER, SENT, block, report

NOW = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)


def read(raw: bytes) -> list[Event]:
    return read_report(raw, NOW)


def only(raw: bytes) -> Event:
    (event,) = read(raw)
    return event


@pytest.mark.parametrize("server", samples.EVERY)
def test_each_server_is_understood_to_say_that_nobody_is_there(server: str) -> None:
    event = only(samples.EVERY[server])

    assert isinstance(event, HardBounce)
    assert event.message_id == SENT
    assert event.recipient == READER
    assert event.diagnostic


def test_a_report_counts_from_when_it_was_written() -> None:
    assert only(samples.postfix()).at == datetime(2026, 11, 21, 10, tzinfo=UTC)


def test_the_same_report_has_the_same_name_and_another_has_another() -> None:
    again, other = samples.postfix(), samples.postfix(own_id="<report-2@mx.example.net>")

    assert only(samples.postfix()).event_id == only(again).event_id
    assert only(samples.postfix()).event_id != only(other).event_id


def test_headers_alone_are_enough_to_know_the_mail() -> None:
    assert only(report(block(), headers_only=True)).message_id == SENT


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.2.2", "552 5.2.2 The mailbox is full"),
        ("4.4.7", "Message expired in the queue"),
        ("5.7.1", "550 5.7.1 Blocked by policy; see our list"),
        ("5.7.26", "550 5.7.26 This mail is unauthenticated (DMARC)"),
        ("5.3.4", "552 5.3.4 Message too big for system"),
        ("5.0.0", "554 5.0.0 Service unavailable"),
        ("5.7.1", "550 5.7.1 Our spam filter says: user unknown to you"),
    ],
)
def test_what_passes_or_means_us_is_no_sign_that_nobody_is_there(status: str, words: str) -> None:
    event = only(report(block(status=status, diagnostic=f"smtp; {words}")))

    assert isinstance(event, SoftBounce)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.2", "Host or domain name not found"),
        ("5.2.1", "550 5.2.1 Mailbox disabled"),
        ("5.0.0", "550 User unknown"),
        ("5.5.0", "550 5.5.0 Requested action not taken: no such mailbox"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied."),
    ],
)
def test_nobody_there_is_understood_in_many_words(status: str, words: str) -> None:
    event = only(report(block(status=status, diagnostic=f"smtp; {words}")))

    assert isinstance(event, HardBounce)


def test_prose_about_a_full_mailbox_is_no_sign_either() -> None:
    assert isinstance(only(samples.qmail("Mailbox full; quota exceeded. (#5.2.2)")), SoftBounce)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed", "expanded"])
def test_a_mail_that_may_yet_arrive_is_nothing(action: str) -> None:
    assert read(report(block(action=action, status="4.4.1"))) == []


def test_one_report_may_speak_of_several() -> None:
    mixed = report(block(), block(action="delayed", status="4.2.2"), block(status="5.2.2"))

    assert len(read(mixed)) == 2


@pytest.mark.parametrize("kind", ["abuse", "fraud", "opt-out"])
def test_a_reader_who_complains_is_understood(kind: str) -> None:
    event = only(samples.complaint(kind))

    assert isinstance(event, Complaint)
    assert (event.recipient, event.message_id) == (READER, SENT)


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure"])
def test_feedback_that_is_no_complaint_is_nothing(kind: str) -> None:
    assert read(samples.complaint(kind)) == []


def test_a_holiday_reply_is_nothing() -> None:
    assert read(samples.holiday_reply()) == []


def test_a_letter_is_left_to_people() -> None:
    with pytest.raises(UnclearReportError, match="a person may have written it"):
        read(samples.letter())


def test_a_report_that_names_no_mail_is_left_to_people() -> None:
    silent = samples.postfix(message_id="")

    with pytest.raises(UnclearReportError, match="which mail"):
        read(silent)


def test_global_delivery_status_is_read_too() -> None:
    raw = samples.postfix().replace(b"message/delivery-status", b"message/global-delivery-status")

    assert isinstance(only(raw), HardBounce)


def test_an_excerpt_says_who_wrote_and_how_it_begins() -> None:
    excerpt = excerpt_of(samples.letter())

    assert excerpt.startswith(f"From: River <{READER}>\nSubject: The shirt\n")
    assert "Is there another way?" in excerpt


def survives(raw: bytes) -> None:
    with suppress(UnclearReportError):
        for event in read(raw):
            assert event.message_id.startswith("<")
            assert event.at.tzinfo is not None
            assert event.diagnostic.isprintable()
            assert len(event.event_id) < 300
    assert "\0" not in excerpt_of(raw)


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_left_to_people(raw: bytes) -> None:
    survives(raw)


@given(
    st.sampled_from([*samples.EVERY.values(), samples.complaint(), samples.letter()]),
    st.lists(
        st.tuples(
            st.integers(0, 3_000),
            st.integers(0, 60),
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from(
                    [
                        b"\r\n\r\n",
                        b"--edge",
                        b"--edge--",
                        b"Content-Type: multipart/mixed; boundary=\r\n",
                        b"Content-Type: message/delivery-status\r\n\r\n",
                        b"Content-Transfer-Encoding: base64\r\n",
                        b"Content-Transfer-Encoding: x-uuencode\r\n",
                        b"charset=utf-7",
                        b"charset=\xff",
                        b"=?utf-8?q?=ff?=",
                        b"rfc822;",
                        b"Date: Sat, 99 Nov 99999 99:99:99 +9999\r\n",
                        b"charset*0*=ascii'en'%ff; charset*1=x",
                    ]
                ),
            ),
        ),
        max_size=6,
    ),
)
def test_a_report_that_was_damaged_anywhere_is_read_or_left_to_people(
    raw: bytes, damages: list[tuple[int, int, bytes]]
) -> None:
    for at, length, put in damages:
        raw = raw[:at] + put + raw[at + length :]
    survives(raw)


def test_parts_within_parts_without_end_are_left_to_people() -> None:
    deep = "".join(
        f"Content-Type: multipart/mixed; boundary={number}\r\n\r\n--{number}\r\n"
        for number in range(3_000)
    )

    survives(deep.encode())

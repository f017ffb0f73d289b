"""Promises about what mail providers tell by webhook, and about whoever pretends to be one."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.clock import FixedClock
from store.database import db
from store.jobs.models import OutboxRow
from store.newsletter.bounces.topics import OpenTopic
from store.web.doors import EXTENSION
from tests.newsletter.bounces import calls
from tests.newsletter.bounces.calls import (
    CERTIFICATE_URL,
    MAILGUN_KEY,
    POSTMARK_SECRET,
    TOPIC,
    Letterbox,
    keep_certificate,
    mailgun,
    postmark,
    sendgrid,
    ses,
    ses_bounce,
    ses_complaint,
    subscription,
)
from tests.newsletter.bounces.returning import a_mail, message_of, reason_of, reasons, reports
from tests.newsletter.bounces.samples import READER
from tests.shop import Shop, open_shop, some_settings

Make = Callable[[Shop], Letterbox]
GENUINE: dict[str, Make] = {
    "mailgun": mailgun,
    "postmark": postmark,
    "sendgrid": sendgrid,
    "ses": lambda shop: ses(shop, ses_bounce()),
}
HOST = "sns.ap-southeast-2.amazonaws.com"
every = pytest.mark.parametrize("provider", GENUINE)


@pytest.fixture
def told(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    """A shop that has set up every provider."""
    shop = open_shop(
        some_settings(
            tmp_path,
            database_url,
            bounces_ses_topics=TOPIC,
            bounces_mailgun_keys=f"an older key,{MAILGUN_KEY}",
            bounces_postmark_secrets=POSTMARK_SECRET,
            bounces_sendgrid_keys=calls.sendgrid_verification_key(),
        ),
        clock,
    )
    keep_certificate(shop)
    with shop.app.app_context():
        yield shop
        db.session.remove()
        db.engine.dispose()


def post(shop: Shop, letter: Letterbox) -> TestResponse:
    """Call as machines do: from another site, without cookies."""
    headers = {"Content-Type": "application/json", "Origin": "https://provider.example"}
    answer = shop.browser().post(
        f"/webhooks/mail/{letter.path}", data=letter.body, headers=headers | dict(letter.headers)
    )
    db.session.rollback()
    return answer


def refused(shop: Shop, letter: Letterbox) -> bool:
    return post(shop, letter).status_code == 400 and not reports() and not reasons()


@every
def test_a_genuine_bounce_is_taken_once(told: Shop, provider: str) -> None:
    letter = GENUINE[provider](told)

    answers = [post(told, letter), post(told, letter)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.text for answer in answers] == ["1 taken", "0 taken"]
    assert reason_of(told) == "bounced"


@every
def test_a_provider_that_nobody_set_up_is_not_there(shop: Shop, provider: str) -> None:
    with shop.app.app_context():
        assert post(shop, GENUINE[provider](shop)).status_code == 404
        assert post(shop, Letterbox("carrier-pigeon", b"{}")).status_code == 404


@every
def test_whoever_proves_nothing_changes_nothing(told: Shop, provider: str) -> None:
    letter = GENUINE[provider](told)

    for body in (b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"Type": 1}'):
        assert refused(told, Letterbox(provider, body))
    if letter.headers and provider != "ses":
        assert refused(told, replace(letter, headers={}))


@pytest.mark.parametrize("provider", ["sendgrid", "ses"])
def test_a_body_that_was_changed_on_its_way_is_refused(told: Shop, provider: str) -> None:
    letter = GENUINE[provider](told)
    changed = letter.body.replace(READER.encode(), b"other@example.net")

    assert changed != letter.body
    assert refused(told, replace(letter, body=changed))


def test_another_key_is_refused(told: Shop) -> None:
    others = rsa.generate_private_key(65537, 2048)

    assert refused(told, mailgun(told, key="key of somebody else"))
    assert refused(told, mailgun(told, key=""))
    # pragma: allowlist nextline secret - a wrong guess
    assert refused(told, postmark(told, secret="postmark:guessed"))
    assert refused(told, sendgrid(told, keys=ec.generate_private_key(ec.SECP256R1())))
    assert refused(told, ses(told, ses_bounce(), keys=others))


def test_what_was_signed_at_another_time_is_refused(told: Shop) -> None:
    now = told.clock.now()
    for at in (now - timedelta(days=3), now + timedelta(hours=1)):
        assert refused(told, mailgun(told, at=at))
        assert refused(told, sendgrid(told, at=at))
        assert refused(told, ses(told, ses_bounce(), Timestamp=at.isoformat()))
    assert refused(told, ses(told, ses_bounce(), Timestamp="yesterday"))


def test_what_came_back_hours_later_is_believed(told: Shop) -> None:
    earlier = told.clock.now() - timedelta(hours=8)

    assert post(told, mailgun(told, at=earlier)).status_code == 200


def test_a_token_of_mailgun_carries_nothing_else_a_second_time(told: Shop) -> None:
    post(told, mailgun(told))

    answer = post(told, mailgun(told, id="another", recipient="victim@example.net"))

    assert answer.status_code == 400
    assert len(reports()) == 1


def test_a_parent_account_of_mailgun_may_sign(told: Shop) -> None:
    own = json.loads(mailgun(told).body)["signature"]["signature"]
    stated = {"signature": "00" * 32, "parent-signature": own}

    assert post(told, mailgun(told, signature=stated)).status_code == 200


def test_postmark_may_send_its_secret_in_a_header(told: Shop) -> None:
    letter = replace(postmark(told), headers={"X-Store-Secret": POSTMARK_SECRET})

    assert post(told, letter).status_code == 200


def test_amazon_is_believed_by_sha_256_alone(
    told: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(told, ses(told, ses_bounce(), version="1"))
    assert "set SignatureVersion to 2" in capsys.readouterr().err
    assert post(told, ses(told, ses_bounce(), version="2")).status_code == 200


def test_the_older_signature_of_amazon_is_believed_where_an_operator_says_so(told: Shop) -> None:
    believing = told.services.settings.model_copy(update={"bounces_ses_sha1": True})
    told.app.extensions[EXTENSION] = replace(told.services, settings=believing)

    assert post(told, ses(told, ses_bounce(), version="1")).status_code == 200


@pytest.mark.parametrize("version", ["", "0", "3", "1.0", "two"])
def test_a_signature_of_no_known_version_is_refused(told: Shop, version: str) -> None:
    assert refused(told, ses(told, ses_bounce(), version=version))


@pytest.mark.parametrize(
    "url",
    [
        CERTIFICATE_URL.replace("https", "http"),
        CERTIFICATE_URL.replace("amazonaws.com", "amazonaws.com.evil.example"),
        CERTIFICATE_URL.replace("sns.", "sns.evil.example/"),
        CERTIFICATE_URL.replace("https://", "https://user@"),
        CERTIFICATE_URL.replace(".com/", ".com:8443/"),
        CERTIFICATE_URL.replace("ap-southeast-2", "us-east-1"),
        CERTIFICATE_URL.replace(".pem", ".pem?x=.pem"),
        CERTIFICATE_URL.replace("/Simple", "/bucket/Simple"),
        CERTIFICATE_URL + "\n",
        "https://127.0.0.1/SimpleNotificationService-0123456789abcdef.pem",
    ],
)
def test_a_certificate_from_anywhere_else_is_not_even_asked_for(told: Shop, url: str) -> None:
    assert refused(told, ses(told, ses_bounce(), SigningCertURL=url))


def test_a_topic_that_we_did_not_name_is_refused(told: Shop) -> None:
    stranger = TOPIC.replace("123456789012", "999999999999")

    assert refused(told, ses(told, ses_bounce(), TopicArn=stranger))


def test_a_certificate_whose_time_is_over_is_refused(told: Shop) -> None:
    told.clock.move_to(told.clock.now() + timedelta(days=366))

    assert refused(told, ses(told, ses_bounce()))


def opened() -> list[str]:
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == OpenTopic.kind))
    return [str(row.payload["url"]) for row in rows]


def test_a_topic_of_ours_is_opened_by_a_worker(told: Shop) -> None:
    assert post(told, subscription(told)).status_code == 200

    (url,) = opened()
    assert url.startswith("https://sns.ap-southeast-2.amazonaws.com/?Action=ConfirmSubscription&")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/?Action=ConfirmSubscription",
        f"https://sns.ap-southeast-2.amazonaws.com/?Action=DeleteTopic&TopicArn={TOPIC}",
        "https://sns.ap-southeast-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=other",
        f"http://sns.ap-southeast-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn={TOPIC}",
        f"https://{HOST}@evil.org/?Action=ConfirmSubscription&TopicArn={TOPIC}",
        "https://[",
    ],
)
def test_nothing_else_is_opened(told: Shop, url: str) -> None:
    assert refused(told, subscription(told, SubscribeURL=url))
    assert opened() == []


def test_the_mail_itself_is_told_by_its_name(told: Shop) -> None:
    mails = [a_mail(told, f"reader-{number}@example.net") for number in range(3)]
    bare = mails[0].strip("<>")
    post(told, mailgun(told, message={"headers": {"message-id": bare}}))
    post(told, sendgrid(told, {"smtp-id": mails[1]}))
    post(told, ses(told, ses_bounce(message_id=mails[2])))

    assert [message_of(mail).refused_at is None for mail in mails] == [False] * 3


def test_each_provider_has_its_words_for_what_passes(told: Shop) -> None:
    full: dict[str, Any] = {"delivery-status": {"code": 552, "message": "Mailbox full"}}
    letters = [
        mailgun(told, reason="generic", **full),
        postmark(told, Type="SoftBounce"),
        sendgrid(told, {"type": "blocked"}),
        ses(told, ses_bounce("Transient")),
    ]

    assert [post(told, letter).text for letter in letters] == ["1 taken"] * 4
    assert {kind for kind, _words in reports()} == {"soft"}
    assert reasons() == []


def test_each_provider_has_its_words_for_a_complaint(told: Shop) -> None:
    letters = [
        mailgun(told, event="complained"),
        postmark(told, RecordType="SpamComplaint", Type="SpamComplaint"),
        sendgrid(told, {"event": "spamreport"}),
        ses(told, ses_complaint()),
    ]

    assert [post(told, letter).text for letter in letters] == ["1 taken"] * 4
    assert {kind for kind, _words in reports()} == {"complaint"}
    assert reasons() == ["complained"]


def test_what_providers_keep_back_themselves_counts_too(told: Shop) -> None:
    letters = [
        mailgun(told, reason="suppress-bounce"),
        sendgrid(told, {"event": "dropped", "reason": "Bounced Address"}),
        postmark(told, Type="ManuallyDeactivated"),
    ]

    assert [post(told, letter).text for letter in letters] == ["1 taken"] * 3
    assert {kind for kind, _words in reports()} == {"hard"}


def test_what_is_no_news_of_an_address_is_nothing(told: Shop) -> None:
    letters = [
        mailgun(told, event="delivered"),
        mailgun(told, token="u" * 50, severity="temporary"),
        mailgun(told, token="v" * 50, reason="suppress-unsubscribe"),
        postmark(told, RecordType="Delivery", Type=""),
        postmark(told, Type="AutoResponder"),
        sendgrid(told, {"event": "open"}, {"event": "deferred", "sg_event_id": "2"}),
        sendgrid(told, {"event": "dropped", "reason": "Unsubscribed Address"}),
        ses(told, {"eventType": "Delivery", "mail": {}}),
        ses(told, ses_complaint("not-spam")),
        ses(told, {"eventType": "DeliveryDelay", "mail": {}}),
    ]

    assert [post(told, letter).text for letter in letters] == ["0 taken"] * len(letters)
    assert reports() == []


def test_a_thousand_events_at_once_are_taken(told: Shop) -> None:
    events = [
        {"sg_event_id": f"event-{number}", "email": f"reader-{number}@example.net"}
        for number in range(1_000)
    ]

    answer = post(told, sendgrid(told, *events))

    assert (answer.status_code, answer.text) == (200, "1000 taken")
    assert len(reasons()) == 1_000


def test_a_body_without_end_is_refused(told: Shop) -> None:
    assert post(told, Letterbox("sendgrid", b"x" * 5 * 1024**2)).status_code == 413
    assert post(told, Letterbox("mailgun", b"x" * 2 * 1024**2)).status_code == 413


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


fields = st.tuples(
    st.sampled_from(["event", "reason", "recipient", "message", "delivery-status", "timestamp"]),
    st.sampled_from(["email", "event", "type", "smtp-id", "timestamp", "reason", "sg_event_id"]),
    st.sampled_from(["RecordType", "Type", "ID", "Email", "BouncedAt", "Details"]),
    st.sampled_from(["bounce", "mail", "notificationType"]),
)


@given(fields, anything)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_signed_nonsense_is_read_or_refused(
    told: Shop, names: tuple[str, str, str, str], value: Any
) -> None:
    gun, grid, mark, amazon = names
    own: list[dict[str, Any]] = [{gun: value}, {mark: value}]
    letters = [
        mailgun(told, **own[0]),
        sendgrid(told, {grid: value}),
        postmark(told, **own[1]),
        ses(told, ses_bounce() | {amazon: value}),
    ]

    assert {post(told, letter).status_code for letter in letters} <= {200, 400}

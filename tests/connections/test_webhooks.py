"""What partners are told: signed, until they take it, for three days, and nothing of a reader."""

import hmac
import json
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.connections.endpoints import (
    EndpointRefusedError,
    end_endpoint,
    endpoint_of,
    ping,
    resume_endpoint,
    rotate_secret,
    send_again,
)
from store.connections.models import CHOSEN_KINDS, Delivery, DeliveryState, Ending, Kind
from store.connections.sending import WAITS, deliver, may_be_told
from store.connections.signing import secret_of, signed_headers
from store.connections.tasks import forget_deliveries
from store.database import db, writing
from store.orders.delivering import delivered
from store.orders.lifecycle import note
from store.orders.queries import locked_order
from store.orders.shipping import Parcel, ship_parcel
from tests.buying import a_variant, buy, thanks, the_order
from tests.connections.receiver import Receiver, an_endpoint, run_due, the_endpoint, told
from tests.shop import Shop

PERSONAL = ("Robin", "robin@", "Oxford", "2010", "Sydney", "Newtown")


def _checked(receiver: Receiver, secret: str, at: int = -1) -> bool:
    """Check a signature as its receiver would: by the scheme's own words, with nothing of ours."""
    head, body = receiver.heads[at], receiver.bodies[at]
    key = b64decode(secret.removeprefix("whsec_"))
    content = f"{head['webhook-id']}.{head['webhook-timestamp']}.{body}".encode()
    wanted = b64encode(hmac.digest(key, content, "sha256")).decode()
    return any(
        hmac.compare_digest(signature.partition(",")[2], wanted)
        for signature in head["webhook-signature"].split(" ")
    )


def _pinged(shop: Shop, endpoint_id: int) -> None:
    with writing():
        ping(endpoint_of(endpoint_id), shop.clock)
    run_due(shop)


def test_the_scheme_signs_as_its_own_example() -> None:
    signed = signed_headers(
        # pragma: allowlist nextline secret - of the scheme's own example
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        '{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, tz=UTC),
        # pragma: allowlist nextline secret - of the scheme's own example
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )

    assert signed["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_an_order_is_told_from_payment_to_arrival(
    app: Flask, shop: Shop, reader: FlaskClient, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    thanks(reader, buy(shop, reader, a_variant(shop, stock=3), quantity=2))
    order_id = the_order().id
    with writing():
        order = locked_order(order_id)
        parcel = ship_parcel(order, Parcel({}, "", "1Z5R89390357567127"), shop.services, actor="x")
        parcel_id = parcel.id
    with writing():
        order = locked_order(order_id)
        delivered(order, order.fulfilments[0], shop.services, actor="x")

    run_due(shop)

    bodies = [json.loads(body) for body in receiver.bodies]
    assert [body["type"] for body in bodies] == ["order.paid", "parcel.shipped", "parcel.delivered"]
    shipped = bodies[1]["data"]
    assert shipped["order"] == the_order().number
    assert shipped["parcel"] == parcel_id
    assert shipped["carrier"] == "UPS"
    assert shipped["tracking_url"].endswith("1Z5R89390357567127")
    assert bodies[0]["data"]["lines"][0]["quantity"] == 2
    assert all(one.state == DeliveryState.DELIVERED for one in told(endpoint_id))
    assert not any(word in body for word in PERSONAL for body in receiver.bodies)


def test_nothing_is_told_of_what_was_not_written(
    app: Flask, shop: Shop, reader: FlaskClient, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    thanks(reader, buy(shop, reader, a_variant(shop)))
    before, order_id = len(told(endpoint_id)), the_order().id

    with pytest.raises(RuntimeError), writing():
        note(locked_order(order_id), "cancelled", shop.clock)
        raise RuntimeError

    assert len(told(endpoint_id)) == before


def test_an_endpoint_is_told_what_it_chose_and_no_more(
    app: Flask, shop: Shop, reader: FlaskClient, receiver: Receiver
) -> None:
    an_endpoint(shop, receiver.url, (Kind.PARCEL_SHIPPED,))
    thanks(reader, buy(shop, reader, a_variant(shop)))

    run_due(shop)

    assert receiver.bodies == []


def test_a_message_is_signed_with_both_secrets_while_both_count(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    settings = shop.services.settings
    first = secret_of(the_endpoint(endpoint_id).nonce, settings)
    with writing():
        second = rotate_secret(endpoint_of(endpoint_id), shop.services, ends_old=False)

    _pinged(shop, endpoint_id)
    assert _checked(receiver, first)
    assert _checked(receiver, second)

    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    _pinged(shop, endpoint_id)
    assert not _checked(receiver, first)
    assert _checked(receiver, second)


def test_a_secret_that_leaked_ends_at_once(app: Flask, shop: Shop, receiver: Receiver) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    leaked = secret_of(the_endpoint(endpoint_id).nonce, shop.services.settings)
    with writing():
        rotate_secret(endpoint_of(endpoint_id), shop.services, ends_old=True)

    _pinged(shop, endpoint_id)

    assert not _checked(receiver, leaked)


def test_what_fails_is_sent_again_for_three_days_and_then_ends(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    receiver.status, receiver.answer = 500, b"oh no\0<b>"
    _pinged(shop, endpoint_id)

    for wait in WAITS:
        assert run_due(shop) == 0
        shop.clock.move_to(shop.clock.now() + wait)
        run_due(shop)

    (delivery,) = told(endpoint_id)
    assert delivery.state == DeliveryState.FAILED
    assert len(delivery.attempts) == len(WAITS) + 1 == len(receiver.bodies)
    assert len({head["webhook-id"] for head in receiver.heads}) == 1
    assert delivery.attempts[0].status == 500
    assert delivery.attempts[0].answer == "oh no<b>"
    endpoint = the_endpoint(endpoint_id)
    assert endpoint.ended_because == Ending.FAILING
    assert sum(WAITS, timedelta()) >= timedelta(days=3)


def test_one_that_takes_something_is_not_given_up(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    receiver.status = 500
    _pinged(shop, endpoint_id)
    receiver.status = 200
    shop.clock.move_to(shop.clock.now() + WAITS[0])

    run_due(shop)

    assert the_endpoint(endpoint_id).failing_since is None
    assert told(endpoint_id)[0].state == DeliveryState.DELIVERED


def test_one_that_is_gone_is_left_alone_at_once(app: Flask, shop: Shop, receiver: Receiver) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    receiver.status = 410
    _pinged(shop, endpoint_id)

    assert the_endpoint(endpoint_id).ended_because == Ending.GONE
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    assert run_due(shop) == 0


def test_no_redirect_is_followed(app: Flask, shop: Shop, receiver: Receiver) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    receiver.status, receiver.location = 307, receiver.url

    _pinged(shop, endpoint_id)

    assert len(receiver.bodies) == 1
    assert told(endpoint_id)[0].attempts[0].status == 307
    assert told(endpoint_id)[0].state == DeliveryState.WAITING


def test_who_does_not_answer_rests_and_costs_no_other_try(app: Flask, shop: Shop) -> None:
    endpoint_id = an_endpoint(shop, "http://127.0.0.1:1/hooks")
    for _ in range(2):
        _pinged(shop, endpoint_id)

    first, second = told(endpoint_id)

    assert first.attempts[0].fault == "the site cannot be reached"
    assert first.attempts[0].status is None
    assert second.attempts == []
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=1))
    run_due(shop)
    assert sum(len(one.attempts) for one in told(endpoint_id)) == 2


def test_a_worker_that_died_after_sending_repeats_under_the_same_number(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    _pinged(shop, endpoint_id)
    (delivery,) = told(endpoint_id)

    deliver(delivery.id, 0, shop.services)

    assert len(receiver.bodies) == 1


def test_sending_again_begins_anew_under_the_same_number(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    _pinged(shop, endpoint_id)
    with writing():
        send_again(db.session.scalars(db.select(Delivery)).one(), shop.clock)

    run_due(shop)

    assert receiver.heads[0]["webhook-id"] == receiver.heads[1]["webhook-id"]
    assert receiver.bodies[0] == receiver.bodies[1]


def test_what_is_switched_off_hears_nothing_until_it_is_switched_on(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    with writing():
        ping(endpoint_of(endpoint_id), shop.clock)
        end_endpoint(endpoint_of(endpoint_id), shop.clock)
    run_due(shop)
    assert receiver.bodies == []
    assert told(endpoint_id)[0].state == DeliveryState.FAILED

    with writing():
        resume_endpoint(endpoint_of(endpoint_id))
    _pinged(shop, endpoint_id)

    assert len(receiver.bodies) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hooks",
        "ftp://example.org",
        "https://",
        "https://robin:secret@example.org/",
        "https://example.org:99999/",
        "javascript:alert(1)",
        "//example.org",
        "",
    ],
)
def test_only_encrypted_addresses_are_told(app: Flask, shop: Shop, url: str) -> None:
    with pytest.raises(EndpointRefusedError):
        an_endpoint(shop, url)


def test_a_shop_of_the_open_internet_tells_no_machine_of_its_own(app: Flask, shop: Shop) -> None:
    public = shop.services.settings.model_copy(update={"public_url": "https://shop.example.org"})

    assert not may_be_told("http://127.0.0.1:8000/", public)
    assert may_be_told("https://127.0.0.1/", public)  # and is judged by what is connected to


def test_what_leads_inside_is_not_asked(app: Flask, shop: Shop) -> None:
    endpoint_id = an_endpoint(shop, "https://10.0.0.1/hooks")

    _pinged(shop, endpoint_id)

    fault = told(endpoint_id)[0].attempts[0].fault
    assert fault == "the address leads into a network that is not public"


def test_what_was_told_is_forgotten_after_a_month(
    app: Flask, shop: Shop, receiver: Receiver
) -> None:
    endpoint_id = an_endpoint(shop, receiver.url)
    _pinged(shop, endpoint_id)
    shop.clock.move_to(shop.clock.now() + timedelta(days=31))

    assert forget_deliveries(shop.clock) == 1

    assert told(endpoint_id) == []


def test_every_kind_can_be_chosen() -> None:
    assert Kind.PING not in CHOSEN_KINDS
    assert len(CHOSEN_KINDS) == len(Kind) - 1

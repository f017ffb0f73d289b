"""Connections: tokens shown once, addresses that are told, and what each was sent."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from store.connections.models import ApiToken, Delivery, DeliveryState
from store.database import db
from store.staff.models import AuditEntry
from store.staff.roles import Role
from tests.connections.receiver import (
    Receiver,
    a_receiver,
    an_endpoint,
    run_due,
    the_endpoint,
    told,
)
from tests.desk import as_read
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of


class Connections:
    """An owner's browser among the connections."""

    def __init__(self, shop: Shop, role: Role = Role.OWNER) -> None:
        self.browser = at_the_desk(shop, role=role)
        self._token = token_of(self.browser, "/staff/account/")

    def get(self, path: str = "") -> Any:
        return self.browser.get(f"/staff/connections/{path}")

    def post(self, path: str, **fields: Any) -> Any:
        data = {"csrf_token": self._token, **fields}
        return self.browser.post(f"/staff/connections/{path}", data=data)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with a_receiver() as receiver:
        yield receiver


@pytest.fixture
def owner(app: Flask, shop: Shop) -> Connections:
    return Connections(shop)


def _shown_once(answer: Any) -> str:
    assert answer.status_code == 200, as_read(answer)
    found = re.search(r'id="key"\s+value="([^"]+)"', answer.text)
    assert found
    return unescape(found[1])


def _acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))


def test_a_token_is_shown_once_and_opens_the_api(shop: Shop, owner: Connections) -> None:
    answer = owner.post("tokens", name="Warehouse", scopes=["stock:read"], days="30")

    key = _shown_once(answer)
    headers = {"Authorization": f"Bearer {key}"}
    assert shop.browser().get("/api/v1/stock", headers=headers).status_code == 200
    page = owner.get().text
    assert key not in page
    assert key[:12] in page
    token = db.session.scalars(select(ApiToken)).one()
    assert token.expires_at == shop.clock.now() + timedelta(days=30)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.act == "token.made"
    assert key not in str(entry.after)


def test_a_form_sent_twice_makes_one_token(owner: Connections) -> None:
    fields: dict[str, Any] = {"name": "Warehouse", "scopes": ["stock:read"], "days": "0"}
    owner.post("tokens", **fields)

    answer = owner.post("tokens", **fields)

    assert answer.status_code == 422
    assert "A token of this name counts already." in answer.text
    assert 'value="stock:read" checked' in answer.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "scopes": ["stock:read"]}, "A name tells it from others."),
        ({"name": "A"}, "Choose at least one thing that it may do."),
        ({"name": "A", "scopes": ["everything"]}, "field__error"),
        ({"name": "x" * 81, "scopes": ["stock:read"]}, "Keep it under 80 characters."),
    ],
)
def test_a_token_that_makes_no_sense_is_refused_beside_its_field(
    owner: Connections, fields: dict[str, Any], words: str
) -> None:
    answer = owner.post("tokens", days="90", **fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.scalars(select(ApiToken)).all() == []


def test_a_revoked_token_opens_nothing(shop: Shop, owner: Connections) -> None:
    key = _shown_once(owner.post("tokens", name="W", scopes=["stock:read"], days="0"))
    token_id = db.session.scalars(select(ApiToken.id)).one()

    assert owner.post(f"tokens/{token_id}/revocation").status_code == 303

    headers = {"Authorization": f"Bearer {key}"}
    assert shop.browser().get("/api/v1/stock", headers=headers).status_code == 401
    assert "Revoked" in as_read(owner.get())
    owner.post(f"tokens/{token_id}/revocation")
    assert _acts() == ["token.made", "token.revoked"]


def test_an_address_is_told_after_its_secret_was_shown(
    shop: Shop, owner: Connections, receiver: Receiver
) -> None:
    answer = owner.post("endpoints", name="Hooks", url=receiver.url, kinds=["order.paid"])
    assert _shown_once(answer).startswith("whsec_")

    assert owner.post("endpoints/1/pings").status_code == 303
    run_due(shop)

    assert '"type":"ping"' in receiver.bodies[0]
    page = as_read(owner.get("endpoints/1"))
    assert "ping" in page
    assert "Delivered" in page
    (delivery,) = told(1)
    shown = as_read(owner.get(f"endpoints/1/deliveries/{delivery.id}"))
    assert "204" in shown
    assert delivery.message_id in shown


@pytest.mark.parametrize("url", ["http://example.org/", "https://a:b@example.org", "hello"])
def test_an_address_that_is_not_encrypted_is_refused(owner: Connections, url: str) -> None:
    answer = owner.post("endpoints", name="Hooks", url=url, kinds=["order.paid"])

    assert answer.status_code == 422
    assert "It begins with https://" in answer.text
    assert "Hooks" in answer.text


def test_a_secret_is_changed_once_by_one_page(
    shop: Shop, owner: Connections, receiver: Receiver
) -> None:
    an_endpoint(shop, receiver.url)
    first = the_endpoint(1).nonce
    seen = first[:8]

    assert _shown_once(owner.post("endpoints/1/secrets", seen=seen)).startswith("whsec_")
    assert owner.post("endpoints/1/secrets", seen=seen).status_code == 409

    assert the_endpoint(1).old_nonce == first
    assert "The secret before counts until" in as_read(owner.get("endpoints/1"))


def test_what_was_not_taken_is_sent_again_by_hand(
    shop: Shop, owner: Connections, receiver: Receiver
) -> None:
    an_endpoint(shop, receiver.url)
    receiver.status = 410
    owner.post("endpoints/1/pings")
    run_due(shop)
    assert "it said that it is gone" in as_read(owner.get())
    assert owner.post("endpoints/1/pings").status_code == 409
    assert owner.post("endpoints/1/repetitions").status_code == 409

    receiver.status = 200
    owner.post("endpoints/1/resumption")
    owner.post("endpoints/1/repetitions")
    run_due(shop)

    assert told(1)[0].state == DeliveryState.DELIVERED
    delivery_id = told(1)[0].id
    assert owner.post(f"endpoints/1/deliveries/{delivery_id}/repetition").status_code == 303
    run_due(shop)
    assert len(receiver.bodies) == 3
    assert _acts() == ["endpoint.resumed", "endpoint.repeated", "endpoint.repeated"]


def test_home_says_who_is_told_nothing(shop: Shop, owner: Connections, receiver: Receiver) -> None:
    an_endpoint(shop, receiver.url, name="The mill")
    receiver.status = 500
    owner.post("endpoints/1/pings")
    run_due(shop)
    assert "partner who does not answer" in as_read(owner.browser.get("/staff/"))

    for _ in range(9):
        shop.clock.move_to(shop.clock.now() + timedelta(days=1))
        run_due(shop)

    home = as_read(Connections(shop).browser.get("/staff/"))
    assert "partner who is told nothing" in home
    assert "The mill accepted nothing for days" in home


def test_an_address_is_changed_switched_off_and_removed(
    shop: Shop, owner: Connections, receiver: Receiver
) -> None:
    an_endpoint(shop, receiver.url)

    fields: dict[str, Any] = {"name": "Mill", "url": receiver.url, "kinds": ["parcel.shipped"]}
    owner.post("endpoints/1", **fields)
    owner.post("endpoints/1", **fields)
    owner.post("endpoints/1/end")
    assert the_endpoint(1).kinds == ["parcel.shipped"]
    assert "Off" in as_read(owner.get("endpoints/1"))
    assert owner.post("endpoints/1/removal").status_code == 303

    assert owner.get("endpoints/1").status_code == 404
    assert db.session.scalars(select(Delivery)).all() == []
    assert _acts() == ["endpoint.edited", "endpoint.ended", "endpoint.removed"]


def test_a_message_of_another_address_is_not_found(
    shop: Shop, owner: Connections, receiver: Receiver
) -> None:
    an_endpoint(shop, receiver.url)
    an_endpoint(shop, receiver.url, name="Another")
    owner.post("endpoints/1/pings")

    delivery_id = told(1)[0].id

    assert owner.get(f"endpoints/2/deliveries/{delivery_id}").status_code == 404
    assert owner.post(f"endpoints/2/deliveries/{delivery_id}/repetition").status_code == 404


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_connect(app: Flask, shop: Shop, role: Role) -> None:
    other = Connections(shop, role)

    assert other.get().status_code == 403
    assert other.post("tokens", name="x", scopes=["stock:read"], days="0").status_code == 403
    assert "/staff/connections/" not in other.browser.get("/staff/").text

import re
import threading
from html import unescape

import pytest
import stripe
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.sandbox.stripe import Sandbox
from tests.sandbox.stripe.orders import SHOP, a_line, open_session

GOOD = {
    "email": "robin@example.org",
    "name": "Robin Reader",
    "line1": "1 Oxford Street",
    "line2": "",
    "city": "Darlinghurst",
    "state": "NSW",
    "postal_code": "2010",
    "country": "AU",
    "shipping": "0",
    "card": "4242 4242 4242 4242",
    "expiry": "12/34",
    "cvc": "123",
}


def _text(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def _pay(buyer: FlaskClient, session_id: str, **changes: str) -> TestResponse:
    return buyer.post(f"/pay/{session_id}", data=GOOD | changes)


def test_the_page_shows_what_is_bought_and_what_it_costs(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    session = open_session(client, line_items=[a_line(quantity=2)])

    page = _text(buyer.get(f"/pay/{session.id}"))

    assert "Test payments" in page
    assert "Late Edition T-shirt Black, M 2 × A$42.90 A$85.80" in page
    assert "Pay A$95.70" in page
    assert "Standard post 3 to 6 business days A$9.90" in page


def test_every_field_has_its_label(client: stripe.StripeClient, buyer: FlaskClient) -> None:
    page = buyer.get(f"/pay/{open_session(client).id}").text

    labels = dict(re.findall(r'<label for="(\w+)">([^<]+)</label>', page))
    assert list(labels.values()) == [
        "Email", "Name", "Address line 1", "Address line 2", "Suburb", "State", "Postcode",
        "Country", "Card number", "Expiry", "CVC",
    ]  # fmt: skip
    assert all(f'id="{field}"' in page for field in labels)


def test_paying_leads_back_to_the_shop_with_the_sessions_id(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    session_id = open_session(client).id

    answer = _pay(buyer, session_id, shipping="1")

    assert answer.status_code == 303
    assert answer.location == f"{SHOP}/checkout/thanks?session_id={session_id}"
    session = client.v1.checkout.sessions.retrieve(session_id)
    assert (session.payment_status, session.amount_total) == ("paid", 5780)


def test_pressing_pay_twice_pays_once(
    client: stripe.StripeClient, sandbox_app: Flask, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    start = threading.Barrier(4)
    answers: list[TestResponse] = []

    def press() -> None:
        start.wait()
        answers.append(_pay(sandbox_app.test_client(), session_id))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {(a.status_code, a.location) for a in answers} == {
        (303, f"{SHOP}/checkout/thanks?session_id={session_id}")
    }
    assert len(client.v1.charges.list().data) == 1


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("email", "robin", "Enter an email address"),
        ("name", " ", "Enter a name."),
        ("line1", "", "Enter the street"),
        ("city", "", "Enter the suburb"),
        ("state", "", "Enter the state."),
        ("postal_code", "20100", "four digits"),
        ("country", "GB", "Choose a country"),
        ("shipping", "7", "Choose how it is sent"),
        ("card", "", "Enter a card number"),
        ("card", "4242 4242 4242 4241", "typing mistake"),
        ("card", "4111 1111 1111 1111", "Only the test cards"),
        ("expiry", "13/34", "such as 12/34"),
        ("expiry", "10/26", "in the past"),
        ("cvc", "12", "three or four digits"),
        ("line2", "x" * 201, "At most 200"),
    ],
)
def test_a_wrong_field_is_told_and_all_that_was_typed_is_kept(
    client: stripe.StripeClient, buyer: FlaskClient, field: str, typed: str, error: str
) -> None:
    session_id = open_session(client).id

    answer = _pay(buyer, session_id, **{field: typed})

    assert answer.status_code == 422
    assert _text(answer).count(error) == 2
    kept = {
        name: value for name, value in GOOD.items() if name not in {field, "country", "shipping"}
    }
    assert all(f'value="{value}"' in answer.text for value in kept.values())
    assert client.v1.charges.list().data == []


def test_a_declined_card_is_told_beside_its_field(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    session_id = open_session(client).id

    answer = _pay(buyer, session_id, card="4000000000009995")

    assert answer.status_code == 402
    assert "Your card has insufficient funds." in _text(answer)
    assert _pay(buyer, session_id).status_code == 303


def test_only_allowed_countries_are_offered(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    page = buyer.get(f"/pay/{open_session(client).id}").text

    assert re.findall(r'<option value="(\w+)"', page) == ["AU", "NZ"]
    assert "New Zealand" in page


def test_another_country_has_postcodes_of_its_own(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    answer = _pay(buyer, open_session(client).id, country="NZ", postal_code="0600 A", state="")

    assert answer.status_code == 303


def test_an_expired_session_says_so(client: stripe.StripeClient, buyer: FlaskClient) -> None:
    session_id = open_session(client).id
    client.v1.checkout.sessions.expire(session_id)

    shown, pressed = buyer.get(f"/pay/{session_id}"), _pay(buyer, session_id)

    assert shown.status_code == pressed.status_code == 410
    assert "This payment page has expired" in _text(shown)
    assert f'href="{SHOP}/checkout/back"' in shown.text


def test_a_paid_session_says_so_and_leads_on(
    client: stripe.StripeClient, buyer: FlaskClient, sandbox: Sandbox
) -> None:
    session_id = open_session(client).id
    sandbox.pay(session_id)

    page = buyer.get(f"/pay/{session_id}")

    assert "This payment is complete" in _text(page)
    assert f'href="{SHOP}/checkout/thanks?session_id={session_id}"' in page.text


def test_an_unknown_session_is_not_found(buyer: FlaskClient) -> None:
    assert buyer.get("/pay/cs_test_unknown").status_code == 404
    assert buyer.post("/pay/cs_test_unknown").status_code == 404


def test_nothing_to_pay_asks_for_no_card(client: stripe.StripeClient, buyer: FlaskClient) -> None:
    free = open_session(client, line_items=[a_line(unit_amount=0)], shipping_options=None)

    page = buyer.get(f"/pay/{free.id}")
    answer = _pay(buyer, free.id, card="", expiry="", cvc="")

    assert "Card number" not in page.text
    assert answer.status_code == 303


def test_a_known_buyer_keeps_the_shops_address(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    session = open_session(client, customer_email="known@example.org")

    page = buyer.get(f"/pay/{session.id}").text

    assert 'value="known@example.org"' in page
    assert "readonly" in page


def test_goods_without_post_ask_for_no_address(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    session = open_session(client, shipping_options=None, shipping_address_collection=None)

    page = buyer.get(f"/pay/{session.id}").text

    assert "Address line 1" not in page
    assert 'type="radio"' not in page


def test_what_the_shop_names_cannot_break_out_of_the_page(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    session = open_session(client, line_items=[a_line(name='"><script>alert(1)</script>')])

    answer = _pay(buyer, session.id, email='"><img src=x>')

    assert "<script" not in answer.text
    assert "<img src=x" not in answer.text


def test_the_page_runs_nothing_and_is_kept_nowhere(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    headers = buyer.get(f"/pay/{open_session(client).id}").headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' http://127.0.0.1:5000; "
        "form-action 'self' http://127.0.0.1:5000; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_the_page_needs_no_script_and_no_inline_style(
    client: stripe.StripeClient, buyer: FlaskClient
) -> None:
    page = buyer.get(f"/pay/{open_session(client).id}").text

    assert not re.search(r"<script|<style|\sstyle=|\son\w+=", page)


def test_the_stylesheet_and_the_front_page_are_served(buyer: FlaskClient) -> None:
    with buyer.get("/assets/pay.css") as stylesheet:
        assert stylesheet.mimetype == "text/css"
    assert "4000 0000 0000 1117" in buyer.get("/").text

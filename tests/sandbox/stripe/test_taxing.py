"""Automatic tax as Stripe takes it: by address and tax code, inside prices or on top."""

from typing import Any

import pytest
import stripe
from stripe import StripeClient
from stripe.params.checkout import SessionCreateParams

from store.sandbox.stripe import Sandbox
from store.sandbox.stripe.purchase import Address
from tests.sandbox.stripe.orders import a_request

NEW_ZEALAND = Address(country="NZ", state="", postal_code="6011")


def taxed_params(behaviour: str, *, code: str = "txcd_99999999") -> SessionCreateParams:
    """Return a session of one thing for 45.00, sent for 9.00."""
    rate = {
        "display_name": "Post",
        "type": "fixed_amount",
        "fixed_amount": {"amount": 900, "currency": "aud"},
        "tax_behavior": behaviour,
        "tax_code": "txcd_92010001",
        "metadata": {"choice": "0"},
    }
    price = {
        "currency": "aud",
        "unit_amount": 4500,
        "tax_behavior": behaviour,
        "product_data": {"name": "Tee", "tax_code": code},
    }
    return a_request(
        automatic_tax={"enabled": True},
        line_items=[{"quantity": 1, "price_data": price}],
        shipping_address_collection={"allowed_countries": ["AU", "NZ"]},
        shipping_options=[{"shipping_rate_data": rate}],
    )


def paid(client: StripeClient, sandbox: Sandbox, params: SessionCreateParams) -> Any:
    session = client.v1.checkout.sessions.create(params=params)
    assert session.total_details
    assert session.total_details.amount_tax == 0
    sandbox.pay(session.id, address=NEW_ZEALAND)
    expand = ["line_items", "shipping_cost.shipping_rate", "total_details.breakdown"]
    return client.v1.checkout.sessions.retrieve(session.id, params={"expand": expand})


def test_tax_on_top_is_added_to_the_total(client: StripeClient, sandbox: Sandbox) -> None:
    session = paid(client, sandbox, taxed_params("exclusive"))

    assert (session.total_details.amount_tax, session.amount_total) == (675 + 135, 6210)
    assert session.line_items.data[0].amount_tax == 675
    assert session.shipping_cost.shipping_rate.metadata["choice"] == "0"
    assert session.automatic_tax.status == "complete"


def test_tax_inside_prices_adds_nothing(client: StripeClient, sandbox: Sandbox) -> None:
    session = paid(client, sandbox, taxed_params("inclusive"))

    assert (session.total_details.amount_tax, session.amount_total) == (587 + 117, 5400)
    (told,) = session.total_details.breakdown.taxes
    assert (told.rate.percentage, told.rate.inclusive, told.taxable_amount) == (15, True, 4696)


def test_what_is_not_taxable_bears_nothing(client: StripeClient, sandbox: Sandbox) -> None:
    session = paid(client, sandbox, taxed_params("exclusive", code="txcd_00000000"))

    assert session.line_items.data[0].amount_tax == 0


def test_a_price_must_say_whether_tax_is_in_it(client: StripeClient) -> None:
    params = taxed_params("unspecified")

    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(params=params)

    assert refused.value.param == "line_items[0][price_data][tax_behavior]"

"""What a cart comes to is what is charged: in every currency, to every place, by every rule."""

from itertools import count

from hypothesis import HealthCheck, given, settings

from tests.checkout.charging import Journey, charge, journeys
from tests.shop import Shop

_keys = count(1)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(journeys())
def test_what_is_charged_is_what_the_cart_came_to(shop: Shop, journey: Journey) -> None:
    with shop.app.app_context():
        charged = charge(journey, shop, f"charging-{next(_keys)}")

    if charged is None:
        return
    order = charged.order
    assert charged.differences == []
    assert charged.received_minor + order.on_cards_minor == order.total_minor
    on_top = 0 if order.tax_included else order.tax_minor
    net = order.subtotal_minor - order.discount_minor + order.shipping_minor
    assert net + on_top == order.total_minor
    assert sum(told["tax"] for told in order.tax_lines) == order.tax_minor
    assert 0 <= sum(line.tax_minor for line in order.lines) <= order.tax_minor
    assert sum(line.paid_minor for line in order.lines) + order.shipping_paid_minor == (
        order.total_minor
    )

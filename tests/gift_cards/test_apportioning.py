"""Gift cards never pay more than is on them, and never leave what nobody can charge."""

from hypothesis import given
from hypothesis import strategies as st

from store.gift_cards.apportioning import apportion
from store.money import Money, smallest_charge, smallest_charge_step

CURRENCIES = ("AUD", "JPY", "KWD", "CZK")


@st.composite
def sums(draw: st.DrawFn) -> tuple[Money, Money, list[Money]]:
    currency = draw(st.sampled_from(CURRENCIES))
    step = smallest_charge_step(currency)
    total = draw(st.integers(0, 5_000))
    payable = draw(st.integers(0, total) | st.just(total))
    near = st.integers(max(0, total - 60), total + 5)
    # A balance may be no chargeable step: staff could have put on what a currency allows.
    balances = draw(st.lists((st.integers(0, 3_000) | near), max_size=4))
    odd = draw(st.integers(0, step - 1))
    return (
        Money(total * step, currency),
        Money(payable * step, currency),
        [Money(balance * step + odd, currency) for balance in balances],
    )


@given(sums())
def test_parts_are_within_balances_and_the_rest_can_be_charged(
    drawn: tuple[Money, Money, list[Money]],
) -> None:
    total, payable, balances = drawn

    paid = apportion(total, payable, balances)

    left, least = total - paid.whole, smallest_charge(total.currency)
    assert len(paid.parts) == len(balances)
    assert all(0 <= p.minor <= b.minor for p, b in zip(paid.parts, balances, strict=True))
    assert paid.whole <= payable
    assert not left.minor % smallest_charge_step(total.currency)
    # What is below the least from the start is for the cart to say, and no card's fault.
    assert not left or least <= left or (total < least and not paid.whole)


@given(sums())
def test_as_much_is_paid_as_can_be(drawn: tuple[Money, Money, list[Money]]) -> None:
    total, payable, balances = drawn
    step = smallest_charge_step(total.currency)

    paid = apportion(total, payable, balances)

    most = min(sum(b.minor // step * step for b in balances), payable.minor)
    assert paid.whole.minor + paid.kept.minor == most
    assert paid.kept <= smallest_charge(total.currency) or total < smallest_charge(total.currency)


def test_cards_are_emptied_in_their_order() -> None:
    paid = apportion(Money(3_000, "AUD"), Money(3_000, "AUD"), [Money(1_000, "AUD")] * 5)

    assert [part.minor for part in paid.parts] == [1_000, 1_000, 1_000, 0, 0]

"""Promises about how discounts combine: the least to pay, never below zero, in every currency."""

from hypothesis import given
from hypothesis import strategies as st

from store.money import Money, smallest_charge_step
from store.pricing.discounts import DiscountKind, Offer, best, missing, take_off
from store.pricing.totals import PricedLine
from tests.builders import aud

POST = aud(8.95)
TEES = PricedLine(1, aud(45), 2)
MUG = PricedLine(2, aud(19.95), 1)
CURRENCIES = ("AUD", "JPY", "KWD")


def percent(key: int, points: int, **more: object) -> Offer:
    return Offer(key, f"Offer {key}", DiscountKind.PERCENT, basis_points=points, **more)  # type: ignore[arg-type] # by name


def amount(key: int, off: Money, **more: object) -> Offer:
    return Offer(key, f"Offer {key}", DiscountKind.AMOUNT, amount=off, **more)  # type: ignore[arg-type] # by name


def free_post(key: int, **more: object) -> Offer:
    return Offer(key, f"Offer {key}", DiscountKind.FREE_SHIPPING, **more)  # type: ignore[arg-type] # by name


def chosen(*offers: Offer) -> list[tuple[int, Money]]:
    found = best([TEES, MUG], offers, lambda _goods: POST)
    return [(reduction.key, reduction.amount) for reduction in found]


def test_of_two_on_goods_the_greater_counts() -> None:
    assert chosen(percent(1, 1_000), amount(2, aud(12))) == [(2, aud(12))]


def test_of_two_that_give_the_same_the_code_counts_and_then_the_older() -> None:
    assert chosen(amount(1, aud(5)), amount(2, aud(5), code="FIVE")) == [(2, aud(5))]
    assert chosen(amount(4, aud(5)), amount(3, aud(5))) == [(3, aud(5))]


def test_goods_and_shipping_go_together_where_both_say_so() -> None:
    both = [amount(1, aud(5), combines=True), free_post(2, combines=True)]

    assert chosen(*both) == [(1, aud(5)), (2, POST)]
    assert chosen(both[0], free_post(2)) == [(2, POST)]


def test_goods_of_others_pay_what_they_cost() -> None:
    offer = percent(1, 5_000, line_keys=frozenset({2}))

    assert take_off(offer, [TEES, MUG]) == (aud(0), aud(9.98))


def test_minimum_is_of_the_goods_that_it_is_for() -> None:
    offer = amount(1, aud(5), line_keys=frozenset({2}), minimum=aud(30))

    assert missing(offer, [TEES, MUG]) == aud(10.05)
    assert take_off(offer, [TEES, MUG]) == (aud(0), aud(0))


def test_discount_that_would_cost_the_reader_more_is_left_alone() -> None:
    def free_from_hundred(goods: Money) -> Money:
        return aud(0) if aud(100) <= goods else POST

    assert best([TEES, MUG], [amount(1, aud(10))], free_from_hundred) != ()
    assert best([PricedLine(1, aud(101), 1)], [amount(1, aud(2))], free_from_hundred) == ()


def test_no_goods_no_discount() -> None:
    assert best([], [amount(1, aud(5))], lambda _goods: POST) == ()


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[PricedLine], list[Offer], Money]:
    currency = draw(st.sampled_from(CURRENCIES))
    step = smallest_charge_step(currency)
    money = st.integers(0, 10**6).map(lambda steps: Money(steps * step, currency))
    some = st.integers(1, 10**6).map(lambda steps: Money(steps * step, currency))
    lines = [
        PricedLine(key, price, quantity)
        for key, (price, quantity) in enumerate(
            draw(st.lists(st.tuples(money, st.integers(1, 20)), min_size=1, max_size=8))
        )
    ]
    keys = st.none() | st.frozensets(st.sampled_from([line.key for line in lines]))
    offer = st.builds(
        Offer,
        key=st.integers(1, 99),
        name=st.just("Offer"),
        kind=st.sampled_from(DiscountKind),
        basis_points=st.integers(1, 10_000),
        amount=st.none(),
        minimum=st.none() | money,
        line_keys=keys,
        combines=st.booleans(),
    )
    fixed = st.builds(
        Offer,
        key=st.integers(100, 199),
        name=st.just("Fixed"),
        kind=st.just(DiscountKind.AMOUNT),
        amount=some,
        minimum=st.none() | money,
        line_keys=keys,
        combines=st.booleans(),
    )
    percentages = [o for o in draw(st.lists(offer, max_size=3)) if o.kind != DiscountKind.AMOUNT]
    return lines, [*percentages, *draw(st.lists(fixed, max_size=3))], draw(money)


@given(cases())
def test_whatever_is_chosen_is_allowed_and_leaves_the_least(
    case: tuple[list[PricedLine], list[Offer], Money],
) -> None:
    lines, offers, post = case
    step = smallest_charge_step(post.currency)
    found = best(lines, offers, lambda _goods: post)
    off = sum(reduction.amount.minor for reduction in found)

    assert sum(bool(r.goods) for r in found) <= 1
    assert sum(bool(r.shipping) for r in found) <= 1
    assert all(reduction.amount.minor > 0 for reduction in found)
    for reduction in found:
        for line, part in zip(lines, reduction.parts, strict=True):
            assert 0 <= part.minor <= line.unit_price.minor * line.quantity
            assert part.minor % step == 0
    for offer in offers:
        alone = sum(part.minor for part in take_off(offer, lines))
        assert alone <= off, "a discount alone would have given more"


@given(cases())
def test_nothing_comes_off_lines_that_a_discount_is_not_for(
    case: tuple[list[PricedLine], list[Offer], Money],
) -> None:
    lines, offers, _post = case
    for offer in offers:
        for line, part in zip(lines, take_off(offer, lines), strict=True):
            assert offer.is_for(line) or not part

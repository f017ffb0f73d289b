"""Promises about `store stock`."""

import pytest
from click.testing import Result

from store.cli.stock import stock as command
from store.database import writing
from store.inventory import stock
from store.inventory.stock import HoldLine
from tests.builders import a_product
from tests.inventory.promises import an_order_line
from tests.shop import Shop


@pytest.fixture
def variant(shop: Shop) -> int:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, stock=5)
        product.variants[0].sku = "TEE-M"
        return product.variants[0].id


def run(shop: Shop, *words: str) -> Result:
    return shop.app.test_cli_runner().invoke(command, words)


def on_hand(shop: Shop, variant: int) -> int:
    with shop.app.app_context():
        return stock.levels([variant])[variant].on_hand


def test_shelf_is_shown_by_sku_and_by_number(shop: Shop, variant: int) -> None:
    line = "TEE-M · Late Edition tee: 5 on hand, 0 promised, 5 to sell\n"

    assert run(shop, "show").output == line
    assert run(shop, "show", "TEE-M").output == line
    assert run(shop, "show", f"#{variant}").output == line


def test_delivery_prints_what_changed(shop: Shop, variant: int) -> None:
    result = run(shop, "receive", "TEE-M", "7", "--cause", "PO 12")

    assert result.exit_code == 0
    assert "after:  12 on hand" in result.output
    assert on_hand(shop, variant) == 12


def test_dry_run_writes_nothing(shop: Shop, variant: int) -> None:
    result = run(shop, "receive", "TEE-M", "7", "--dry-run")

    assert "after:  12 on hand" in result.output
    assert "nothing was written" in result.output
    assert on_hand(shop, variant) == 5


def test_units_leave_by_a_negative_number(shop: Shop, variant: int) -> None:
    result = run(shop, "adjust", "TEE-M", "-2", "--kind", "damage")

    assert result.exit_code == 0
    assert on_hand(shop, variant) == 3


def test_count_below_what_is_promised_names_the_orders(shop: Shop, variant: int) -> None:
    with shop.app.app_context(), writing():
        line = an_order_line(variant, 4, shop.clock)
        stock.hold([HoldLine(variant, 4, line)], None)

    result = run(shop, "adjust", "TEE-M", "--to", "1")

    assert "1 on hand, 4 promised, -3 to sell, 3 short" in result.output
    assert "these orders wait: GN-" in result.output


@pytest.mark.parametrize(
    "words",
    [
        ("receive", "TEE-M", "0"),
        ("receive", "NO-SUCH", "1"),
        ("receive", "#²", "1"),
        ("adjust", "TEE-M", "-6"),
        ("adjust", "TEE-M", "0"),
        ("adjust", "TEE-M"),
        ("adjust", "TEE-M", "1", "--to", "1"),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, variant: int, words: tuple[str, ...]) -> None:
    result = run(shop, *words)

    assert result.exit_code in {1, 2}
    assert "Error" in result.output
    assert on_hand(shop, variant) == 5


def test_what_nobody_counts_is_not_counted_by_accident(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        number = a_product(shop.clock, tracked=False).variants[0].id

    result = run(shop, "receive", f"#{number}", "3")

    assert result.exit_code == 1
    assert "track it first" in result.output


def test_proof_finds_and_mends_a_level(shop: Shop, variant: int) -> None:
    with shop.app.app_context(), writing():
        stock.levels([variant])[variant].on_hand = 9

    found, mended, after = run(shop, "prove"), run(shop, "prove", "--mend"), run(shop, "prove")

    assert "on_hand is 9, rows say 5" in found.output
    assert [result.exit_code for result in (found, mended, after)] == [1, 0, 0]
    assert on_hand(shop, variant) == 5

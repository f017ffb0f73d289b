"""Twenty buyers at once, ten units: on every database exactly ten are served."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from store.database import writing
from store.inventory import stock
from store.inventory.proof import proof
from store.inventory.stock import HoldLine, OutOfStockError
from tests.builders import a_product
from tests.inventory.promises import an_order_line
from tests.shop import Shop


def test_ten_units_go_to_ten_of_twenty_buyers(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        variant = a_product(shop.clock, stock=10).variants[0].id
        lines = [an_order_line(variant, 1, shop.clock) for _ in range(20)]
    start = Barrier(20)

    def buy(line: int) -> bool:
        with shop.app.app_context():
            start.wait()
            try:
                with writing():
                    stock.hold([HoldLine(variant, 1, line)], None)
            except OutOfStockError:
                return False
            return True

    with ThreadPoolExecutor(20) as buyers:
        served = sum(buyers.map(buy, lines))

    with shop.app.app_context():
        level = stock.levels([variant])[variant]
        assert (served, level.available, proof()) == (10, 0, [])


def test_buyers_of_the_same_things_never_wait_in_a_ring(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        first, second = (a_product(shop.clock, stock=10).variants[0].id for _ in range(2))
        pairs = [[an_order_line(v, 1, shop.clock) for v in (first, second)] for _ in range(10)]
    start = Barrier(10)

    def buy(number: int) -> None:
        one, two = pairs[number]
        lines = [HoldLine(first, 1, one), HoldLine(second, 1, two)]
        with shop.app.app_context():
            start.wait()
            with writing():
                stock.hold(lines if number % 2 else lines[::-1], None)

    with ThreadPoolExecutor(10) as buyers:
        list(buyers.map(buy, range(10)))

    with shop.app.app_context():
        assert [level.available for level in stock.levels([first, second]).values()] == [0, 0]


def test_release_and_allocation_race_for_a_hold_and_one_wins(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        variant = a_product(shop.clock, stock=10).variants[0].id
        line = an_order_line(variant, 3, shop.clock)
        stock.hold([HoldLine(variant, 3, line)], None)
    start = Barrier(8)

    def move(number: int) -> int:
        verb = stock.allocate if number % 2 else stock.release
        with shop.app.app_context():
            start.wait()
            with writing():
                return len(verb([line]))

    with ThreadPoolExecutor(8) as movers:
        assert sum(movers.map(move, range(8))) == 1

    with shop.app.app_context():
        assert proof() == []


def test_counts_and_deliveries_at_once_leave_an_explained_shelf(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        variant = a_product(shop.clock, stock=10).variants[0].id
    start = Barrier(12)

    def work(number: int) -> None:
        with shop.app.app_context():
            start.wait()
            with writing():
                if number % 2:
                    stock.receive(variant, number, cause="PO", actor="ana", clock=shop.clock)
                else:
                    stock.count(variant, number, cause="count", actor="bo", clock=shop.clock)

    with ThreadPoolExecutor(12) as workers:
        list(workers.map(work, range(12)))

    with shop.app.app_context():
        assert proof() == []

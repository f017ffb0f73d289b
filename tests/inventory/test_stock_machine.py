"""Whatever order things happen in, every level keeps its invariants and its ledger explains it."""

from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from store.clock import FixedClock
from store.database import writing
from store.inventory import stock
from store.inventory.models import StockLevel
from store.inventory.proof import proof
from store.inventory.reservations import NotAllocatedError
from store.inventory.stock import HoldLine, NotOnShelfError, OutOfStockError
from tests.builders import a_product
from tests.inventory.promises import an_order_line

pytestmark = pytest.mark.slow

UNITS = st.integers(1, 6)


class Shelf(RuleBasedStateMachine):
    """Two variants, and a model of each: what lies there, what is promised."""

    clock: FixedClock
    held, allocated, released = Bundle("held"), Bundle("allocated"), Bundle("released")

    @initialize(first=st.integers(0, 8), second=st.integers(0, 8))
    def open_shop(self, first: int, second: int) -> None:
        with writing():
            self.variants = [
                a_product(self.clock, stock=units).variants[0].id for units in (first, second)
            ]
        self.on_hand = dict(zip(self.variants, (first, second), strict=True))
        self.reserved = dict.fromkeys(self.variants, 0)

    @rule(target=held, which=st.integers(0, 1), units=UNITS)
    def hold(self, which: int, units: int) -> object:
        variant = self.variants[which]
        try:
            with writing():
                line = an_order_line(variant, units, self.clock)
                stock.hold([HoldLine(variant, units, line)], None)
        except OutOfStockError:
            assert units > self._available(variant)
            return multiple()
        assert units <= self._available(variant)
        self.reserved[variant] += units
        return line, variant, units

    @rule(target=allocated, line=consumes(held))
    def allocate(self, line: tuple[int, int, int]) -> tuple[int, int, int]:
        with writing():
            assert stock.allocate([line[0]]) == {line[0]}
            assert stock.allocate([line[0]]) == frozenset()
        return line

    @rule(target=released, line=consumes(held))
    def release(self, line: tuple[int, int, int]) -> tuple[int, int, int]:
        return self._let_go(stock.release, line)

    @rule(target=released, line=consumes(allocated))
    def cancel(self, line: tuple[int, int, int]) -> tuple[int, int, int]:
        return self._let_go(stock.release_allocated, line)

    @rule(target=allocated, line=consumes(released))
    def take_again(self, line: tuple[int, int, int]) -> tuple[int, int, int]:
        number, variant, units = line
        free = self._available(variant)
        with writing():
            assert stock.allocate([number]) == frozenset()
            missing = stock.take_again([number])
        assert missing == {number: min(units, max(0, units - free))}
        self.reserved[variant] += units
        return line

    @rule(line=consumes(allocated))
    def ship(self, line: tuple[int, int, int]) -> None:
        number, variant, units = line
        try:
            with writing():
                stock.ship(number, units, cause="parcel", clock=self.clock)
        except NotOnShelfError:
            assert self.on_hand[variant] < units
            return
        self.on_hand[variant] -= units
        self.reserved[variant] -= units
        with pytest.raises(NotAllocatedError), writing():
            stock.ship(number, 1, cause="again", clock=self.clock)

    @rule(which=st.integers(0, 1), units=UNITS)
    def receive(self, which: int, units: int) -> None:
        variant = self.variants[which]
        with writing():
            stock.receive(variant, units, cause="PO", actor="ana", clock=self.clock)
        self.on_hand[variant] += units

    @rule(which=st.integers(0, 1), units=st.integers(0, 8))
    def count(self, which: int, units: int) -> None:
        variant = self.variants[which]
        with writing():
            short = stock.count(variant, units, cause="count", actor="ana", clock=self.clock)
        assert short == max(0, self.reserved[variant] - units)
        self.on_hand[variant] = units

    @rule(which=st.integers(0, 1))
    def rebuild(self, which: int) -> None:
        with writing():
            stock.rebuild(self.variants[which])

    @invariant()
    def levels_are_what_the_rows_say(self) -> None:
        assert proof() == []
        for variant, level in stock.levels(getattr(self, "variants", [])).items():
            self._is_sound(variant, level)

    def _is_sound(self, variant: int, level: StockLevel) -> None:
        assert (level.on_hand, level.reserved) == (self.on_hand[variant], self.reserved[variant])
        assert level.shortage == max(0, level.reserved - level.on_hand)
        assert level.on_hand + level.shortage - level.reserved >= 0

    def _available(self, variant: int) -> int:
        return self.on_hand[variant] - self.reserved[variant]

    def _let_go(
        self, verb: Callable[[list[int]], frozenset[int]], line: tuple[int, int, int]
    ) -> tuple[int, int, int]:
        number, variant, units = line
        with writing():
            assert verb([number]) == {number}
            assert verb([number]) == frozenset()
        self.reserved[variant] -= units
        return line


def test_no_order_of_events_breaks_the_shelf(app: Flask, clock: FixedClock) -> None:
    class ShelfHere(Shelf):
        pass

    ShelfHere.clock = clock
    run_state_machine_as_test(
        ShelfHere,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )

"""`python -m bench.races`: many want the same thing at one moment, from several web processes."""

import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

import click
from sqlalchemy import func, select

from bench.contenders import Twins, at_once, race
from bench.machine import processors, taken_at
from bench.race_figures import Race, section
from bench.race_shop import RaceShop, race_shop
from bench.writing import put_part, tell_figures
from store.checkout.reconciling import reconcile
from store.database import db
from store.errors import StoreError
from store.gift_cards.models import GiftCard, GiftCardEntry
from store.mail.models import Message
from store.money import Money
from store.orders.models import Order, OrderEvent, OrderState, Payment, StripeEvent
from store.orders.refunding import RefundWish, refund_order
from store.pricing.models import COUNTING, Redemption
from store.sandbox.stripe.errors import RefusalError
from store.sandbox.stripe.state import Shelf
from store.web.assets import ensure_built
from tests.invariants import assert_invariants
from tests.throwaway_postgresql import throwaway_server

SHARES = ((1, 1), (0.6, 0.6), (0.4, 0.4))
"""Of an order, what the desk and the dashboard give back at one moment."""


@dataclass(frozen=True, slots=True)
class Plan:
    buyers: int
    units: int
    processes: int
    codes: int
    orders: int


@click.command()
@click.option("--buyers", default=1_000, show_default=True, help="Who want the last units.")
@click.option("--units", default=10, show_default=True)
@click.option("--processes", default=4, show_default=True, help="Web processes; two at least.")
@click.option("--codes", default=200, show_default=True, help="Who want a code’s last use.")
@click.option("--orders", default=30, show_default=True, help="Webhooks and refunds in pairs.")
@click.option("--postgresql", is_flag=True, help="On a throw-away PostgreSQL as well.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures there.")
@click.option(
    "--markdown", "page_path", type=click.Path(path_type=Path), help="Write a section there."
)
def main(
    *,
    buyers: int,
    units: int,
    processes: int,
    codes: int,
    orders: int,
    json_path: Path | None,
    page_path: Path | None,
    postgresql: bool,
) -> None:
    """Print what each race came to; end with 1 where one was not fair."""
    ensure_built()
    # Whoever ends the program ends its web processes.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    plan = Plan(buyers, units, max(2, processes), codes, orders)
    races = [
        one
        for database in ("SQLite", "PostgreSQL")[: 1 + postgresql]
        for one in _races(plan, database)
    ]
    tell_figures([_told(one) for one in races], json_path)
    if page_path:
        again = _again(plan, postgresql=postgresql)
        put_part(page_path, section(races, taken_at(), processors(), again))
    if any(one.faults for one in races):
        sys.exit(1)


def _again(plan: Plan, *, postgresql: bool) -> str:
    sizes = f"--buyers {plan.buyers} --units {plan.units} --processes {plan.processes}"
    more = f" --codes {plan.codes} --orders {plan.orders}{' --postgresql' if postgresql else ''}"
    return f".venv/bin/python -m bench.races {sizes}{more} --markdown docs/benchmarks.md"


def _told(one: Race) -> dict[str, object]:
    counted: dict[str, object] = {"endings": dict(one.endings), "said": dict(one.said)}
    if one.answers_ms:
        counted["p50_ms"] = median(one.answers_ms)
    return asdict(replace(one, endings=Counter(), said=Counter())) | counted


def _races(plan: Plan, database: str) -> Iterator[Race]:
    with tempfile.TemporaryDirectory(prefix="bench-races-") as made:
        folder = Path(made)
        with _database(database, folder) as url, race_shop(folder, url, plan.processes) as shop:
            course = Course(plan, database, shop)
            for run in (
                course.last_units,
                course.last_use,
                course.last_cent,
                course.same_webhook,
                course.two_refunds,
            ):
                one = run()
                click.echo(f"{database}: {one.name}: {dict(one.endings)} {one.faults}", err=True)
                yield one


@contextmanager
def _database(database: str, folder: Path) -> Iterator[str]:
    if database == "SQLite":
        yield f"sqlite:///{folder / 'races.sqlite'}"
        return
    with throwaway_server(is_durable=True) as url:
        yield url


@dataclass(frozen=True, slots=True)
class Course:
    """The races of one shop, each with goods of its own."""

    plan: Plan
    database: str
    shop: RaceShop

    def last_units(self) -> Race:
        plan = self.plan
        variant_id = self.shop.goods(plan.units)
        ended = self._run(plan.buyers, variant_id)
        wanted = Counter(paid=min(plan.units, plan.buyers))
        wanted["told"] = plan.buyers - wanted["paid"]
        faults = [] if ended.endings == +wanted else [f"wanted {dict(+wanted)}"]
        name = f"{plan.buyers:,} buyers for {plan.units} units"
        return self._race(name, ended, faults)

    def last_use(self) -> Race:
        number = self.plan.codes
        self.shop.code("ONLYONE", 1)
        ended = self._run(number, self.shop.goods(number), "ONLYONE")
        faults = _unless_one(ended.endings, number)
        with self.shop.app.app_context():
            counting = Redemption.state.in_(COUNTING)
            uses = db.session.scalar(select(func.count()).select_from(Redemption).where(counting))
            db.session.rollback()
        faults += [f"{uses} uses count"] if uses != 1 else []
        return self._race("The last use of a code", ended, faults)

    def last_cent(self) -> Race:
        number = self.plan.codes
        card_id, code = self.shop.gift_card(1)
        ended = self._run(number, self.shop.goods(number), code)
        faults = _unless_one(ended.endings, number)
        with self.shop.app.app_context():
            card = db.session.get_one(GiftCard, card_id)
            spent = db.session.scalar(
                select(func.sum(GiftCardEntry.amount_minor)).where(
                    GiftCardEntry.gift_card_id == card_id, GiftCardEntry.kind == "spent"
                )
            )
            left = card.balance_minor, card.held_minor, spent
            db.session.rollback()
        faults += [f"balance, held and spent are {left}"] if left != (0, 0, -1) else []
        return self._race("The last cent of a gift card", ended, faults)

    def same_webhook(self) -> Race:
        """Bring every event of paid orders to two processes within a millisecond."""
        shop = self.shop
        numbers = self._paid_pages(shop.goods(self.plan.orders))
        twins = Twins((shop.ports[0], shop.ports[1]))

        def deliver() -> int:
            return shop.sandbox.deliver_now(twins.bring)

        _, seconds = at_once([deliver])
        close = sum(apart <= 1 for apart in twins.apart_ms)
        faults = [] if close else ["no pair came within a millisecond: the machine is too busy"]
        with shop.app.app_context():
            faults += [fault for number in numbers for fault in _not_once(number)]
            twice = select(StripeEvent.event_id).group_by(StripeEvent.event_id)
            repeated = db.session.scalars(twice.having(func.count() > 1)).all()
            db.session.rollback()
        faults += [f"{len(repeated)} events are stored twice"] if repeated else []
        odd = {word: count for word, count in twins.statuses.items() if word != "answered 200"}
        faults += [f"{odd}"] if odd else []
        ended = Race(
            self.database,
            "The same webhook to two processes",
            2,
            twins.statuses + Counter({"pairs within 1 ms": close}),
            seconds,
            twins.answers_ms,
            faults,
        )
        return self._judged(ended)

    def two_refunds(self) -> Race:
        """Give back at the desk and in Stripe's dashboard at one moment, order after order."""
        shop = self.shop
        variant_id = shop.goods(self.plan.orders)
        numbers = self._paid_pages(variant_id)
        shop.sandbox.deliver_now()
        endings: Counter[str] = Counter()
        seconds, waits = 0.0, []
        with _ticking(shop):
            for place, number in enumerate(numbers):
                desk, dashboard = SHARES[place % len(SHARES)]
                verbs = [
                    lambda n=number, share=desk: self._at_the_desk(n, share),
                    lambda n=number, share=dashboard: self._in_the_dashboard(n, share),
                ]
                came_to, took = at_once(verbs)
                endings.update(str(one) for one in came_to)
                seconds += took
                waits.append(took * 1_000)
        shop.sandbox.deliver_now()
        ended = Race(
            self.database,
            "Two refunds of one order, desk and dashboard",
            self.plan.processes + 1,
            endings,
            seconds,
            waits,
            self._refund_faults(numbers),
        )
        return self._judged(ended)

    def _at_the_desk(self, number: str, share: float) -> str:
        with self.shop.app.app_context():
            order = db.session.scalars(select(Order).where(Order.number == number)).one()
            minor = round(order.charged_minor * share)
            wish = RefundWish() if share == 1 else RefundWish(amount=Money(minor, order.currency))
            try:
                refund_order(order, wish, self.shop.services, actor="bench")
            except StoreError as error:
                return f"desk told ({type(error).__name__})"
            return "desk gave"

    def _in_the_dashboard(self, number: str, share: float) -> str:
        with self.shop.app.app_context():
            order = db.session.scalars(select(Order).where(Order.number == number)).one()
            intent, minor = order.payments[0].intent_id, round(order.charged_minor * share)
            db.session.rollback()
        try:
            self.shop.sandbox.refund(intent, minor)
        except RefusalError:
            return "dashboard told"
        return "dashboard gave"

    def _refund_faults(self, numbers: Sequence[str]) -> list[str]:
        faults = []
        with self.shop.app.app_context():
            differences = reconcile(self.shop.services)
            faults += [f"{one.number}: {one.what}" for one in differences]
            for number in numbers:
                order = db.session.scalars(select(Order).where(Order.number == number)).one()
                payment = order.payments[0]
                intent = self.shop.sandbox.account.state.take(Shelf.INTENT, payment.intent_id)
                charge = self.shop.sandbox.account.state.take(
                    Shelf.CHARGE, str(intent["latest_charge"])
                )
                back = int(charge["amount_refunded"])
                if not back <= payment.amount_minor or back != payment.refunded_minor:
                    faults.append(f"{number}: {back} there, {payment.refunded_minor} here")
            db.session.rollback()
        return faults

    def _run(self, number: int, variant_id: int, code: str = "") -> Race:
        with _ticking(self.shop):
            ended = race(self.shop.ports, number, variant_id, self.shop.sandbox, code)
        self.shop.sandbox.deliver_now()
        return Race(
            self.database,
            "",
            self.plan.processes,
            ended.endings,
            ended.seconds,
            ended.answers_ms,
            [],
            ended.said,
        )

    def _race(self, name: str, ended: Race, faults: list[str]) -> Race:
        return self._judged(
            Race(
                self.database,
                name,
                ended.processes,
                ended.endings,
                ended.seconds,
                ended.answers_ms,
                faults,
                ended.said,
            )
        )

    def _judged(self, one: Race) -> Race:
        """Add what the rows say: nothing is lost, oversold, or known to one side alone."""
        with self.shop.app.app_context():
            try:
                assert_invariants(self.shop.sandbox)
            except AssertionError as error:
                one.faults.append(str(error) or "an invariant does not hold")
            differences = reconcile(self.shop.services)
            one.faults.extend(f"{d.number}: {d.what}" for d in differences)
            db.session.rollback()
        return one

    def _paid_pages(self, variant_id: int) -> list[str]:
        """Have so many orders paid at Stripe, of which the shop has not heard yet."""
        with self.shop.app.app_context():
            before = set(db.session.scalars(select(Order.number)))
            db.session.rollback()
        quiet = _WithoutThanks(self.shop)
        race(self.shop.ports, self.plan.orders, variant_id, quiet, "")  # type: ignore[arg-type] # it pays
        with self.shop.app.app_context():
            found = set(db.session.scalars(select(Order.number)))
            db.session.rollback()
        for session_id in quiet.sessions:
            self.shop.sandbox.pay(session_id)
        return sorted(found - before)


@dataclass
class _WithoutThanks:
    """Notes pay pages in place of paying: their readers never come back to the thanks page."""

    shop: RaceShop

    def __post_init__(self) -> None:
        self.sessions: list[str] = []

    def pay(self, session_id: str) -> None:
        self.sessions.append(session_id)


@contextmanager
def _ticking(shop: RaceShop) -> Iterator[None]:
    stop: Callable[[], None] = shop.sandbox.start(every_seconds=0.05)
    try:
        yield
    finally:
        stop()


def _unless_one(endings: Counter[str], number: int) -> list[str]:
    wanted = Counter(paid=1, told=number - 1)
    return [] if endings == wanted else [f"wanted {dict(wanted)}"]


def _not_once(number: str) -> Iterator[str]:
    """Name what happened to a paid order another time than once."""
    order = db.session.scalars(select(Order).where(Order.number == number)).one()
    mails = Message.dedupe_key == f"order:{number}:confirmed"
    paid = (OrderEvent.order_id == order.id, OrderEvent.kind == "paid")
    counts = {
        "payments": select(func.count()).select_from(Payment).where(Payment.order_id == order.id),
        "confirmations": select(func.count()).select_from(Message).where(mails),
        "events of payment": select(func.count()).select_from(OrderEvent).where(*paid),
    }
    if order.state != OrderState.PAID:
        yield f"{number} is {order.state}"
    for what, count in counts.items():
        found = db.session.scalar(count)
        if found != 1:
            yield f"{number} has {found} {what}"


if __name__ == "__main__":
    main()

"""What needs a hand now: every count that must be none, for those who may do something about it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from babel import Locale
from babel.dates import format_datetime
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import selectinload

from store.catalog.importing.models import ImportState, ProductImport
from store.checkout.inbox import failing_count
from store.checkout.reconciling import last_reconciliation
from store.connections.endpoints import in_trouble
from store.database import Moment, db
from store.gift_cards.proof import last_proof as gift_card_proof
from store.inventory.proof import last_proof
from store.jobs.outbox import failed_count
from store.mail.refused import refused_count
from store.mail.resting import relay_trouble
from store.newsletter.campaigns.drops import untold
from store.newsletter.campaigns.models import PauseCause
from store.newsletter.campaigns.pausing import paused_by_themselves
from store.orders.ahead.served import orders_held_back
from store.orders.bounced.remedying import lost_refunds
from store.orders.holds import held_now
from store.orders.listing import is_one_of
from store.orders.models import (
    HAS_UNITS_LEFT,
    IS_SHORT,
    Order,
    OrderLine,
    OrderState,
    Refund,
    RefundStatus,
)
from store.orders.returning.models import ReturnState
from store.orders.shortage.models import Shortfall, ShortfallState
from store.services import Services
from store.settings import Settings
from store.staff.campaigns import late_campaigns
from store.staff.disputes import to_answer
from store.staff.inbox import waiting_tips
from store.staff.returns import waiting_returns
from store.staff.roles import Permission, Role, grants
from store.staff.shelves import Narrowed, low_counts
from store.staff.suppressions import unclear_count
from store.staff.waiting import late_count

NAMED = 3
"""How many orders a task names before it says: and more."""


class Weight(StrEnum):
    """How much it matters, as states are painted."""

    BAD = "bad"
    WARN = "warn"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Task:
    """So many of something wait for a hand; the address is where it is done."""

    count: int
    what: str
    detail: str
    path: str
    weight: Weight = Weight.OPEN


Found = Iterator[Task]


def tasks_for(role: Role, services: Services) -> list[Task]:
    """Return what waits and what this role may do, in the order in which it matters."""
    return [
        task
        for permission, look in LOOKS
        if grants(role, permission)
        for task in look(services)
        if task.count
    ]


def _parked(_services: Services) -> Found:
    numbers = _numbers(Order.state == OrderState.PARKED)
    yield Task(
        len(numbers),
        ngettext("parked order", "parked orders", len(numbers)),
        _some(numbers),
        _where(numbers, "/staff/orders/?view=parked"),
        Weight.BAD,
    )


def _to_ship(services: Services) -> Found:
    waiting = select(OrderLine.order_id).where(text(HAS_UNITS_LEFT))
    # What waits for a delivery alone can be packed by nobody.
    count, oldest = db.session.execute(
        select(func.count(), func.min(Order.paid_at, type_=Moment())).where(
            _is_paid(), Order.id.in_(waiting), ~is_one_of(orders_held_back())
        )
    ).one()
    since = _("the first was paid %(when)s", when=_day(oldest, services.settings)) if oldest else ""
    what = ngettext("order to ship", "orders to ship", count)
    yield Task(count, what, since, "/staff/orders/?view=to_ship", Weight.WARN)


def _short(_services: Services) -> Found:
    short = select(OrderLine.order_id).where(
        text(IS_SHORT),
        OrderLine.quantity - OrderLine.shipped - OrderLine.cancelled > 0,
    )
    numbers = _numbers(_is_paid(), Order.id.in_(short))
    yield Task(
        len(numbers),
        ngettext("order short of stock", "orders short of stock", len(numbers)),
        _some(numbers),
        f"/staff/stock/?view={Narrowed.SHORT}",
        Weight.BAD,
    )


def _disputes(services: Services) -> Found:
    waiting = to_answer()
    words = ngettext("dispute to answer", "disputes to answer", len(waiting))
    path = f"/staff/disputes/{waiting[0].id}" if len(waiting) == 1 else "/staff/disputes/"
    detail = ""
    if waiting and waiting[0].due_by is not None:
        when = _day(waiting[0].due_by, services.settings)
        number = waiting[0].order.number
        detail = _("%(number)s until %(when)s", number=number, when=when)
    yield Task(len(waiting), words, detail, path, Weight.BAD)


def _refunds(_services: Services) -> Found:
    lost = db.session.scalars(
        lost_refunds().options(selectinload(Refund.order)).order_by(Refund.id)
    ).all()
    words = ngettext("refund that failed", "refunds that failed", len(lost))
    path = "/staff/orders/failed-refunds"
    if len(lost) == 1:
        path = f"/staff/orders/{lost[0].order.number}/refunds/{lost[0].id}/ways-on"
    yield Task(len(lost), words, _("the money is still here"), path, Weight.BAD)
    under_way = (RefundStatus.PENDING, RefundStatus.REQUIRES_ACTION)
    waiting = db.session.scalars(
        select(func.count()).select_from(Refund).where(Refund.status.in_(under_way))
    ).one()
    words = ngettext("refund under way", "refunds under way", waiting)
    detail = _("Stripe tells us when it is done")
    yield Task(waiting, words, detail, "/staff/orders/?view=refunds")


def _missing(services: Services) -> Found:
    count, first = db.session.execute(
        select(
            func.count(Shortfall.order_id.distinct()),
            func.min(Shortfall.decide_by, type_=Moment()),
        ).where(Shortfall.state == ShortfallState.OPEN)
    ).one()
    words = ngettext("reader has to choose", "readers have to choose", count)
    when = _day(first, services.settings) if count else ""
    detail = _("paid, and gone; the first money goes back %(when)s", when=when)
    yield Task(count, words, detail, "/staff/orders/missing")


def _returns(_services: Services) -> Found:
    waiting = waiting_returns()
    asked, here = waiting.get(ReturnState.ASKED, 0), waiting.get(ReturnState.RECEIVED, 0)
    words = ngettext("return to decide", "returns to decide", asked)
    yield Task(asked, words, "", "/staff/returns/", Weight.WARN)
    words = ngettext("return to make good", "returns to make good", here)
    yield Task(here, words, _("it is here, and its reader waits"), "/staff/returns/", Weight.WARN)


def _shelves(_services: Services) -> Found:
    low, out = low_counts()
    words = ngettext("shelf running low", "shelves running low", low)
    yield Task(low, words, "", f"/staff/stock/?view={Narrowed.LOW}", Weight.WARN)
    words = ngettext("shelf sold out", "shelves sold out", out)
    yield Task(out, words, "", f"/staff/stock/?view={Narrowed.OUT}", Weight.WARN)


def _late(services: Services) -> Found:
    late = late_count(services.clock.now().astimezone(services.settings.zone).date())
    words = ngettext("pre-order past its day", "pre-orders past their day", late)
    yield Task(late, words, "", "/staff/waiting/", Weight.BAD)


def _proof(services: Services) -> Found:
    proof = last_proof()
    if proof is not None:
        words = ngettext(
            "number that its ledger does not explain",
            "numbers that their ledger does not explain",
            proof.differences,
        )
        detail = _(
            "proved %(when)s; “store stock prove” names them",
            when=_day(proof.at, services.settings),
        )
        yield Task(proof.differences, words, detail, "/staff/stock/", Weight.BAD)


def _gift_cards(services: Services) -> Found:
    proof = gift_card_proof()
    if proof is not None:
        words = ngettext(
            "gift card that its ledger does not explain",
            "gift cards that their ledgers do not explain",
            proof.differences,
        )
        when = _day(proof.at, services.settings)
        detail = _("proved %(when)s", when=when)
        yield Task(proof.differences, words, detail, "/staff/gift-cards/", Weight.BAD)


def _holds(_services: Services) -> Found:
    held = held_now()
    words = ngettext("unit on hold", "units on hold", held.units)
    detail = ngettext(
        "for %(num)s order that is being paid",
        "for %(num)s orders that are being paid",
        held.orders,
    )
    yield Task(held.units, words, detail, "/staff/orders/?view=open")


def _tips(_services: Services) -> Found:
    count = waiting_tips()
    yield Task(count, ngettext("tip to read", "tips to read", count), "", "/staff/inbox/tips")


def _came_back(_services: Services) -> Found:
    count = unclear_count()
    words = ngettext("report to read", "reports to read", count)
    yield Task(count, words, _("a mail came back"), "/staff/suppressions/#unclear")


def _imports(_services: Services) -> Found:
    ready = db.session.execute(
        select(ProductImport.id, ProductImport.name)
        .where(ProductImport.state == ImportState.READY)
        .order_by(ProductImport.id)
    ).all()
    path = f"/staff/imports/{ready[0].id}" if len(ready) == 1 else "/staff/imports/"
    words = ngettext("import to confirm", "imports to confirm", len(ready))
    yield Task(len(ready), words, _some([row.name for row in ready]), path)


def _mails(_services: Services) -> Found:
    count = refused_count()
    words = ngettext("mail that was refused", "mails that were refused", count)
    yield Task(count, words, _("nobody was told"), "/staff/faults/#mails", Weight.WARN)


def _campaigns(_services: Services) -> Found:
    stopped = paused_by_themselves()
    words = ngettext(
        "campaign that stopped itself", "campaigns that stopped themselves", len(stopped)
    )
    path = "/staff/newsletter/"
    if len(stopped) == 1:
        path = f"/staff/newsletter/{stopped[0].id}/progress"
    detail = ""
    if stopped:
        causes = {
            PauseCause.BOUNCES: _("%(title)s: too much came back", title=stopped[0].title),
            PauseCause.COMPLAINTS: _("%(title)s: readers complained", title=stopped[0].title),
        }
        detail = causes[PauseCause(stopped[0].pause_cause)]
    yield Task(len(stopped), words, detail, path, Weight.BAD)


def _mail_server(_services: Services) -> Found:
    said = relay_trouble()
    words = _("mail server that takes no mail")
    yield Task(int(bool(said)), words, said, "/staff/faults/#mails", Weight.BAD)


def _connections(_services: Services) -> Found:
    ended, failing = in_trouble()
    words = ngettext("partner who is told nothing", "partners who are told nothing", len(ended))
    detail = _("%(names)s accepted nothing for days", names=_some([one.name for one in ended]))
    yield Task(len(ended), words, detail, "/staff/connections/#endpoints", Weight.BAD)
    words = ngettext("partner who does not answer", "partners who do not answer", len(failing))
    detail = _("%(names)s: tried for three days", names=_some([one.name for one in failing]))
    yield Task(len(failing), words, detail, "/staff/connections/#endpoints", Weight.WARN)


def _jobs(_services: Services) -> Found:
    count = failed_count()
    words = ngettext("job that gave up", "jobs that gave up", count)
    yield Task(count, words, "", "/staff/faults/#jobs", Weight.BAD)


def _events(_services: Services) -> Found:
    count = failing_count()
    words = ngettext("Stripe event that keeps failing", "Stripe events that keep failing", count)
    yield Task(count, words, _("tried again every minute"), "/staff/faults/#events", Weight.BAD)


def _stripe(services: Services) -> Found:
    last = last_reconciliation()
    if last is not None:
        words = ngettext("difference to Stripe", "differences to Stripe", last.differences)
        detail = _("compared %(when)s", when=_day(last.at, services.settings))
        yield Task(last.differences, words, detail, "/staff/faults/#stripe", Weight.BAD)


def _letters(services: Services) -> Found:
    late = late_campaigns(services.clock.now())
    words = ngettext("campaign that cannot begin", "campaigns that cannot begin", len(late))
    path = f"/staff/newsletter/{late[0].id}" if len(late) == 1 else "/staff/newsletter/"
    yield Task(len(late), words, _some([one.title for one in late]), path, Weight.BAD)


def _drops(services: Services) -> Found:
    drops = untold(services.clock.now())
    words = ngettext(
        "new product that no letter shows", "new products that no letter shows", len(drops)
    )
    yield Task(len(drops), words, _some([drop.title for drop in drops]), "/staff/newsletter/drops")


LOOKS: tuple[tuple[Permission, Callable[[Services], Found]], ...] = (
    (Permission.REFUND, _parked),
    (Permission.SHIP, _to_ship),
    (Permission.SHIP, _short),
    (Permission.REFUND, _disputes),
    (Permission.REFUND, _refunds),
    (Permission.SHIP, _missing),
    (Permission.SHIP, _returns),
    (Permission.EDIT_PRODUCTS, _late),
    (Permission.SEND_CAMPAIGNS, _letters),
    (Permission.EDIT_SETTINGS, _stripe),
    (Permission.EDIT_SETTINGS, _events),
    (Permission.EDIT_SETTINGS, _jobs),
    (Permission.EDIT_SETTINGS, _mails),
    (Permission.EDIT_SETTINGS, _mail_server),
    (Permission.SEND_CAMPAIGNS, _campaigns),
    (Permission.CONNECT, _connections),
    (Permission.EDIT_STOCK, _proof),
    (Permission.EDIT_GIFT_CARDS, _gift_cards),
    (Permission.EDIT_STOCK, _shelves),
    (Permission.IMPORT, _imports),
    (Permission.SEE_INBOX, _tips),
    (Permission.SEE_SUBSCRIBERS, _came_back),
    (Permission.SHIP, _holds),
    (Permission.WRITE_CAMPAIGNS, _drops),
)
"""What is looked for, and who can do something about it."""


def _numbers(*which: ColumnElement[bool]) -> Sequence[str]:
    return db.session.scalars(select(Order.number).where(*which).order_by(Order.id)).all()


def _is_paid() -> ColumnElement[bool]:
    # What is reckoned has no index: the few lines lead to their orders, not all that were paid.
    return func.coalesce(Order.state, "") == OrderState.PAID


def _some(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return _("%(shown)s and %(more)s more", shown=shown, more=more) if more > 0 else shown


def _where(numbers: Sequence[str], view: str) -> str:
    return f"/staff/orders/{numbers[0]}" if len(numbers) == 1 else view


def _day(moment: datetime, settings: Settings) -> str:
    locale = Locale("en", settings.country)
    return format_datetime(moment, "d MMM, h:mm a", tzinfo=settings.zone, locale=locale)

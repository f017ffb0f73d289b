"""Every mail of the shop drawn from samples: those to readers, to staff, and to many."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from store.catalog.models import Product, ProductStatus
from store.database import db
from store.mail.letterhead import branded
from store.mail.rendering import Rendered, render
from store.mail.wording import wording_of
from store.money import Money
from store.newsletter.campaigns.letters import addressed, draft_of
from store.newsletter.campaigns.models import Campaign
from store.newsletter.topics import Topic
from store.orders.messages import CONCERNS
from store.services import Services
from store.settings import Settings
from store.staff.messages import WORDS, Notice
from store.staff.sample_mails import CODE, MAILS, sample_mail

CAMPAIGN = "newsletter/campaign"


@dataclass(frozen=True, slots=True)
class Hung:
    """One mail of the gallery; cause says when it is sent."""

    template: str
    title: LazyString
    cause: LazyString
    is_for_readers: bool = True


@dataclass(frozen=True, slots=True)
class HouseLine:
    title: str
    combination: str = "M"
    quantity: int = 2


@dataclass(frozen=True, slots=True)
class HouseOrder:
    """An order that nobody placed, as staff are told of one."""

    number: str
    total: Money
    lines: tuple[HouseLine, ...]
    shipping_name: str = "Robin Reader"
    is_sent: bool = True
    is_picked_up: bool = False
    is_gift: bool = True


@dataclass(frozen=True, slots=True)
class HouseTip:
    message: str
    contact: str = "robin@example.org"
    story: str = "https://news.example.org/2026/11/a-story"


Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _House:
    title: LazyString
    cause: LazyString
    values: Callable[[Settings, datetime], Values] = field(repr=False)


def hung() -> Iterator[Hung]:
    """Yield what hangs in the gallery: mails to readers first, then those of the house."""
    yield Hung(CAMPAIGN, _l("Newsletter: a campaign"), _l("Sent to whoever chose its topic."))
    for mail in MAILS.values():
        yield Hung(mail.template, mail.title, mail.cause)
    for template, house in HOUSE.items():
        yield Hung(template, house.title, house.cause, is_for_readers=False)


def drawn(template: str, services: Services) -> Rendered | None:
    """Return a mail in the words that count now; none where there is no such mail."""
    settings, now = branded(services.settings), services.clock.now()
    if template == CAMPAIGN:
        link = f"{settings.public_url}/newsletter"
        return addressed(draft_of(_campaign(now), services), link, link)
    if template in MAILS:
        mail = MAILS[template]
        return sample_mail(mail, wording_of(mail), settings, now)
    if template in HOUSE:
        return render(template, settings=settings, **HOUSE[template].values(settings, now))
    return None


def _campaign(now: datetime) -> Campaign:
    """Return a campaign that nobody wrote, with what is new in the shop; it is kept nowhere."""
    newest = select(Product.handle).where(Product.status == ProductStatus.ACTIVE)
    handles = db.session.scalars(newest.order_by(Product.id.desc()).limit(2)).all()
    cards = "\n\n".join(f"[[product:{handle}]]" for handle in handles)
    words = _(
        "## New on the front page\n\nTwo things came in this week, and *both* were made close by."
        " [See all that is new](/products?sort=newest)."
    )
    return Campaign(
        id=0,
        title="",
        topic=Topic.DROPS,
        subject=_("Two things that came in this week"),
        preview=_("Printed close by, and in every size"),
        body=f"{words}\n\n{cards}",
        created_at=now,
        updated_at=now,
    )


def _new_order(settings: Settings, _now: datetime) -> Values:
    lines = (HouseLine(_("A shirt")), HouseLine(_("A mug"), "", 1))
    order = HouseOrder(_number(settings), Money(9_895, settings.currency), lines)
    return {"order": order, "link": f"{settings.public_url}/staff/orders/"}


def _attention(settings: Settings, _now: datetime) -> Values:
    concern, number = CONCERNS["parked"], _number(settings)
    return {
        "order": HouseOrder(number, Money(9_895, settings.currency), ()),
        "what": concern.what,
        "advice": concern.advice,
        "link": f"{settings.public_url}/staff/orders/",
        "commands": [command.format(number=number) for command in concern.commands],
    }


def _tip(_settings: Settings, _now: datetime) -> Values:
    words = _("The council votes on Tuesday, and nobody has read the last page of the plan.")
    return {"tip": HouseTip(f"{words}\n\n{words}"), "file": None}


def _invitation(settings: Settings, now: datetime) -> Values:
    return {
        "name": "Alex",
        "inviter": "Robin",
        "link": f"{settings.public_url}/staff/",
        "until": now + timedelta(days=7),
    }


def _new_password(settings: Settings, _now: datetime) -> Values:
    return {"name": "Alex", "link": f"{settings.public_url}/staff/"}


def _notice(_settings: Settings, now: datetime) -> Values:
    return {"name": "Alex", "what": WORDS[Notice.PASSKEY_ADDED], "at": now}


def _number(settings: Settings) -> str:
    return f"{settings.brand_order_prefix}-{CODE}"


HOUSE: Mapping[str, _House] = {
    "orders/new_order": _House(
        _l("Staff: a new order"), _l("Sent when an order is paid."), _new_order
    ),
    "orders/attention": _House(
        _l("Staff: an order needs a hand"), _l("Sent when an order stops."), _attention
    ),
    "tips/told": _House(_l("Newsroom: a tip"), _l("Sent when a reader tells something."), _tip),
    "staff/invitation": _House(
        _l("Staff: invited"), _l("Sent to somebody new who works here."), _invitation
    ),
    "staff/new_password": _House(
        _l("Staff: a new password"), _l("Sent to whoever forgot hers."), _new_password
    ),
    "staff/notice": _House(
        _l("Staff: about your sign-in"), _l("Sent when something about it changes."), _notice
    ),
}
"""The mails that the house gets; nobody words them."""

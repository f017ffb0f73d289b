"""What the demonstration gives off: a code for newcomers, and free post for one week."""

from datetime import timedelta

from store.database import writing
from store.pricing.discounts import DiscountKind
from store.pricing.writing_discounts import DiscountWanted
from store.services import Services
from store.staff.audit import Actor
from store.staff.discounts import save_new

WELCOME = "WELCOME10"
WEEK = timedelta(days=7)


def make_discounts(services: Services) -> None:
    """Write them as staff do: the code counts from now on, the week of free post is to come."""
    now, currency = services.clock.now(), services.settings.currency
    staff = Actor(None, "Sam at the desk")
    newcomers = DiscountWanted(
        name="Welcome to the shop",
        code=WELCOME,
        kind=DiscountKind.PERCENT,
        currency=currency,
        starts_at=now,
        basis_points=1_000,
        combines=True,
    )
    pride = DiscountWanted(
        name="Pride week: free post",
        code="",
        kind=DiscountKind.FREE_SHIPPING,
        currency=currency,
        starts_at=now + 4 * WEEK,
        ends_at=now + 5 * WEEK,
        combines=True,
    )
    with writing():
        for wanted in (newcomers, pride):
            save_new(wanted, staff, services.clock)

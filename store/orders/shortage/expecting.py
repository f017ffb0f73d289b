"""When the next delivery of something is expected: said once for all who lack it."""

from datetime import date

from sqlalchemy import select, text, update

from store.database import db
from store.orders.models import OrderLine
from store.orders.shortage.models import IS_LIVE, Shortfall


def expect(shortfall_id: int, day: date | None) -> int:
    """Say it to every reader who lacks the same variant; return how many lines. Flushes only."""
    variant_id = db.session.scalar(
        select(OrderLine.variant_id).join(Shortfall).where(Shortfall.id == shortfall_id)
    )
    same = select(OrderLine.id).where(OrderLine.variant_id == variant_id)
    told = db.session.scalars(
        update(Shortfall)
        .where(text(f"shortfall.{IS_LIVE}"), Shortfall.order_line_id.in_(same))
        .values(expected_on=day)
        .returning(Shortfall.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(told)

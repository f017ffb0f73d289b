"""What the daily comparison with Stripe came to: pages show it, because they must not ask there."""

from datetime import datetime

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class Reconciliation(Model):
    """One comparison of Stripe and the store."""

    __tablename__ = "reconciliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    differences: Mapped[int]
    named: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    """The first of them: number of the order, what differs, advice."""

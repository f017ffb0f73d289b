"""Answers that were given to the question of a busy hour: each question is answered once."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class StepAnswer(Model):
    __tablename__ = "step_answer"
    __table_args__ = (
        Index("ix_step_answer_network_at", "network", "at"),
        Index("ix_step_answer_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    """Which question it was; what is asked follows from it."""
    network: Mapped[str] = mapped_column(String(64))
    """Keyed hash, as signups are counted by."""
    is_right: Mapped[bool]
    at: Mapped[datetime]

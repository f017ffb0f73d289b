"""Who outside is left alone for a while, because mail to it was put off."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class MailRest(Model):
    """One domain of recipients, or our own mail server, which is known as the empty name."""

    __tablename__ = "mail_rest"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    refusals: Mapped[int] = mapped_column(default=1)
    """In a row; each makes the next rest longer, and the first mail that is taken ends them."""
    until: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(300), default="")
    """What it said last."""

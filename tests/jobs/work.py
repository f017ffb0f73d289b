"""A job that a test can watch, and helpers that enqueue and count it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import select

from store.clock import Clock
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.jobs.outbox import enqueue
from store.jobs.queue import Handler, Job


@dataclass(frozen=True, slots=True)
class PrintPage(Job):
    kind: ClassVar[str] = "test.print_page"

    page: int


@dataclass
class Press:
    """Prints pages, and fails as often as it is told to."""

    failures: int = 0
    printed: list[int] = field(default_factory=list)

    def handlers(self) -> dict[str, Handler]:
        return {PrintPage.kind: self.print_page}

    def print_page(self, payload: Mapping[str, Any]) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("out of paper")
        self.printed.append(payload["page"])


def a_job(clock: Clock, page: int = 1, delay: timedelta = timedelta()) -> int:
    with writing():
        return enqueue(PrintPage(page), clock, delay=delay).id


def the_row(row_id: int) -> OutboxRow:
    db.session.rollback()
    return db.session.scalars(select(OutboxRow).where(OutboxRow.id == row_id)).one()

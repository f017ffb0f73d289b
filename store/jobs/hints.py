"""Tells the queue about new rows once the transaction that wrote them has committed."""

from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from store.database import db
from store.jobs.outbox import take_hints
from store.jobs.queue import Queue, QueueAwayError

# One session registry serves every application of a process; its engine tells whose rows they are.
_queues: WeakKeyDictionary[Engine, Queue] = WeakKeyDictionary()

log = structlog.get_logger(__name__)


def install_hints(engine: Engine, queue: Queue) -> None:
    """From now on hint this queue after each commit on this engine that enqueued something."""
    _queues[engine] = queue
    if not event.contains(db.session, "after_commit", _hint):
        event.listen(db.session, "after_commit", _hint)
        event.listen(db.session, "after_rollback", take_hints)


def _hint(session: Session) -> None:
    row_ids = take_hints(session)
    queue = _queues.get(db.engine) if row_ids else None
    if queue is None:
        return
    for row_id in row_ids:
        try:
            queue.hint(row_id)
        except QueueAwayError as error:
            # The rows are safe and a worker looks for them every few seconds.
            log.warning("queue_away", rows=len(row_ids), error=str(error))
            return

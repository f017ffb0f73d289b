"""Long work in small parts, beside the jobs: what is sent to many keeps no order's mail waiting.

Every worker labours at once, each on the parts that it claims; nobody holds a lease.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from store.errors import StoreError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Labour:
    """Something that is done part by part; safe to end anywhere, because a worker may die."""

    name: str
    run: Callable[[], bool]
    """Does one part of a second or two, and says whether another could follow at once."""


def do_parts(labours: Sequence[Labour]) -> bool:
    """Do a part of each; say whether any has more to do at once."""
    # A list, because each has its turn, whatever the one before says.
    return True in [_do_part(labour) for labour in labours]


def _do_part(labour: Labour) -> bool:
    try:
        return labour.run()
    except StoreError as error:
        # Expected, such as a mail server that is away; the next part tries again.
        log.warning("labour_put_off", labour=labour.name, error=type(error).__name__)
    except Exception as error:
        # The worker's edge: a fault in one labour must not end the others.
        log.exception("labour_failed", labour=labour.name, error=type(error).__name__)
    return False

"""A short run of what `python -m tests.faults` does for half an hour, on the suite's database."""

import pytest

from tests.faults.plan import Plan
from tests.faults.running import run

LOCKED, ENDED = "SQLite locked by somebody else", "every session of PostgreSQL ended"


@pytest.mark.slow
def test_nobody_loses_an_order_or_pays_twice_while_the_shop_is_killed(database_url: str) -> None:
    # Each start of a process takes seconds, so each database has one of the kills.
    is_sqlite = database_url.startswith("sqlite")
    outage, killed = (LOCKED, "a worker apart") if is_sqlite else (ENDED, "a web process")
    # No machine is promised to be quick: it ends when all of this has been done.
    small = Plan(
        minutes=8,
        kills=1,
        wire=12,
        checkouts=6,
        buyers=4,
        only=(outage,),
        killed=(killed,),
        is_strict_on_time=False,
    )

    done = run(small, url=database_url)

    assert done.broken == []
    assert done.too_few == []

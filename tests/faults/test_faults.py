"""A short run of what `python -m tests.faults` does for half an hour, on the suite's database."""

import pytest

from store.web.assets import ensure_built
from tests.faults.plan import Plan
from tests.faults.running import run

LOCKED, ENDED = "SQLite locked by somebody else", "every session of PostgreSQL ended"


@pytest.mark.slow
def test_nobody_loses_an_order_or_pays_twice_while_the_shop_is_killed(database_url: str) -> None:
    ensure_built()
    outage = LOCKED if database_url.startswith("sqlite") else ENDED
    # No machine is promised to be quick: it ends when all of this has been done.
    small = Plan(
        minutes=8,
        kills=2,
        wire=25,
        checkouts=12,
        buyers=4,
        only=(outage,),
        is_strict_on_time=False,
    )

    done = run(small, url=database_url)

    assert done.broken == []
    assert done.too_few == []

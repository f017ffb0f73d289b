"""`python -m tests.faults.off_clock serve|worker …`: the shop on a machine whose clock is wrong.

Whatever asks for the time in these processes is told the wrong one: the shop's clock, and the SDK,
which judges by `time.time` how old a signature is.
"""

import os
import time
from datetime import UTC, datetime, timedelta

from store.clock import SystemClock
from tests.faults.machine import OFF_CLOCK


def set_wrong() -> None:
    """Set the clock of this process as its environment says."""
    seconds = int(os.environ[OFF_CLOCK])
    right = time.time  # noqa: TID251 - it is made wrong here

    def wrong_time() -> float:
        return right() + seconds

    def wrong_now(_clock: SystemClock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=seconds)  # noqa: TID251 - as above

    # The machine's clock, for this process alone: only root sets it for all.
    time.time = wrong_time  # noqa: TID251
    SystemClock.now = wrong_now  # type: ignore[method-assign,assignment]


def main() -> None:
    set_wrong()
    import store.cli.serve
    from store.cli.main import main as command

    store.cli.serve.TARGET = "tests.faults.off_web:app"
    command()


if __name__ == "__main__":
    main()

"""The application as `store serve` loads it on a machine whose clock is wrong."""

from tests.faults.off_clock import set_wrong

set_wrong()

from store.cli.web_process import app  # noqa: E402 - the clock is wrong before anybody asks

__all__ = ["app"]

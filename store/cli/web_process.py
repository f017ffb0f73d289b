"""The application as `store serve` loads it into each web process: it ends with its parent."""

import signal

# Ctrl-C reaches every process of a terminal, and then granian above asks each to end as well: of
# two such signals a process that has a request in hand stands still for good. Blocked before
# anything else, because a thread takes over what is blocked where it was started, and one that
# did not would hear the signal for the whole process.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

from store.cli.ending import end_with_parent  # noqa: E402 - see above
from store.wsgi import app  # noqa: E402 - see above

__all__ = ["app"]

# granian's workers would go on serving old code after a kill -9 of the process above them.
end_with_parent()

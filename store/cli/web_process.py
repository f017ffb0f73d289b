"""The application as `store serve` loads it into each web process: it ends with its parent."""

import signal

from store.cli.ending import end_with_parent
from store.wsgi import app

__all__ = ["app"]

# Ctrl-C reaches every process of a terminal, and then granian above asks each to end as well: of
# two such signals a process that has a request in hand stands still for good.
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
# granian's workers would go on serving old code after a kill -9 of the process above them.
end_with_parent()

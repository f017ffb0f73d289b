"""The application as `store serve` loads it into each web process: it ends with its parent."""

from store.cli.ending import end_with_parent
from store.wsgi import app

__all__ = ["app"]

# granian's workers would go on serving old code after a kill -9 of the process above them.
end_with_parent()

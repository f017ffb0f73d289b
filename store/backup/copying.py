"""What both ways of copying a database hand on: the copy, and a connection that sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class DatabaseCopy:
    """A database as it was at one moment."""

    path: Path
    """Where the copy lies, once it is finished."""
    server_version: str
    connection: Connection
    """Sees exactly what the copy holds."""
    finish: Callable[[], None]
    """Bring the copy to its end, and let go of the moment."""

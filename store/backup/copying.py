"""What both ways of copying a database hand on: the copy, and a connection that sees it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

BUFFER = 1024 * 1024
"""Bytes that are in memory at once, whatever the size of a database."""
Beat = Callable[[int, int], None]
"""Told how much of how much is done; zero of zero where nobody knows."""


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

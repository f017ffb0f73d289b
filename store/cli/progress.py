"""Says how far a long command has come, a line every few seconds."""

from dataclasses import dataclass
from time import monotonic

import click

SECONDS = 2.0


@dataclass(slots=True)
class LineProgress:
    """Lines and no bar: they read the same in a terminal and in the mail of a timer."""

    is_quiet: bool = False
    _about: str = ""
    _due_at: float = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        if self.is_quiet or (what == self._about and monotonic() < self._due_at):
            return
        is_new, self._about = what != self._about, what
        self._due_at = monotonic() + SECONDS
        if of:
            click.echo(f"{what}: {done:,} of {of:,}", err=True)
        elif is_new:
            click.echo(f"{what} …", err=True)

"""Connections to a mail server that are kept between mails, and the thread that looks after them.

A line that nobody uses is let go after a while, and one on which a mail takes too long is cut, so
that a server that answers letter by letter holds nobody for ever.
"""

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LOOK_SECONDS = 0.5


@dataclass(eq=False, slots=True)
class Line:
    """One connection; whoever has taken it is the only one that speaks on it."""

    server: Any = None
    """What speaks on it; its `sock` is empty while it is not connected."""
    mails: int = 0
    is_closing: bool = False
    """Whether the other side said that it hangs up."""
    idle_since: float = 0.0
    cut_at: float | None = None
    """The moment until which the mail that is being given must be done."""

    def cut(self) -> None:
        """End it under whoever waits for an answer; what waits sees that the other side left."""
        opened = getattr(self.server, "sock", None)
        if opened is not None:
            try:
                # Not the method of a TLS socket, which forgets what its reader still holds.
                socket.socket.shutdown(opened, socket.SHUT_RDWR)
            except OSError:
                # It ended by itself just now.
                return


@dataclass(eq=False)
class Lines:
    """The lines of one mail server; safe to use from many threads."""

    leave: Callable[[Line], None]
    """How a line is ended in good order."""
    idle_seconds: float
    _idle: list[Line] = field(default_factory=list)
    _taken: set[Line] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_watched: bool = False

    def take(self, cut_at: float) -> Line | None:
        """Return an idle line, the last one used first; none where there is none."""
        with self._lock:
            if not self._idle:
                return None
            line = self._idle.pop()
            line.cut_at = cut_at
            self._taken.add(line)
            return line

    def add(self, line: Line, cut_at: float) -> None:
        """Look after a line that is about to be opened."""
        with self._lock:
            line.cut_at = cut_at
            self._taken.add(line)
            self._watch()

    def give_back(self, line: Line) -> None:
        with self._lock:
            self._taken.discard(line)
            line.cut_at, line.idle_since = None, time.monotonic()
            self._idle.append(line)

    def drop(self, line: Line) -> None:
        """Forget a line that is closed or about to be."""
        with self._lock:
            self._taken.discard(line)

    def open_count(self) -> int:
        with self._lock:
            return len(self._idle) + len(self._taken)

    def _watch(self) -> None:
        if not self._is_watched:
            self._is_watched = True
            threading.Thread(target=self._look_after, name="mail-lines", daemon=True).start()

    def _look_after(self) -> None:
        while True:
            time.sleep(min(LOOK_SECONDS, self.idle_seconds))
            now = time.monotonic()
            with self._lock:
                overdue = [line for line in self._taken if line.cut_at and line.cut_at < now]
                tired = [line for line in self._idle if line.idle_since + self.idle_seconds < now]
                self._idle = [line for line in self._idle if line not in tired]
                self._is_watched = bool(self._idle or self._taken)
                is_done = not self._is_watched
            for line in overdue:
                line.cut()
            for line in tired:
                self.leave(line)
            if is_done:
                return

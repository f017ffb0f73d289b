"""Somebody who acts beside the buyers, in a thread of her own, until the run is over."""

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Beside(ABC):
    is_over: threading.Event = field(default_factory=threading.Event)
    trouble: list[Exception] = field(default_factory=list)
    """What the run itself did wrong; told at the end."""
    _thread: threading.Thread | None = field(default=None, init=False)

    def begin(self) -> None:
        name = type(self).__name__.lower()
        self._thread = threading.Thread(target=self._go_on, name=name, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self.is_over.set()
        if self._thread:
            self._thread.join()

    def _go_on(self) -> None:
        try:
            self._act()
        except Exception as error:  # noqa: BLE001 - told at the end, and ends the run
            self.trouble.append(error)

    @abstractmethod
    def _act(self) -> None:
        """Act again and again until it is over."""

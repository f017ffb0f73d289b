"""Where rendered pages lie: bounded in bytes, the one not asked for longest leaves first."""

from collections import OrderedDict
from threading import Lock

from store.web.page_copies import Page

Key = tuple[str, str]
"""Path and known query parameters, both as they stand in a WSGI environ."""

REMEMBERED_SIGHTS = 4_096
ALIASES_BYTES = 500_000
ALIAS_OVERHEAD_BYTES = 300
"""About what two keys weigh beside their letters."""


class Shelf:
    """Pages by key; one that wants a second sight keeps nothing that was asked for only once."""

    def __init__(self, limit_bytes: int, *, wants_second_sight: bool = False) -> None:
        self._limit_bytes = limit_bytes
        self._wants_second_sight = wants_second_sight
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._seen: OrderedDict[Key, None] = OrderedDict()
        self._lock = Lock()
        self.size_bytes = 0
        self.evictions = 0

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        if page is not None:
            try:  # noqa: SIM105 - suppress() costs more than the look itself
                self._pages.move_to_end(key)
            except KeyError:
                # Another thread took it off meanwhile; what we hold is still good.
                pass
        return page

    def put(self, key: Key, page: Page) -> None:
        with self._lock:
            if page.size_bytes > self._limit_bytes or not self._admits(key):
                return
            self._remove(key)
            self._pages[key] = page
            self.size_bytes += page.size_bytes
            while self.size_bytes > self._limit_bytes:
                _, dropped = self._pages.popitem(last=False)
                self.size_bytes -= dropped.size_bytes
                self.evictions += 1

    def drop(self, key: Key) -> None:
        with self._lock:
            self._remove(key)

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._seen.clear()
            self.size_bytes = self.evictions = 0

    def _admits(self, key: Key) -> bool:
        if not self._wants_second_sight or key in self._pages or key in self._seen:
            return True
        self._seen[key] = None
        if len(self._seen) > REMEMBERED_SIGHTS:
            self._seen.popitem(last=False)
        return False

    def _remove(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self.size_bytes -= page.size_bytes


class Aliases:
    """Other ways to write a key, as they were asked: a hit by one of them needs no parsing."""

    def __init__(self, limit_bytes: int = ALIASES_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._keys: dict[Key, Key] = {}
        self._size_bytes = 0
        self._lock = Lock()

    def get(self, key: Key) -> Key | None:
        return self._keys.get(key)

    def put(self, alias: Key, key: Key) -> None:
        size = ALIAS_OVERHEAD_BYTES + len(alias[1]) + len(key[1])
        with self._lock:
            if alias in self._keys or size > self._limit_bytes:
                return
            if self._size_bytes + size > self._limit_bytes:
                # They are learned anew within a second; what is in use costs one parsing each.
                self._keys, self._size_bytes = {}, 0
            self._keys[alias] = key
            self._size_bytes += size

    def clear(self) -> None:
        with self._lock:
            self._keys, self._size_bytes = {}, 0

"""What the sandbox remembers: JSON records on shelves, changed all at once or not at all."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from store.sandbox.stripe.errors import Record


class Shelf(StrEnum):
    """One name for each kind of record; the first ones are Stripe's own object names."""

    SESSION = "checkout.session"
    INTENT = "payment_intent"
    CHARGE = "charge"
    REFUND = "refund"
    DISPUTE = "dispute"
    FILE = "file"
    COUPON = "coupon"
    PRODUCT = "product"
    EVENT = "event"
    ENDPOINT = "webhook_endpoint"
    SHIPPING_RATE = "shipping_rate"
    LINES = "sandbox.line_items"
    BREAKDOWN = "sandbox.total_breakdown"
    INTENT_REQUEST = "sandbox.payment_intent_data"
    PROMISE = "sandbox.promise"
    DELIVERY = "sandbox.delivery"
    ANSWER = "sandbox.idempotent_answer"
    # pragma: allowlist nextline secret - the name of a shelf
    SECRET = "sandbox.webhook_secret"  # nosec B105 # noqa: S105 - the name of a shelf


@dataclass(frozen=True, slots=True)
class _Kept:
    record: Mapping[str, Any]
    text: str


class State:
    """Records by shelf and id; readers get copies, `scan` shows the records themselves."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.RLock()
        self._shelves: dict[str, dict[str, _Kept]] = {shelf: {} for shelf in Shelf}
        self._changes: dict[tuple[str, str], _Kept | None] = {}
        self._depth = 0
        self._file = _open_file(path) if path else None
        if self._file:
            self._load(self._file)

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; what is put inside is kept when the outermost block ends well."""
        with self._lock:
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._keep_changes()
            finally:
                self._depth -= 1
                if not self._depth:
                    self._changes.clear()

    def get(self, shelf: Shelf, record_id: str) -> Record | None:
        with self._lock:
            kept = self._look(shelf, record_id)
            return None if kept is None else json.loads(kept.text)

    def take(self, shelf: Shelf, record_id: str) -> Record:
        """Return a record that must be there (KeyError)."""
        record = self.get(shelf, record_id)
        if record is None:
            raise KeyError(record_id)
        return record

    def scan(self, shelf: Shelf) -> list[Mapping[str, Any]]:
        """Return every record of a shelf in the order of their making, not copied."""
        with self._lock:
            found = dict(self._shelves[shelf])
            for (changed_shelf, record_id), kept in self._changes.items():
                if changed_shelf == shelf:
                    found.pop(record_id, None) if kept is None else found.update({record_id: kept})
            return [kept.record for kept in found.values()]

    def put(self, shelf: Shelf, record: Record, record_id: str | None = None) -> Record:
        text = json.dumps(record)
        self._change(shelf, record_id or record["id"], _Kept(json.loads(text), text))
        return record

    def remove(self, shelf: Shelf, record_id: str) -> None:
        self._change(shelf, record_id, None)

    def _look(self, shelf: Shelf, record_id: str) -> _Kept | None:
        if (shelf, record_id) in self._changes:
            return self._changes[shelf, record_id]
        return self._shelves[shelf].get(record_id)

    def _change(self, shelf: Shelf, record_id: str, kept: _Kept | None) -> None:
        if not self._depth:
            raise RuntimeError("The sandbox's state changes inside `changing()` only.")
        self._changes[shelf, record_id] = kept

    def _keep_changes(self) -> None:
        if self._file and self._changes:
            _write(self._file, self._changes)
        for (shelf, record_id), kept in self._changes.items():
            if kept is None:
                self._shelves[shelf].pop(record_id, None)
            else:
                self._shelves[shelf][record_id] = kept

    def _load(self, file: sqlite3.Connection) -> None:
        rows = file.execute("SELECT shelf, id, body FROM record ORDER BY position")
        for shelf, record_id, text in rows:
            self._shelves[shelf][record_id] = _Kept(json.loads(text), text)


def _open_file(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    file.execute(
        "CREATE TABLE IF NOT EXISTS record ("
        " position INTEGER PRIMARY KEY, shelf TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,"
        " UNIQUE (shelf, id))"
    )
    return file


def _write(file: sqlite3.Connection, changes: dict[tuple[str, str], _Kept | None]) -> None:
    gone = [place for place, kept in changes.items() if kept is None]
    rows = [(*place, kept.text) for place, kept in changes.items() if kept is not None]
    file.execute("BEGIN IMMEDIATE")
    try:
        file.executemany("DELETE FROM record WHERE shelf = ? AND id = ?", gone)
        file.executemany(
            "INSERT INTO record (shelf, id, body) VALUES (?, ?, ?)"
            " ON CONFLICT (shelf, id) DO UPDATE SET body = excluded.body",
            rows,
        )
        file.execute("COMMIT")
    except sqlite3.Error:
        file.execute("ROLLBACK")
        raise

"""How a request is done once: the first answer is kept under its key and given again.

Rules: https://docs.stripe.com/api/idempotent_requests
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from store.sandbox.stripe.account import Account, Cause
from store.sandbox.stripe.errors import (
    Record,
    RefusalError,
    bad_parameter,
    key_in_use,
    key_of_another_request,
)
from store.sandbox.stripe.state import Shelf

KEPT_SECONDS = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Call:
    """One API request, as far as repeating it matters."""

    method: str
    path: str
    pairs: tuple[tuple[str, str], ...]
    request_id: str
    key: str | None = None

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(
            repr((self.method, self.path, sorted(self.pairs))).encode()
        ).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Record
    request_id: str
    is_replayed: bool = False


class IdempotencyKeys:
    def __init__(self, account: Account) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()

    def once(self, call: Call, work: Callable[[], Record], pause_seconds: float = 0) -> Answer:
        """Do the work in one transaction, or answer what its key was answered before.

        A pause comes before the work, while the key is in use already.
        """
        if call.key is None or call.method != "POST":
            _pause(pause_seconds)
            with self._account.changing(Cause(call.request_id)):
                return Answer(200, work(), call.request_id)
        if len(call.key) > 255:
            raise bad_parameter(
                "Idempotency keys can have at most 255 characters.", "idempotency_key"
            )
        with self._claimed(call.key):
            _pause(pause_seconds)
            return self._replayed(call, call.key) or self._first(call, call.key, work)

    @contextmanager
    def _claimed(self, key: str) -> Iterator[None]:
        with self._lock:
            if key in self._in_flight:
                raise key_in_use(key)
            self._in_flight.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._in_flight.discard(key)

    def _replayed(self, call: Call, key: str) -> Answer | None:
        kept = self._account.state.get(Shelf.ANSWER, key)
        if kept is None or kept["kept_until"] <= self._account.stamp():
            return None
        if kept["fingerprint"] != call.fingerprint:
            raise key_of_another_request(key)
        return Answer(kept["status"], kept["body"], kept["request_id"], is_replayed=True)

    def _first(self, call: Call, key: str, work: Callable[[], Record]) -> Answer:
        try:
            with self._account.changing(Cause(call.request_id, key)):
                answer = Answer(200, work(), call.request_id)
                self._keep(call, key, answer)
        except RefusalError as refusal:
            if refusal.starts_nothing:
                raise
            answer = Answer(refusal.status, refusal.to_body(), call.request_id)
            with self._account.changing():
                self._keep(call, key, answer)
        return answer

    def _keep(self, call: Call, key: str, answer: Answer) -> None:
        self._account.state.put(
            Shelf.ANSWER,
            {
                "fingerprint": call.fingerprint,
                "status": answer.status,
                "body": answer.body,
                "request_id": answer.request_id,
                "kept_until": self._account.stamp() + KEPT_SECONDS,
            },
            key,
        )


def _pause(seconds: float) -> None:
    # Even no pause gives the processor away.
    if seconds:
        time.sleep(seconds)

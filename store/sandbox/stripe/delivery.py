"""How events reach the shop: signed, retried, and as late, doubled or lost as the faults say."""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import stripe

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.settings import API_VERSION
from store.sandbox.stripe.state import Shelf

Receiver = Callable[[bytes, str], int]
log = logging.getLogger(__name__)


class Courier:
    """Delivers what is due; no lock of the state is held while a shop answers."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._on_the_road = threading.Lock()

    def deliver_due(self) -> int:
        """Try every delivery whose time has come; return how many were received."""
        moment = self._account.now().timestamp()
        waiting = self._account.state.scan(Shelf.DELIVERY)
        return self._deliver([d["id"] for d in waiting if d["due_at"] <= moment])

    def deliver_now(self, target: str | Receiver | None = None) -> int:
        """Try everything that waits, due or not, at `target` or at each endpoint's address."""
        if not self._account.state.scan(Shelf.ENDPOINT):
            raise LookupError("No webhook endpoint is registered in the sandbox.")
        waiting = self._account.state.scan(Shelf.DELIVERY)
        return self._deliver([delivery["id"] for delivery in waiting], target)

    def _deliver(self, ids: list[str], target: str | Receiver | None = None) -> int:
        with self._on_the_road:
            return sum(self._try(i, target) for i in self._account.faults.shuffled(ids))

    def _try(self, delivery_id: str, target: str | Receiver | None) -> bool:
        delivery = self._account.state.get(Shelf.DELIVERY, delivery_id)
        if delivery is None:
            return False
        endpoint = self._account.state.get(Shelf.ENDPOINT, delivery["endpoint"])
        if endpoint is None or self._account.faults.strikes(self._faults.webhook_drop_share):
            self._forget(delivery_id)
            return False
        status = self._post(delivery, endpoint, target or endpoint["url"])
        if status is not None and self._account.faults.strikes(
            self._faults.webhook_duplicate_share
        ):
            status = self._post(delivery, endpoint, target or endpoint["url"])
        return self._note(delivery, is_received=status is not None and 200 <= status < 300)

    @property
    def _faults(self) -> Any:
        return self._account.faults.faults

    def _post(self, delivery: Record, endpoint: Record, target: str | Receiver) -> int | None:
        event = self._account.state.take(Shelf.EVENT, delivery["event"])
        event["api_version"] = endpoint["api_version"] or API_VERSION
        payload = json.dumps(event, indent=2)
        secret = self._account.state.take(Shelf.SECRET, endpoint["id"])["secret"]
        # Signed with the wall clock whatever the sandbox's own: that is what receivers compare.
        signature = stripe.WebhookSignature.generate_signature_header(payload, secret)
        if callable(target):
            return target(payload.encode(), signature)
        return post(target, payload.encode(), signature)

    def _note(self, delivery: Record, *, is_received: bool) -> bool:
        with self._account.changing():
            if is_received:
                event = self._account.state.take(Shelf.EVENT, delivery["event"])
                event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
                self._account.state.put(Shelf.EVENT, event)
                self._account.state.remove(Shelf.DELIVERY, delivery["id"])
            else:
                self._put_off(delivery)
        return is_received

    def _put_off(self, delivery: Record) -> None:
        waits = self._account.settings.retry_after_seconds
        if delivery["attempts"] >= len(waits):
            self._account.state.remove(Shelf.DELIVERY, delivery["id"])
            return
        delivery["due_at"] = self._account.now().timestamp() + waits[delivery["attempts"]]
        delivery["attempts"] += 1
        self._account.state.put(Shelf.DELIVERY, delivery)

    def _forget(self, delivery_id: str) -> None:
        # The event keeps its pending webhook, so that a catch-up finds it undelivered.
        with self._account.changing():
            self._account.state.remove(Shelf.DELIVERY, delivery_id)


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Stripe counts a redirect as a failure, so does the sandbox."""


def post(url: str, payload: bytes, signature: str) -> int | None:
    """Send one signed event; return the status, or None when nobody answered."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"A webhook endpoint is a web address, not {url}.")
    request = Request(  # noqa: S310 - the scheme is checked above
        url,
        data=payload,
        headers={
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature,
        },
    )
    try:
        with build_opener(_NoRedirects()).open(request, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code
    except (URLError, OSError) as error:
        log.info("webhook not delivered to %s: %s", url, error)
        return None

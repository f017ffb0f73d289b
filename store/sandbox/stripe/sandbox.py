"""The sandbox as tests and seeding use it: verbs for all that happens outside the shop."""

import logging
import threading
from collections.abc import Callable

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.cards import Decline, find_card
from store.sandbox.stripe.delivery import Courier, Receiver
from store.sandbox.stripe.disputes import close_dispute, open_dispute
from store.sandbox.stripe.errors import Record
from store.sandbox.stripe.faults import Faults
from store.sandbox.stripe.payments import pay
from store.sandbox.stripe.purchase import Address, Purchase
from store.sandbox.stripe.refunds import finish_refund, refund_charge
from store.sandbox.stripe.sessions import expire_due
from store.sandbox.stripe.settings import Listener, SandboxSettings
from store.sandbox.stripe.settling import settle
from store.sandbox.stripe.state import Shelf
from store.sandbox.stripe.webhook_endpoints import install

HOME = Address()
log = logging.getLogger(__name__)


class CardDeclinedError(Exception):
    def __init__(self, decline: Decline) -> None:
        super().__init__(decline.message)
        self.decline = decline


class SessionClosedError(Exception):
    """The session is expired or paid already; its status says which."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The session is {status}.")
        self.status = status


class Sandbox:
    def __init__(self, settings: SandboxSettings) -> None:
        self.account = Account(settings)
        self.courier = Courier(self.account)
        self._stopping = threading.Event()
        self._worker: threading.Thread | None = None
        with self.account.changing():
            for listener in settings.listeners:
                install(self.account, listener)

    @property
    def faults(self) -> Faults:
        return self.account.faults.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self.account.faults.change(faults)

    def pay(
        self,
        session_id: str,
        card: str = "4242424242424242",
        *,
        email: str = "robin@example.org",
        name: str = "Robin Reader",
        address: Address | None = HOME,
        phone: str | None = None,
        shipping: int = 0,
    ) -> Record:
        """Pay as a buyer would on the page (CardDeclinedError, SessionClosedError, KeyError)."""
        known = find_card(card)
        if known is None:
            raise ValueError(f"{card} is none of the test cards.")
        attempt = pay(
            self.account, session_id, Purchase(known, email, name, address, phone, shipping)
        )
        if attempt.decline:
            raise CardDeclinedError(attempt.decline)
        if not attempt.is_new:
            raise SessionClosedError(attempt.session["status"])
        return attempt.session

    def refund(self, paid_id: str, amount: int | None = None) -> Record:
        """Refund a payment intent or a charge as staff do in Stripe's dashboard."""
        with self.account.changing():
            charge = self._charge_of(paid_id)
            return refund_charge(self.account, charge, amount, reason="requested_by_customer")

    def finish_refund(self, refund_id: str, outcome: str) -> Record:
        """Move a refund to `succeeded`, `requires_action`, `failed` or `canceled`."""
        with self.account.changing():
            return finish_refund(self.account, refund_id, outcome)

    def dispute(
        self, paid_id: str, reason: str = "fraudulent", *, is_warning: bool = False
    ) -> Record:
        with self.account.changing():
            charge_id = self._charge_of(paid_id)["id"]
            return open_dispute(self.account, charge_id, reason, is_warning=is_warning)

    def close_dispute(self, dispute_id: str, *, is_won: bool) -> Record:
        with self.account.changing():
            return close_dispute(self.account, dispute_id, is_won=is_won)

    def settle_delayed(self) -> int:
        """Settle every debit and refund that still waits, due or not; return how many."""
        return settle(self.account, only_due=False)

    def expire_due(self) -> int:
        return expire_due(self.account)

    def advance(self, seconds: float) -> None:
        self.account.advance(seconds)

    def listen(self, url: str, secret: str, *enabled_events: str) -> None:
        """Register a webhook endpoint, or bring the one with this address up to date."""
        with self.account.changing():
            install(self.account, Listener(url, secret, enabled_events or ("*",)))

    def deliver_now(self, target: str | Receiver | None = None) -> int:
        """Deliver every waiting event, at `target` or at its endpoint; return how many arrived."""
        return self.courier.deliver_now(target)

    def tick(self) -> None:
        """Do what time asks for: expire, settle and deliver what is due."""
        expire_due(self.account)
        settle(self.account, only_due=True)
        self.courier.deliver_due()

    def start(self, every_seconds: float = 0.25) -> Callable[[], None]:
        """Let a background thread tick; return the function that stops it."""
        if self._worker is None:
            self._stopping.clear()
            self._worker = threading.Thread(
                target=self._keep_ticking, args=(every_seconds,), name="stripe sandbox", daemon=True
            )
            self._worker.start()
        return self.stop

    def stop(self) -> None:
        self._stopping.set()
        if self._worker:
            self._worker.join()
            self._worker = None

    def close(self) -> None:
        self.stop()
        self.account.state.close()

    def _keep_ticking(self, every_seconds: float) -> None:
        while not self._stopping.wait(every_seconds):
            try:
                self.tick()
            except Exception:
                # One bad delivery must not end the thread that makes all the others.
                log.exception("the sandbox could not do its due work")

    def _charge_of(self, paid_id: str) -> Record:
        if paid_id.startswith("pi_"):
            paid_id = self.account.state.take(Shelf.INTENT, paid_id)["latest_charge"]
        return self.account.state.take(Shelf.CHARGE, paid_id)

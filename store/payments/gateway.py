"""The door to the payment service, in the store's own words and not Stripe's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from store.errors import InvalidError, StoreError, UnavailableError

SessionParams = dict[str, object]
"""The exact request for a pay page, as JSON: kept, so that a retry repeats it byte for byte."""


class GatewayRefusedError(StoreError):
    """The service understood and said no: nothing happened there."""


class ExpiresAtRefusedError(GatewayRefusedError):
    """The end that we gave the pay page is out of bounds there: our clocks disagree."""

    def __init__(self, message: str, server_now: datetime | None) -> None:
        super().__init__(message)
        self.server_now = server_now


class GatewayUnknownError(UnavailableError):
    """No answer, or one that says nothing: what was asked may or may not have happened."""


class GatewayStuckError(GatewayUnknownError):
    """The service failed at this key once and repeats that for ever: ask with another."""


class ForgedEventError(InvalidError):
    """An event that nobody signed with one of our secrets, or that is too old."""


@dataclass(frozen=True, slots=True)
class PayLine:
    """One line of the pay page; the price is of one unit, in minor units."""

    title: str
    unit_price_minor: int
    quantity: int
    description: str = ""
    picture_url: str = ""
    tax_code: str = ""
    """The service's own word for what it is, where it reckons the tax."""


@dataclass(frozen=True, slots=True)
class ShippingChoice:
    """A way to send it; the reader finds the first of several chosen. Days are working days."""

    name: str
    amount_minor: int
    days: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PayTax:
    """A tax on top of the goods that we reckoned, as a line of its own."""

    name: str
    amount_minor: int


class ServiceTax(StrEnum):
    """That the service reckons the tax: inside our prices, or on top of them."""

    INSIDE = "inclusive"
    ON_TOP = "exclusive"


@dataclass(frozen=True, slots=True)
class Coupon:
    """What comes off the goods of one pay page, under a name that it shows; the id is ours."""

    id: str
    name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a pay page is asked to sell; no countries means that nothing is shipped.

    A pay page with an e-mail address takes no other.
    """

    number: str
    currency: str
    lines: tuple[PayLine, ...]
    shipping: tuple[ShippingChoice, ...]
    countries: tuple[str, ...]
    expires_at: datetime
    success_url: str
    cancel_url: str
    statement: str
    coupon: Coupon | None = None
    email: str = ""
    taxes: tuple[PayTax, ...] = ()
    service_tax: ServiceTax | None = None


class PageStatus(StrEnum):
    OPEN = "open"
    COMPLETE = "complete"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Amounts:
    """A total part by part, in minor units: subtotal - discount + shipping + tax = total."""

    subtotal: int
    discount: int
    shipping: int
    tax: int
    total: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who bought, and where the parcel goes, as given on the pay page."""

    email: str
    name: str
    phone: str
    address: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """The money behind a pay page: what arrived, and whether it still may."""

    intent_id: str
    received_minor: int
    refunded_minor: int
    method: str
    has_failed: bool
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class TaxFacts:
    """A tax that the service reckoned; base is what it was taken of, without the tax."""

    name: str
    millionths: int
    base_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True)
class PaySession:
    """A pay page as the service knows it now."""

    id: str
    url: str
    status: PageStatus
    is_paid: bool
    currency: str
    amounts: Amounts
    units: int | None
    """How many units its lines sell together; None when it does not say."""
    number: str
    """The order number that we gave it; empty when it is not ours."""
    created_at: datetime
    expires_at: datetime
    recipient: Recipient
    payment: PaymentFacts | None
    presentment: Mapping[str, object]
    choice: int | None = None
    """Which of the ways to send it was chosen, counted from 0; None when it does not say."""
    line_taxes: tuple[int, ...] | None = None
    """The tax of each line as the service reckoned it; None when it does not say."""
    taxes: tuple[TaxFacts, ...] = ()
    """What the service took by each rate, where it reckons the tax."""


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """One refund; key is ours, or empty when it was made in the service's dashboard."""

    id: str
    intent_id: str
    amount_minor: int
    currency: str
    status: str
    key: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """What a bank takes back, or asks about, as the service knows it now."""

    id: str
    intent_id: str
    amount_minor: int
    currency: str
    reason: str
    status: str
    is_refundable: bool
    """Whether the payment may still be refunded: a bank that only asks is content with that."""
    due_by: datetime | None
    submissions: int
    has_evidence: bool
    is_withdrawn: bool
    is_reinstated: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """Something that happened there, with the ids that lead to one of our orders."""

    id: str
    kind: str
    api_version: str
    body: str
    session_id: str
    intent_id: str
    number: str
    detail: dict[str, object]


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    id: str
    url: str
    api_version: str
    secret: str
    """Shown once, when it is made."""


@dataclass(frozen=True, slots=True)
class KnownEndpoint:
    """An address that events are sent to; missing are kinds that we handle and it is not told."""

    url: str
    is_enabled: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the service knows of us: its own time, and where it sends events."""

    now: datetime | None
    endpoints: tuple[KnownEndpoint, ...]


class PaymentGateway(Protocol):
    """What the store asks of whoever takes the money.

    Every call may raise GatewayUnknownError, and GatewayRefusedError when the service says no.
    """

    def session_params(self, request: SessionRequest) -> SessionParams:
        """Put a request into the service's words; asks nobody."""
        ...

    def coupon_params(self, request: SessionRequest) -> SessionParams:
        """Put the coupon of a request into the service's words, {} without one; asks nobody."""
        ...

    def reschedule(self, params: SessionParams, expires_at: datetime) -> SessionParams:
        """Return the same request with another end."""
        ...

    def open_session(
        self, params: SessionParams, *, key: str, coupon: SessionParams | None = None
    ) -> PaySession:
        """Make the pay page, and before it the coupon; the same key gives the same page.

        Raises ExpiresAtRefusedError and GatewayStuckError beside the usual two.
        """
        ...

    def session(self, session_id: str) -> PaySession:
        """Return a pay page with its lines, its payment and its charge."""
        ...

    def expire_session(self, session_id: str) -> PaySession:
        """Close an open pay page; refused once it was paid or has expired."""
        ...

    def sessions_since(self, since: datetime) -> Iterator[PaySession]:
        """Yield our pay pages made since then, newest first."""
        ...

    def refund(self, intent_id: str, amount_minor: int, *, key: str, tries: int = 0) -> RefundFacts:
        """Give money back; `tries` asks anew where the service repeats a failure of this key.

        Raises GatewayStuckError beside the usual two.
        """
        ...

    def refunds_of(self, intent_id: str) -> list[RefundFacts]: ...

    def disputes_of(self, intent_id: str) -> list[DisputeFacts]: ...

    def answer_dispute(
        self, dispute_id: str, evidence: Mapping[str, str], *, submits: bool, key: str
    ) -> DisputeFacts:
        """Keep evidence there, and hand it to the bank if it submits, which is done once.

        Raises GatewayStuckError beside the usual two.
        """
        ...

    def accept_dispute(self, dispute_id: str, *, key: str) -> DisputeFacts:
        """Give a dispute up: the bank keeps the money."""
        ...

    def keep_file(self, name: str, content: bytes) -> str:
        """Hand over a file as evidence; return the id by which evidence names it."""
        ...

    def read_event(self, body: bytes, signature: str) -> GatewayEvent:
        """Verify and read a webhook (ForgedEventError); asks nobody."""
        ...

    def reread_event(self, body: str) -> GatewayEvent:
        """Read an event that was verified before; asks nobody."""
        ...

    def undelivered_events(self, since: datetime) -> Iterator[GatewayEvent]:
        """Yield the events of kinds we handle whose delivery failed, oldest first."""
        ...

    def standing(self) -> Standing:
        """Ask what the service knows of us: for whoever sets the shop up."""
        ...

    def make_webhook_endpoint(self, url: str) -> WebhookEndpoint:
        """Have events sent to this address; its answer is the only one to show the secret."""
        ...

"""Who outside the house is connected: tokens of the API, addresses that are told, what was told."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.database import Model


class Scope(StrEnum):
    """What a token may do."""

    READ_ORDERS = "orders:read"
    WRITE_PARCELS = "parcels:write"
    READ_STOCK = "stock:read"
    WRITE_STOCK = "stock:write"


class Kind(StrEnum):
    """What an endpoint may be told of."""

    ORDER_PAID = "order.paid"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_REFUNDED = "order.refunded"
    PARCEL_SHIPPED = "parcel.shipped"
    PARCEL_DELIVERED = "parcel.delivered"
    STOCK_CHANGED = "stock.changed"
    PING = "ping"


CHOSEN_KINDS = tuple(kind for kind in Kind if kind is not Kind.PING)


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Ending(StrEnum):
    """Why an endpoint is told nothing any more."""

    STAFF = "staff"
    FAILING = "failing"
    GONE = "gone"
    """It answered 410."""


class ApiToken(Model):
    """A key to the API; of the key itself only a hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(20))
    """How it begins, so that people recognise it."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]


class ApiAnswer(Model):
    """What a token was answered to a request with a key: the same request gets it again."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("token_id", "key", name="uq_api_answer_token_id_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Hash of what was asked: another request with the same key is a mistake."""
    status: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime] = mapped_column(index=True)


class Endpoint(Model):
    """An address that is told what happens. Its secret follows from the shop's and a nonce."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(2_000))
    name: Mapped[str] = mapped_column(String(80))
    kinds: Mapped[list[str]] = mapped_column(JSON)
    nonce: Mapped[str] = mapped_column(String(64))
    old_nonce: Mapped[str] = mapped_column(String(64), default="")
    old_until: Mapped[datetime | None]
    """Until then what is sent is signed with the secret before as well."""
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str] = mapped_column(String(12), default="")
    failing_since: Mapped[datetime | None]
    """The first failure after which nothing was accepted."""
    rests_until: Mapped[datetime | None]
    """Whoever does not answer at all is left alone for a moment: workers have other work."""


class Delivery(Model):
    """One message for one endpoint, in the very bytes that are signed."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        Index("ix_webhook_delivery_endpoint_id_id", "endpoint_id", "id"),
        Index("ix_webhook_delivery_endpoint_id_state", "endpoint_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(String(40), unique=True)
    """Stays the same however often it is sent, so that whoever got it twice can tell."""
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(12), default=DeliveryState.WAITING)
    turn: Mapped[int] = mapped_column(default=0)
    """Tries so far; a job that comes late names an earlier one and does nothing."""
    tries: Mapped[int] = mapped_column(default=0)
    """Tries since it was last begun: somebody may have it sent again."""
    next_at: Mapped[datetime | None]

    endpoint: Mapped[Endpoint] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(order_by="Attempt.id")


class Attempt(Model):
    """One try to deliver, and what came back."""

    __tablename__ = "webhook_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("webhook_delivery.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
    milliseconds: Mapped[int]
    status: Mapped[int | None]
    answer: Mapped[str] = mapped_column(String(1_000), default="")
    """How its body began."""
    fault: Mapped[str] = mapped_column(String(200), default="")
    """Why there was no answer, in the words of whoever asked; empty where there was one."""


class Cursor(Model):
    """How far something was read that is told of afterwards."""

    __tablename__ = "webhook_cursor"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int]

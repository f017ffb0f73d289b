"""Stripe behind the store's door: the only module that imports the official SDK."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import structlog

from store import tracing
from store.payments.gateway import (
    DisputeFacts,
    ExpiresAtRefusedError,
    ForgedEventError,
    GatewayEvent,
    GatewayRefusedError,
    GatewayStuckError,
    GatewayUnknownError,
    KnownEndpoint,
    PaySession,
    RefundFacts,
    SessionParams,
    SessionRequest,
    Standing,
    WebhookEndpoint,
)
from store.payments.stripe_answers import (
    Fields,
    read_dispute,
    read_event,
    read_refund,
    read_session,
)
from store.payments.stripe_requests import EXPANDED, SHOP, coupon_params, session_params
from store.settings import Settings

# The SDK is large, and most processes serve pages long before anybody pays: it is imported by the
# first who asks Stripe, so that no start waits for it.
if TYPE_CHECKING:
    import stripe
    from stripe._base_address import BaseAddresses
    from stripe.params import (
        CouponCreateParams,
        DisputeUpdateParamsEvidence,
        EventListParams,
        WebhookEndpointCreateParams,
    )
    from stripe.params.checkout import SessionCreateParams

LIVE = "https://api.stripe.com"
TOLERANCE_SECONDS = 300
HANDLED_EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
# One retry, 1.2 s to connect and 3.4 s between bytes, and half a second between the two tries:
# a buyer waits less than ten seconds, where the SDK's own defaults would allow minutes.
RETRIES = 1
TIMEOUT_SECONDS = (1.2, 3.4)

log = structlog.get_logger(__name__)


class StripeGateway:
    """Asks Stripe, at the base address of the settings, with keys that survive a restart."""

    def __init__(self, settings: Settings, http_client: "stripe.HTTPClient | None" = None) -> None:
        self._secrets = settings.stripe_webhook_secrets
        self._shop = settings.public_url
        self._settings = settings
        self._http_client = http_client

    @cached_property
    def _client(self) -> "stripe.StripeClient":
        import stripe

        wire = self._http_client or stripe.RequestsClient(timeout=TIMEOUT_SECONDS)
        return stripe.StripeClient(
            self._settings.stripe_key.get_secret_value(),
            base_addresses=_addresses(self._settings.stripe_api_base),
            max_network_retries=RETRIES,
            http_client=_traced(wire) if tracing.is_on() else wire,
        )

    def session_params(self, request: SessionRequest) -> SessionParams:
        return session_params(request, self._shop)

    def coupon_params(self, request: SessionRequest) -> SessionParams:
        return coupon_params(request, self._shop)

    def reschedule(self, params: SessionParams, expires_at: datetime) -> SessionParams:
        return {**params, "expires_at": int(expires_at.timestamp())}

    def open_session(
        self, params: SessionParams, *, key: str, coupon: SessionParams | None = None
    ) -> PaySession:
        with _in_our_words():
            if coupon:
                self._make_coupon(coupon, f"coupon-{key}")
            session = self._client.v1.checkout.sessions.create(
                params=cast("SessionCreateParams", params), options={"idempotency_key": key}
            )
        return read_session(_fields(session))

    def session(self, session_id: str) -> PaySession:
        with _in_our_words():
            session = self._client.v1.checkout.sessions.retrieve(
                session_id, params={"expand": list(EXPANDED)}
            )
        return read_session(_fields(session))

    def expire_session(self, session_id: str) -> PaySession:
        with _in_our_words():
            session = self._client.v1.checkout.sessions.expire(session_id)
        return read_session(_fields(session))

    def sessions_since(self, since: datetime) -> Iterator[PaySession]:
        with _in_our_words():
            page = self._client.v1.checkout.sessions.list(
                params={
                    "created": {"gte": int(since.timestamp())},
                    "limit": 100,
                    "expand": [f"data.{path}" for path in EXPANDED],
                }
            )
            for session in page.auto_paging_iter():
                fields = _fields(session)
                if (fields.get("metadata") or {}).get(SHOP) == self._shop:
                    yield read_session(fields)

    def refund(self, intent_id: str, amount_minor: int, *, key: str, tries: int = 0) -> RefundFacts:
        with _in_our_words():
            refund = self._client.v1.refunds.create(
                params={
                    "payment_intent": intent_id,
                    "amount": amount_minor,
                    "metadata": {"key": key, SHOP: self._shop},
                },
                options={"idempotency_key": f"{key}-{tries}" if tries else key},
            )
        return read_refund(_fields(refund))

    def refunds_of(self, intent_id: str) -> list[RefundFacts]:
        with _in_our_words():
            page = self._client.v1.refunds.list(params={"payment_intent": intent_id, "limit": 100})
            return [read_refund(_fields(refund)) for refund in page.auto_paging_iter()]

    def disputes_of(self, intent_id: str) -> list[DisputeFacts]:
        with _in_our_words():
            page = self._client.v1.disputes.list(params={"payment_intent": intent_id, "limit": 100})
            return [read_dispute(_fields(dispute)) for dispute in page.auto_paging_iter()]

    def answer_dispute(
        self, dispute_id: str, evidence: Mapping[str, str], *, submits: bool, key: str
    ) -> DisputeFacts:
        given = cast("DisputeUpdateParamsEvidence", dict(evidence))
        with _in_our_words():
            dispute = self._client.v1.disputes.update(
                dispute_id,
                params={"evidence": given, "submit": submits},
                options={"idempotency_key": key},
            )
        return read_dispute(_fields(dispute))

    def accept_dispute(self, dispute_id: str, *, key: str) -> DisputeFacts:
        with _in_our_words():
            dispute = self._client.v1.disputes.close(dispute_id, options={"idempotency_key": key})
        return read_dispute(_fields(dispute))

    def keep_file(self, name: str, content: bytes) -> str:
        held = BytesIO(content)
        held.name = name
        with _in_our_words():
            kept = self._client.v1.files.create(
                params={"purpose": "dispute_evidence", "file": held}
            )
        return kept.id

    def read_event(self, body: bytes, signature: str) -> GatewayEvent:
        # compare_digest refuses text that is not ASCII with a TypeError, which is no answer.
        if signature.isascii():
            for secret in self._secrets:
                event = self._verified(body, signature, secret.get_secret_value())
                if event is not None:
                    return _noticed(read_event(event, body.decode()))
        raise ForgedEventError("none of our secrets signed this event")

    def reread_event(self, body: str) -> GatewayEvent:
        return read_event(json.loads(body), body)

    def undelivered_events(self, since: datetime) -> Iterator[GatewayEvent]:
        params: EventListParams = {
            "delivery_success": False,
            "types": list(HANDLED_EVENTS),
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
        }
        with _in_our_words():
            found = [_fields(e) for e in self._client.v1.events.list(params).auto_paging_iter()]
        for event in reversed(found):
            yield read_event(event, json.dumps(event))

    def standing(self) -> Standing:
        with _in_our_words():
            page = self._client.v1.webhook_endpoints.list({"limit": 100})
        answer = page.last_response
        return Standing(
            now=_moment_of(answer.headers if answer else {}),
            endpoints=tuple(_known(_fields(endpoint)) for endpoint in page.data),
        )

    def make_webhook_endpoint(self, url: str) -> WebhookEndpoint:
        import stripe

        params = {
            "url": url,
            "enabled_events": list(HANDLED_EVENTS),
            "api_version": stripe.api_version,
            "description": "Orders of the merchandise store",
        }
        with _in_our_words():
            endpoint = self._client.v1.webhook_endpoints.create(
                cast("WebhookEndpointCreateParams", params)
            )
        return WebhookEndpoint(
            endpoint.id, endpoint.url, endpoint.api_version or "", endpoint.secret or ""
        )

    def _make_coupon(self, params: SessionParams, key: str) -> None:
        """Make the coupon unless it is there: its id is random, so one that is there is ours."""
        import stripe

        try:
            self._client.v1.coupons.create(
                params=cast("CouponCreateParams", params), options={"idempotency_key": key}
            )
        except stripe.InvalidRequestError as error:
            if error.code != "resource_already_exists":
                raise

    def _verified(self, body: bytes, signature: str, secret: str) -> Fields | None:
        import stripe

        try:
            event = self._client.construct_event(body, signature, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError, AttributeError, RecursionError):
            # No UTF-8, no JSON or none with names, or a kind of notification never asked for.
            return None
        return _fields(event)


def _addresses(api: str) -> "BaseAddresses":
    """Stripe takes files at another address; a double of it takes them at its own."""
    return {"api": api} if api == LIVE else {"api": api, "files": api}


def _noticed(event: GatewayEvent) -> GatewayEvent:
    import stripe

    if event.api_version != stripe.api_version:
        # Only ids are read from events and the rest is fetched, so another version does no harm.
        log.warning("event_of_another_version", kind=event.kind, version=event.api_version)
    return event


def _fields(record: "stripe.StripeObject") -> Fields:
    return record.to_dict(for_json=True)


def _traced(wire: "stripe.HTTPClient") -> "stripe.HTTPClient":
    """Let each request of the SDK, each retry among them, be a span."""
    ask = wire.request

    def request(method: str, url: str, *given: Any, **named: Any) -> Any:
        with tracing.asked_outside("stripe", method, url) as made:
            answer = ask(method, url, *given, **named)
            if made is not None:
                made.set_attribute("http.response.status_code", answer[1])
            return answer

    wire.request = request  # type: ignore[method-assign] # every client of the SDK asks by it
    return wire


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Tell a clear no from an outcome that nobody knows: only the first may release goods."""
    import stripe

    try:
        yield
    except stripe.InvalidRequestError as error:
        raise _refusal(error) from error
    except (stripe.AuthenticationError, stripe.PermissionError, stripe.CardError) as error:
        raise GatewayRefusedError(str(error)) from error
    except stripe.StripeError as error:
        # Also a key that is in use or was used with other words: what it did, we do not know.
        words = f"{type(error).__name__}: {error}"
        if _header(error, "Idempotent-Replayed") == "true":
            raise GatewayStuckError(words) from error
        raise GatewayUnknownError(words) from error


def _refusal(error: "stripe.InvalidRequestError") -> GatewayRefusedError:
    if error.param == "expires_at":
        return ExpiresAtRefusedError(str(error), _server_now(error))
    return GatewayRefusedError(str(error))


def _server_now(error: "stripe.StripeError") -> datetime | None:
    return _moment_of(error.headers or {})


def _moment_of(headers: Mapping[str, str]) -> datetime | None:
    try:
        return parsedate_to_datetime(_one_of(headers, "Date")).astimezone(UTC)
    except ValueError:
        return None


def _header(error: "stripe.StripeError", wanted: str) -> str:
    return _one_of(error.headers or {}, wanted)


def _one_of(headers: Mapping[str, str], wanted: str) -> str:
    return next((value for name, value in headers.items() if name.lower() == wanted.lower()), "")


def _known(endpoint: Fields) -> KnownEndpoint:
    told = set(endpoint["enabled_events"])
    missing = () if "*" in told else tuple(kind for kind in HANDLED_EVENTS if kind not in told)
    return KnownEndpoint(endpoint["url"], endpoint["status"] == "enabled", missing)

"""How Stripe's answers are read: plain fields in, the store's own values out."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from store.payments.gateway import (
    Amounts,
    DisputeFacts,
    ForgedEventError,
    GatewayEvent,
    PageStatus,
    PaymentFacts,
    PaySession,
    Recipient,
    RefundFacts,
    TaxFacts,
)
from store.payments.stripe_requests import CHOICE, KIND, ORDER, TAX_LINE, TAX_ON_TOP

Fields = Mapping[str, Any]

PAID = frozenset({"paid", "no_payment_required"})
# A debit that bounced leaves its session complete and unpaid; only the intent tells it from one
# that is still under way.
DEAD_INTENTS = frozenset({"requires_payment_method", "canceled"})
# Control characters, and what ends a line or a paragraph.
BREAKING = frozenset({"Cc", "Zl", "Zp"})
ADDRESS_PARTS = ("line1", "line2", "city", "state", "postal_code", "country")


def read_session(fields: Fields) -> PaySession:
    status = PageStatus(fields["status"])
    return PaySession(
        id=fields["id"],
        url=fields.get("url") or "",
        status=status,
        # A page with nothing to pay says "no payment required" long before anybody completes it.
        is_paid=status is PageStatus.COMPLETE and fields["payment_status"] in PAID,
        currency=fields["currency"].upper(),
        amounts=_amounts(fields),
        units=_units(fields.get("line_items")),
        number=_own_number(fields),
        created_at=_moment(fields["created"]),
        expires_at=_moment(fields["expires_at"]),
        recipient=_recipient(fields),
        payment=_payment(fields.get("payment_intent")),
        presentment=fields.get("presentment_details") or {},
        choice=_choice(fields.get("shipping_cost")),
        line_taxes=_line_taxes(fields.get("line_items")),
        taxes=_taxes(fields.get("total_details")),
    )


def read_refund(fields: Fields) -> RefundFacts:
    return RefundFacts(
        id=fields["id"],
        intent_id=_id_of(fields.get("payment_intent")),
        amount_minor=fields["amount"],
        currency=fields["currency"].upper(),
        status=fields["status"],
        key=(fields.get("metadata") or {}).get("key", ""),
        created_at=_moment(fields["created"]),
    )


def read_dispute(fields: Fields) -> DisputeFacts:
    details = fields.get("evidence_details") or {}
    moved = [one["amount"] for one in fields.get("balance_transactions") or ()]
    due_by = details.get("due_by")
    return DisputeFacts(
        id=fields["id"],
        intent_id=_id_of(fields.get("payment_intent")),
        amount_minor=fields["amount"],
        currency=fields["currency"].upper(),
        reason=fields.get("reason") or "",
        status=fields["status"],
        is_refundable=bool(fields.get("is_charge_refundable")),
        due_by=_moment(due_by) if due_by else None,
        submissions=details.get("submission_count") or 0,
        has_evidence=bool(details.get("has_evidence")),
        is_withdrawn=any(amount < 0 for amount in moved),
        is_reinstated=any(amount > 0 for amount in moved),
        created_at=_moment(fields["created"]),
    )


def read_event(fields: Fields, body: str) -> GatewayEvent:
    """Read an event of any kind; what is no event at all raises ForgedEventError."""
    try:
        subject: Fields = fields["data"]["object"]
        is_session = subject.get("object") == "checkout.session"
        return GatewayEvent(
            id=_text(fields, "id"),
            kind=_text(fields, "type"),
            api_version=fields.get("api_version") or "",
            body=body,
            session_id=subject["id"] if is_session else "",
            intent_id=_id_of(subject.get("payment_intent")),
            number=_number(subject),
            detail={
                name: subject[name]
                for name in ("id", "status", "amount", "reason")
                if isinstance(subject.get(name), str | int)
            },
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ForgedEventError("this is no event") from error


def _text(fields: Fields, name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _amounts(fields: Fields) -> Amounts:
    details = fields.get("total_details") or {}
    # Tax that we reckoned is a line there, and a part of its own here.
    on_top = _number_in((fields.get("metadata") or {}).get(TAX_ON_TOP)) or 0
    return Amounts(
        subtotal=(fields.get("amount_subtotal") or 0) - on_top,
        discount=details.get("amount_discount") or 0,
        shipping=details.get("amount_shipping") or 0,
        tax=(details.get("amount_tax") or 0) + on_top,
        total=fields.get("amount_total") or 0,
    )


def _goods(lines: Fields | None) -> list[Fields] | None:
    """Return the lines that are no tax; None where not all of them were told."""
    if lines is None or lines.get("has_more"):
        return None
    return [line for line in lines["data"] if (line.get("metadata") or {}).get(KIND) != TAX_LINE]


def _units(lines: Fields | None) -> int | None:
    goods = _goods(lines)
    return None if goods is None else sum(int(line["quantity"]) for line in goods)


def _line_taxes(lines: Fields | None) -> tuple[int, ...] | None:
    goods = _goods(lines)
    return None if goods is None else tuple(line.get("amount_tax") or 0 for line in goods)


def _choice(cost: Fields | None) -> int | None:
    rate = (cost or {}).get("shipping_rate")
    return (
        _number_in((rate.get("metadata") or {}).get(CHOICE)) if isinstance(rate, Mapping) else None
    )


def _taxes(details: Fields | None) -> tuple[TaxFacts, ...]:
    breakdown = (details or {}).get("breakdown") or {}
    return tuple(
        TaxFacts(
            name=one["rate"].get("display_name") or "",
            millionths=round(float(one["rate"].get("percentage") or 0) * 10_000),
            base_minor=one.get("taxable_amount") or 0,
            tax_minor=one.get("amount") or 0,
        )
        for one in breakdown.get("taxes") or ()
    )


def _number_in(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _recipient(fields: Fields) -> Recipient:
    buyer = fields.get("customer_details") or {}
    shipping = (fields.get("collected_information") or {}).get("shipping_details") or {}
    address = shipping.get("address") or buyer.get("address") or {}
    return Recipient(
        email=_one_line(buyer.get("email"))[:320],
        name=_one_line(shipping.get("name") or buyer.get("name"))[:200],
        phone=_one_line(buyer.get("phone"))[:40],
        address={part: line for part in ADDRESS_PARTS if (line := _one_line(address.get(part)))},
    )


def _one_line(typed: str | None) -> str:
    """Return what a buyer typed as one line that every database keeps and every label prints."""
    visible = (sign for sign in typed or "" if unicodedata.category(sign) != "Cs")
    spaced = (" " if unicodedata.category(sign) in BREAKING else sign for sign in visible)
    return " ".join("".join(spaced).split())


def _payment(intent: Fields | str | None) -> PaymentFacts | None:
    if not isinstance(intent, Mapping):
        return None
    charge = intent.get("latest_charge")
    charged: Fields = charge if isinstance(charge, Mapping) else {}
    return PaymentFacts(
        intent_id=intent["id"],
        received_minor=intent.get("amount_received") or 0,
        refunded_minor=charged.get("amount_refunded") or 0,
        method=_method(charged.get("payment_method_details") or {}),
        has_failed=intent["status"] in DEAD_INTENTS,
        is_disputed=bool(charged.get("disputed")),
    )


def _method(details: Fields) -> str:
    kind = str(details.get("type") or "")
    chosen = details.get(kind) or {}
    name = str(chosen.get("brand") or kind).replace("_", " ").title()
    return f"{name} ···· {chosen['last4']}" if chosen.get("last4") else name


def _own_number(fields: Fields) -> str:
    """Return the order number that we gave; payment links let their opener choose the reference."""
    given = (fields.get("metadata") or {}).get(ORDER) or ""
    return given if given == fields.get("client_reference_id") else ""


def _number(subject: Fields) -> str:
    return subject.get("client_reference_id") or (subject.get("metadata") or {}).get(ORDER) or ""


def _id_of(value: Fields | str | None) -> str:
    if isinstance(value, Mapping):
        return str(value["id"])
    return value or ""


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)

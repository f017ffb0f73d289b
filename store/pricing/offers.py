"""Which discounts a cart may have at this moment, and why the code that was typed gives nothing."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from store.catalog.models import CollectionProduct
from store.database import db
from store.keyed import kept_hash
from store.money import Money
from store.pricing.discounts import DiscountKind, Offer, missing
from store.pricing.models import Discount, Scope
from store.pricing.redeeming import held_by_cart, uses_by_reader
from store.pricing.totals import PricedLine, Reduction
from store.settings import Settings


class CodeReason(StrEnum):
    """Why a code takes nothing off; the first ones are of the code, the others of this cart."""

    UNKNOWN = "unknown"
    STOPPED = "stopped"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    USED_UP = "used_up"
    USED_BY_READER = "used_by_reader"
    ADDRESS_WANTED = "address_wanted"
    NOT_THESE = "not_these"
    UNDER_MINIMUM = "under_minimum"
    OUTDONE = "outdone"
    GIVES_NOTHING = "gives_nothing"


WAITS = frozenset({CodeReason.OUTDONE, CodeReason.GIVES_NOTHING})
"""Reasons for which a cart takes a code all the same: nothing about it is wrong."""


@dataclass(frozen=True, slots=True)
class CodeFault:
    """What speaks against a code; moment, missing and other are given where the reason has one."""

    reason: CodeReason
    code: str
    moment: datetime | None = None
    missing: Money | None = None
    other: str = ""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who asks: the cart, the code that was typed, and the hash of the address, if there is one."""

    cart_id: int | None
    code: str = ""
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Offers:
    """What the cart may have; own is that of the code, fault what speaks against it."""

    all: tuple[Offer, ...] = ()
    own: Offer | None = None
    own_key: int | None = None
    fault: CodeFault | None = None
    counts_by_reader: bool = False


def code_key(code: str) -> str:
    """Return a code as it is compared: in any case, however wide its letters, without space."""
    return "".join(unicodedata.normalize("NFKC", code).casefold().split())


def same_reader(email: str) -> str:
    """Return an address as a discount counts it: case and what follows a + are no difference."""
    name, at, host = email.strip().casefold().rpartition("@")
    return f"{name.partition('+')[0]}@{host}" if at else ""


def reader_of(email: str, settings: Settings) -> str:
    """Return the hash that is kept of an address; "" without one."""
    kept = same_reader(email)
    return kept_hash(settings, "discount", kept).hex() if kept else ""


def offers_for(
    shopper: Shopper,
    lines: Sequence[PricedLine],
    products: Mapping[int, int],
    currency: str,
    now: datetime,
) -> Offers:
    """Return what a cart may have; products names the product of each line by the line's key."""
    found = _candidates(code_key(shopper.code), currency)
    typed = next((discount for discount in found if discount.code_key), None)
    held = _held(found, shopper)
    faults = {d.id: _fault(d, shopper, held, now) for d in found}
    holding = [discount for discount in found if faults[discount.id] is None]
    members = _members(holding, products)
    offers = {d.id: _offer(d, lines, products, members) for d in holding}
    if not shopper.code:
        return Offers(tuple(offers.values()))
    if typed is None:
        unknown = CodeFault(CodeReason.UNKNOWN, shopper.code)
        return Offers(tuple(offers.values()), fault=unknown)
    return Offers(
        tuple(offers.values()),
        own=offers.get(typed.id),
        own_key=typed.id,
        fault=faults[typed.id],
        counts_by_reader=typed.most_per_reader is not None,
    )


def fault_of(
    offers: Offers, lines: Sequence[PricedLine], chosen: Sequence[Reduction]
) -> CodeFault | None:
    """Return why the code takes nothing off this cart; None where it does, or none was typed."""
    own = offers.own
    if offers.fault is not None or own is None:
        return offers.fault
    if any(reduction.key == own.key for reduction in chosen):
        return None
    if not any(own.is_for(line) for line in lines):
        return CodeFault(CodeReason.NOT_THESE, own.code)
    lacking = missing(own, lines)
    if lacking is not None:
        return CodeFault(CodeReason.UNDER_MINIMUM, own.code, missing=lacking)
    if chosen:
        return CodeFault(CodeReason.OUTDONE, own.code, other=chosen[0].name)
    return CodeFault(CodeReason.GIVES_NOTHING, own.code)


def _candidates(key: str, currency: str) -> Sequence[Discount]:
    """Return the running discounts that need no code, and that of the code, whatever its state."""
    wanted = Discount.code_key.is_(None) & Discount.is_active
    if key:
        wanted |= Discount.code_key == key
    return db.session.scalars(
        select(Discount)
        .where(wanted, Discount.currency == currency)
        .order_by(Discount.id)
        # Uses are counted by statements: what the session remembers of a discount may be old.
        .execution_options(populate_existing=True)
    ).all()


def _held(found: Sequence[Discount], shopper: Shopper) -> frozenset[int]:
    """Return of which the cart holds a use; asked only where one is at its limit."""
    is_tight = any(d.most_in_all is not None and d.taken >= d.most_in_all for d in found)
    if shopper.cart_id is None or not is_tight:
        return frozenset()
    return held_by_cart(shopper.cart_id)


def _fault(
    discount: Discount, shopper: Shopper, held: frozenset[int], now: datetime
) -> CodeFault | None:
    own = int(discount.id in held)
    if discount.starts_at > now:
        return CodeFault(CodeReason.NOT_BEGUN, discount.code, moment=discount.starts_at)
    if discount.ends_at is not None and discount.ends_at <= now:
        return CodeFault(CodeReason.ENDED, discount.code, moment=discount.ends_at)
    if not discount.is_active:
        return CodeFault(CodeReason.STOPPED, discount.code)
    if discount.most_in_all is not None and discount.taken - own >= discount.most_in_all:
        return CodeFault(CodeReason.USED_UP, discount.code)
    return _reader_fault(discount, shopper)


def _reader_fault(discount: Discount, shopper: Shopper) -> CodeFault | None:
    limit = discount.most_per_reader
    if limit is None:
        return None
    if not shopper.reader:
        return CodeFault(CodeReason.ADDRESS_WANTED, discount.code)
    if uses_by_reader(discount.id, shopper.reader, but=shopper.cart_id) >= limit:
        return CodeFault(CodeReason.USED_BY_READER, discount.code)
    return None


def _members(found: Sequence[Discount], products: Mapping[int, int]) -> set[tuple[int, int]]:
    """Return which of these products are in which of the collections that are aimed at."""
    aimed = {i for d in found if d.scope == Scope.COLLECTIONS for i in d.target_ids}
    if not aimed:
        return set()
    rows = db.session.execute(
        select(CollectionProduct.collection_id, CollectionProduct.product_id).where(
            CollectionProduct.collection_id.in_(aimed),
            CollectionProduct.product_id.in_(set(products.values())),
        )
    )
    return {(collection_id, product_id) for collection_id, product_id in rows}


def _offer(
    discount: Discount,
    lines: Sequence[PricedLine],
    products: Mapping[int, int],
    members: set[tuple[int, int]],
) -> Offer:
    return offer_of(
        discount,
        [line.key for line in lines if _is_for(discount, products[line.key], members)],
    )


def offer_of(discount: Discount, line_keys: Sequence[int]) -> Offer:
    """Return a discount as it is reckoned with, for these lines."""
    return Offer(
        key=discount.id,
        name=discount.name,
        kind=DiscountKind(discount.kind),
        code=discount.code,
        basis_points=discount.basis_points or 0,
        amount=discount.amount,
        minimum=discount.minimum,
        line_keys=None if discount.scope == Scope.ALL else frozenset(line_keys),
        combines=discount.combines,
    )


def _is_for(discount: Discount, product_id: int, members: set[tuple[int, int]]) -> bool:
    match Scope(discount.scope):
        case Scope.ALL:
            return True
        case Scope.PRODUCTS:
            return product_id in discount.target_ids
        case Scope.COLLECTIONS:
            return any((target, product_id) in members for target in discount.target_ids)

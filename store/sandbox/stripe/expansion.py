"""What `expand[]` adds to an answer: records in the place of their ids, and lists left out."""

from collections.abc import Callable
from typing import Any

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record, bad_parameter
from store.sandbox.stripe.state import Shelf

POINTERS = {
    "payment_intent": Shelf.INTENT,
    "latest_charge": Shelf.CHARGE,
    "charge": Shelf.CHARGE,
    "product": Shelf.PRODUCT,
    "shipping_rate": Shelf.SHIPPING_RATE,
}
BREAKDOWN = ["total_details", "breakdown"]


def expanded(account: Account, record: Record, paths: list[str]) -> Record:
    for path in paths:
        _expand(account, record, path.split("."), path)
    return record


def _expand(account: Account, value: Any, steps: list[str], path: str) -> None:
    if isinstance(value, list):
        for element in value:
            _expand(account, element, steps, path)
        return
    step, *rest = steps
    if not isinstance(value, dict):
        raise _not_expandable(path)
    if steps == BREAKDOWN and value.get("object") == "checkout.session":
        value["total_details"]["breakdown"] = _breakdown(account, value)
        return
    _fill(account, value, step, path, is_last=not rest)
    if rest and value[step] is not None:
        _expand(account, value[step], rest, path)


def _fill(account: Account, record: Record, step: str, path: str, *, is_last: bool) -> None:
    included = INCLUDED.get((str(record.get("object")), step))
    if included and not record.get(step):
        record[step] = included(account, record)
    elif step in POINTERS and isinstance(record.get(step), str):
        record[step] = account.state.get(POINTERS[step], record[step])
    elif step not in record or (is_last and step not in POINTERS and not included):
        raise _not_expandable(path)


def list_of(records: list[Record], url: str) -> Record:
    return {"object": "list", "url": url, "has_more": False, "data": records}


def _line_items(account: Account, session: Record) -> Record:
    lines = account.state.take(Shelf.LINES, session["id"])["lines"]
    return list_of(lines, f"/v1/checkout/sessions/{session['id']}/line_items")


def _refunds(account: Account, charge: Record) -> Record:
    refunds = [dict(r) for r in account.state.scan(Shelf.REFUND) if r["charge"] == charge["id"]]
    return list_of(refunds[::-1], f"/v1/charges/{charge['id']}/refunds")


def _breakdown(account: Account, session: Record) -> Record:
    """Return the taxes by rate; of discounts it tells nothing, because nobody asks."""
    kept = account.state.get(Shelf.BREAKDOWN, session["id"])
    return kept or {"discounts": [], "taxes": []}


INCLUDED: dict[tuple[str, str], Callable[[Account, Record], Record]] = {
    ("checkout.session", "line_items"): _line_items,
    ("charge", "refunds"): _refunds,
}


def _not_expandable(path: str) -> Exception:
    return bad_parameter(f"This property cannot be expanded ({path}).", "expand")

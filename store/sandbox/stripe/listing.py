"""Which records a list request sees: newest first, filtered, a page at a time."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.errors import Record, no_such
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf

Test = Callable[[Mapping[str, Any]], bool]


def listed(
    account: Account,
    shelf: Shelf,
    parameters: Parameters,
    *,
    equal: Iterable[str] = (),
    tests: Iterable[Test] = (),
) -> Record:
    """Answer `GET` on a collection; `equal` names the fields that filter by their own value."""
    wanted = [*tests, *_equal_tests(parameters, equal), *_created_tests(parameters)]
    url = f"/v1/{PATHS[shelf]}"
    records = newest_first(account, shelf)
    return paged([r for r in records if all(test(r) for test in wanted)], parameters, url)


def paged(records: list[Mapping[str, Any]], parameters: Parameters, url: str) -> Record:
    limit = parameters.integer("limit", least=1, most=100) or 10
    after, before = parameters.text("starting_after"), parameters.text("ending_before")
    start, end = 0, len(records)
    if after:
        start = _position(records, after, "starting_after") + 1
    if before:
        end = _position(records, before, "ending_before")
        start = max(start, end - limit)
    page = records[start:end][:limit]
    left = start > 0 if before else end - start > limit
    return {
        "object": "list",
        "url": url,
        "has_more": left,
        "data": [dict(record) for record in page],
    }


def newest_first(account: Account, shelf: Shelf) -> list[Mapping[str, Any]]:
    """Order by time, records of one second by their making."""
    made_last_first = reversed(account.state.scan(shelf))
    return sorted(made_last_first, key=lambda record: -record["created"])


def _position(records: list[Mapping[str, Any]], wanted: str, param: str) -> int:
    for position, record in enumerate(records):
        if record["id"] == wanted:
            return position
    raise no_such("object", wanted, param)


def _equal_tests(parameters: Parameters, names: Iterable[str]) -> list[Test]:
    wanted = {name: value for name in names if (value := parameters.text(name))}
    return [lambda record: all(record.get(name) == value for name, value in wanted.items())]


def _created_tests(parameters: Parameters) -> list[Test]:
    if "created" not in parameters:
        return []
    window = parameters.branch_or_integer("created")
    if isinstance(window, int):
        return [lambda record: record["created"] == window]
    least, above = window.integer("gte"), window.integer("gt")
    most, below = window.integer("lte"), window.integer("lt")

    def inside(record: Mapping[str, Any]) -> bool:
        moment: int = record["created"]
        return (
            (least is None or moment >= least)
            and (above is None or moment > above)
            and (most is None or moment <= most)
            and (below is None or moment < below)
        )

    return [inside]


PATHS = {
    Shelf.SESSION: "checkout/sessions",
    Shelf.INTENT: "payment_intents",
    Shelf.CHARGE: "charges",
    Shelf.REFUND: "refunds",
    Shelf.DISPUTE: "disputes",
    Shelf.COUPON: "coupons",
    Shelf.EVENT: "events",
    Shelf.ENDPOINT: "webhook_endpoints",
}

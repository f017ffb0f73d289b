"""What the API takes and gives, as types: they check what comes, and describe themselves.

Nothing here knows more of whoever bought than the slip in her parcel says.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

LARGEST_NUMBER = 2**31 - 1
_RFC3339 = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_WHOLE = re.compile(r"[0-9]{1,10}", re.ASCII)
PLAIN = r"^[^\x00-\x1f\x7f]*$"
"""No control character: no carrier prints one, and no database keeps a NUL."""
KEY_PATTERN = r"^[!-~]{1,255}$"
"""An Idempotency-Key: what ASCII prints, and no space, which proxies may take away."""


def _written_as_a_moment(given: Any) -> Any:
    # A number would be taken for seconds since 1970.
    if isinstance(given, str) and not _RFC3339.fullmatch(given):
        raise ValueError("write a moment with its zone, such as 2026-11-26T04:30:00Z")
    return given


def _written_in_digits(given: Any) -> Any:
    if isinstance(given, str) and not _WHOLE.fullmatch(given):
        raise ValueError("write a whole number in digits")
    return given


def _moves(delta: int) -> int:
    if delta == 0:
        raise ValueError("an adjustment changes something")
    return delta


Carrier = Annotated[str, Field(max_length=80, pattern=PLAIN, examples=["Australia Post"])]
TrackingNumber = Annotated[str, Field(max_length=120, pattern=PLAIN, examples=["LX473124829AU"])]
Sku = Annotated[str, Field(min_length=1, max_length=120, pattern=PLAIN, examples=["GN-TEE-M"])]
Note = Annotated[str, Field(max_length=400, pattern=PLAIN)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written_as_a_moment)]
RowNumber = Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]
Digits = BeforeValidator(_written_in_digits)


class Given(BaseModel):
    """A body: exactly these fields, of exactly these types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Asked(BaseModel):
    """What stands behind the question mark: exactly these names, each once."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """An answer."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Address(Told):
    """What stands on the label."""

    name: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str = Field(description="ISO 3166-1, two letters.")


class Line(Told):
    """One line of an order, as it was bought."""

    id: int = Field(description="Names the line when a parcel is made.")
    sku: str
    title: str
    combination: str = Field(description="Which variant, in words.")
    quantity: int
    shipped: int
    cancelled: int = Field(description="Units that will not be sent: their money went back.")
    to_ship: int = Field(description="Units that may still leave.")
    on_hold: bool = Field(description="A refund is under way: it must not leave now.")


class Content(Told):
    """Units of one line that lie in a parcel."""

    line_id: int
    sku: str
    quantity: int


class Parcel(Told):
    """One parcel that has left."""

    id: int
    order: str
    carrier: str
    tracking_number: str
    tracking_url: str | None = Field(description="Where its carrier shows it.")
    tracking_warning: str | None = Field(
        description="Why the number may be wrong. It is kept as it was given."
    )
    shipped_at: datetime
    delivered_at: datetime | None
    lines: list[Content]


OrderStatus = Literal["to_ship", "partly_shipped", "shipped", "cancelled", "nothing_to_ship"]


class Order(Told):
    """One order to pack, with what the slip in its parcel says and no more."""

    number: str
    status: OrderStatus
    placed_at: datetime
    updated_at: datetime = Field(description="When the last thing happened to it.")
    shipping_method: str
    is_gift: bool = Field(description="No prices belong into its parcel.")
    note: str = Field(description="What the slip says besides; empty once everything has left.")
    ship_to: Address | None = Field(description="Told for as long as something is left to send.")
    lines: list[Line]
    parcels: list[Parcel]


class OrderList(Told):
    orders: list[Order]
    next_cursor: str | None = Field(description="Give it as `cursor` for what follows.")


class Level(Told):
    """What lies of one variant."""

    sku: str
    title: str
    combination: str
    on_hand: int = Field(description="Units on the shelf, promised ones among them.")
    available: int = Field(description="Units that can be sold; below zero where more is promised.")


class LevelList(Told):
    levels: list[Level]
    next_cursor: str | None = Field(description="Give it as `cursor` for what follows.")


# Bounds come before what reads digits: after it they bind as well, and are described to nobody.
Limit = Annotated[int, Field(ge=1, le=100, description="How many at once."), Digits]
Cursor = Annotated[
    str, Field(pattern=r"^[0-9]{1,9}$", description="`next_cursor` of the answer before.")
]


class OrdersAsked(Asked):
    status: Literal["to_ship", "any"] = Field(
        default="to_ship", description="`any`: those as well that have left or were cancelled."
    )
    updated_since: Moment | None = Field(
        default=None, description="Only what something happened to since then."
    )
    limit: Limit = 50
    cursor: Cursor | None = None


class LevelsAsked(Asked):
    sku: Sku | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Packed(Given):
    line_id: RowNumber
    quantity: Annotated[int, Field(ge=1, le=1_000_000)]


class ParcelGiven(Given):
    carrier: Carrier = Field(default="", description="Left out, the number says.")
    tracking_number: TrackingNumber = ""
    lines: Annotated[list[Packed], Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Left out, everything that may still leave lies in it."
    )
    notify_reader: bool = Field(default=True, description="Mail whoever bought that it has left.")


class TrackingGiven(Given):
    carrier: Carrier = Field(default="", description="Left out, the number says.")
    tracking_number: TrackingNumber
    notify_reader: bool = Field(default=False, description="Mail whoever bought the right number.")


class Nothing(Given):
    """An empty body, or none at all."""


class AdjustmentGiven(Given):
    sku: Sku
    delta: Annotated[
        int,
        Field(ge=-1_000_000, le=1_000_000, json_schema_extra={"not": {"const": 0}}),
        AfterValidator(_moves),
    ] = Field(description="Units that came; below zero: that went.")
    reason: Literal["receive", "return", "damage", "adjust"]
    note: Note = ""


class CountGiven(Given):
    sku: Sku
    on_hand: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        description="Units that were counted on the shelf."
    )
    expected: Annotated[int, Field(ge=0, le=1_000_000)] | None = Field(
        default=None,
        description="What `on_hand` was when somebody counted; refused if it is not that any more.",
    )
    note: Note = ""


class Fault(Told):
    pointer: str = Field(description="Which value, as a JSON Pointer or the name of a parameter.")
    detail: str


class Problem(BaseModel):
    """Why something was refused: RFC 9457."""

    model_config = ConfigDict(frozen=True)

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[Fault] = Field(default=[], description="There where values are wrong.")


def single(given: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return parameters as a type reads them; one that came twice stays a list, and is refused."""
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}

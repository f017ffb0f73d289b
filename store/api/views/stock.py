"""What lies on the shelves: read, adjusted, counted; each change names its reason."""

from flask import Blueprint
from pydantic import BaseModel

from store.api import levels, shapes
from store.api.operations import Operation, caller, operation
from store.api.problems import CONFLICT, Refusal
from store.connections.models import Scope
from store.inventory.models import MovementKind
from store.inventory.stock import NotOnShelfError
from store.staff import counting
from store.web.doors import services

blueprint = Blueprint("stock", __name__)
UNKNOWN = {404: "No counted variant has this sku."}


@operation(
    blueprint,
    Operation(
        "GET",
        "/stock",
        "list_stock",
        "List what lies on the shelves",
        Scope.READ_STOCK,
        shapes.LevelList,
        asked=shapes.LevelsAsked,
    ),
)
def list_stock(asked: shapes.LevelsAsked) -> tuple[int, BaseModel]:
    return 200, levels.level_list(asked)


@operation(
    blueprint,
    Operation(
        "POST",
        "/stock/adjustments",
        "adjust_stock",
        "Add or take units",
        Scope.WRITE_STOCK,
        shapes.Level,
        given=shapes.AdjustmentGiven,
        wants_key=True,
        refusals=UNKNOWN | {409: "Fewer units lie on the shelf than would go."},
    ),
)
def adjust_stock(given: shapes.AdjustmentGiven) -> tuple[int, BaseModel]:
    variant_id, _on_hand = levels.variant_with(given.sku)
    try:
        counting.move(
            variant_id,
            given.delta,
            kind=MovementKind(given.reason),
            cause="API",
            note=given.note,
            actor=caller().actor,
            services=services(),
        )
    except NotOnShelfError as refused:
        raise Refusal(CONFLICT, f"Only {refused.on_hand} units lie on the shelf.") from None
    return 200, levels.level_of(variant_id)


@operation(
    blueprint,
    Operation(
        "POST",
        "/stock/counts",
        "count_stock",
        "Set a shelf to what was counted",
        Scope.WRITE_STOCK,
        shapes.Level,
        given=shapes.CountGiven,
        refusals=UNKNOWN | {409: "The shelf moved since it was counted."},
    ),
)
def count_stock(given: shapes.CountGiven) -> tuple[int, BaseModel]:
    variant_id, on_hand = levels.variant_with(given.sku)
    if given.expected is not None and given.expected != (on_hand or 0):
        raise Refusal(CONFLICT, f"{on_hand or 0} units are on the books now. Count again.")
    counting.count(
        variant_id,
        given.on_hand,
        cause="API",
        note=given.note,
        actor=caller().actor,
        services=services(),
    )
    return 200, levels.level_of(variant_id)

"""Options and variants as a form holds them: rows known by slots, whatever they are called.

A variant chooses values by their slots, so that a value may be renamed, moved or given a colour
while every variant stays the one it was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product as all_of
from typing import TypeVar

from werkzeug.datastructures import MultiDict

from store.catalog.drafts import MOST_OPTIONS

Row = TypeVar("Row")

MOST_VARIANTS = 2_000
CELLS = ("price", "compare_at", "sku", "barcode", "weight", "sent", "taxed", "selling", "stock")


@dataclass(slots=True)
class ValueRow:
    slot: str
    text: str = ""
    swatch: str = ""


@dataclass(slots=True)
class OptionRow:
    slot: str
    name: str = ""
    values: list[ValueRow] = field(default_factory=list)

    def value(self, slot: str) -> ValueRow | None:
        return next((value for value in self.values if value.slot == slot), None)


@dataclass(slots=True)
class VariantRow:
    """One line of the grid, as typed; picks are slots of values by slots of options."""

    picks: dict[str, str]
    variant_id: str = ""
    cells: dict[str, str] = field(default_factory=lambda: dict.fromkeys(CELLS, ""))


class TooManyVariantsError(ValueError):
    """More combinations than one product may have."""

    def __init__(self, wanted: int) -> None:
        super().__init__(f"{wanted} variants")
        self.wanted = wanted


@dataclass(slots=True)
class Matrix:
    options: list[OptionRow] = field(default_factory=list)
    variants: list[VariantRow] = field(default_factory=list)

    def option(self, slot: str) -> OptionRow | None:
        return next((option for option in self.options if option.slot == slot), None)

    def texts(self, row: VariantRow) -> tuple[str, ...]:
        """Return the values that a row chooses, in the order of the options."""
        found = (option.value(row.picks.get(option.slot, "")) for option in self.options)
        return tuple(value.text if value else "" for value in found)


def read_matrix(posted: MultiDict[str, str]) -> Matrix:
    """Read the options and the grid of a form; what does not fit together is left out."""
    options = [_read_option(posted, slot) for slot in _slots(posted.getlist("option"))]
    lists = {name: posted.getlist(name) for name in ("id", "pick", *CELLS)}
    variants = [_read_variant(lists, place) for place in range(len(lists["pick"]))]
    return Matrix(options[:MOST_OPTIONS], variants)


def change(matrix: Matrix, act: str) -> None:
    """Do what one of the form's own buttons says, such as "remove-value:1:3".

    Raises TooManyVariantsError; what is not known changes nothing.
    """
    name, *slots = act.split(":")
    do = _ACTS.get(name)
    if do is not None:
        do(matrix, *[*slots, "", ""][:2])


def take_typed_values(matrix: Matrix, typed: Mapping[str, str]) -> None:
    """Add what was typed into an option's box for new values, parted by commas."""
    for option in matrix.options:
        known = {value.text.casefold() for value in option.values}
        for part in typed.get(option.slot, "").split(","):
            text = " ".join(part.split())
            if text and text.casefold() not in known:
                known.add(text.casefold())
                _grow(matrix, option, text)


def add_missing(matrix: Matrix) -> None:
    """Add a row for every combination that has none; raises TooManyVariantsError."""
    named = [(option, [v for v in option.values if v.text.strip()]) for option in matrix.options]
    named = [(option, values) for option, values in named if values]
    wanted = 1
    for _option, values in named:
        wanted *= len(values)
    if wanted > MOST_VARIANTS:
        raise TooManyVariantsError(wanted)
    there = {_chosen(matrix, row) for row in matrix.variants}
    for chosen in all_of(*(values for _option, values in named)):
        picks = {o.slot: v.slot for (o, _), v in zip(named, chosen, strict=True)}
        row = VariantRow(picks)
        if _chosen(matrix, row) not in there:
            row.cells = _like_siblings(matrix, row)
            matrix.variants.append(row)
    _sort(matrix)


def _slots(given: Sequence[str]) -> Iterator[str]:
    return (slot for slot in dict.fromkeys(given) if slot.isascii() and slot.isalnum())


def _read_option(posted: MultiDict[str, str], slot: str) -> OptionRow:
    values = [
        ValueRow(v, posted.get(f"value-{slot}-{v}", ""), posted.get(f"swatch-{slot}-{v}", ""))
        for v in _slots(posted.getlist(f"values-{slot}"))
    ]
    return OptionRow(slot, posted.get(f"option-{slot}", ""), values)


def _read_variant(lists: Mapping[str, list[str]], place: int) -> VariantRow:
    def at(name: str) -> str:
        return lists[name][place] if place < len(lists[name]) else ""

    pairs = (pick.partition(":") for pick in at("pick").split())
    picks = {option: value for option, _colon, value in pairs}
    return VariantRow(picks, at("id"), {name: at(name) for name in CELLS})


def _add_option(matrix: Matrix, _slot: str, _other: str) -> None:
    if len(matrix.options) < MOST_OPTIONS:
        matrix.options.append(OptionRow(_free([option.slot for option in matrix.options])))


def _remove_option(matrix: Matrix, slot: str, _other: str) -> None:
    """Drop an option; of the variants that differed in it alone the first stays."""
    matrix.options = [option for option in matrix.options if option.slot != slot]
    kept: dict[tuple[str, ...], VariantRow] = {}
    for row in matrix.variants:
        row.picks.pop(slot, None)
        kept.setdefault(_chosen(matrix, row), row)
    matrix.variants = list(kept.values())


def _move_option(matrix: Matrix, slot: str, way: str) -> None:
    _move(matrix.options, [option.slot for option in matrix.options], slot, way)


def _remove_value(matrix: Matrix, slot: str, value: str) -> None:
    option = matrix.option(slot)
    if option is None:
        return
    option.values = [known for known in option.values if known.slot != value]
    if not option.values:
        _remove_option(matrix, slot, "")
        return
    matrix.variants = [row for row in matrix.variants if row.picks.get(slot) != value]


def _move_value(way: str) -> Callable[[Matrix, str, str], None]:
    def move(matrix: Matrix, slot: str, value: str) -> None:
        option = matrix.option(slot)
        if option is not None:
            _move(option.values, [known.slot for known in option.values], value, way)
            _sort(matrix)

    return move


def _remove_variant(matrix: Matrix, place: str, _other: str) -> None:
    if place.isascii() and place.isdigit() and len(matrix.variants) > 1:
        matrix.variants = [v for i, v in enumerate(matrix.variants) if i != int(place[:9])]


_ACTS: Mapping[str, Callable[[Matrix, str, str], None]] = {
    "add-option": _add_option,
    "remove-option": _remove_option,
    "move-option": _move_option,
    "remove-value": _remove_value,
    "value-up": _move_value("up"),
    "value-down": _move_value("down"),
    "remove-variant": _remove_variant,
    "add-missing": lambda matrix, _slot, _other: add_missing(matrix),
}


def _grow(matrix: Matrix, option: OptionRow, text: str) -> None:
    """Add one value: the first of an option is what every variant had all along."""
    is_first = not any(value.text.strip() for value in option.values)
    value = ValueRow(_free([known.slot for known in option.values]), text)
    option.values.append(value)
    if is_first:
        for row in matrix.variants:
            row.picks[option.slot] = value.slot
        return
    others = {
        tuple((o.slot, row.picks.get(o.slot, "")) for o in matrix.options if o is not option)
        for row in matrix.variants
    }
    if len(matrix.variants) + len(others) > MOST_VARIANTS:
        raise TooManyVariantsError(len(matrix.variants) + len(others))
    for picks in sorted(others):
        row = VariantRow({**dict(picks), option.slot: value.slot})
        row.cells = _like_siblings(matrix, row)
        matrix.variants.append(row)
    _sort(matrix)


def _like_siblings(matrix: Matrix, wanted: VariantRow) -> dict[str, str]:
    """Return the cells of the row that shares most of its values, but for codes and stock."""
    if not matrix.variants:
        return dict.fromkeys(CELLS, "")
    nearest = max(
        matrix.variants,
        key=lambda row: sum(row.picks.get(o) == v for o, v in wanted.picks.items()),
    )
    own = dict.fromkeys(("sku", "barcode", "stock"), "")
    return nearest.cells | own


def _chosen(matrix: Matrix, row: VariantRow) -> tuple[str, ...]:
    return tuple(row.picks.get(option.slot, "") for option in matrix.options)


def _sort(matrix: Matrix) -> None:
    """Bring the rows into the order of the values; what chooses nothing comes first."""
    places = {
        (option.slot, value.slot): place
        for option in matrix.options
        for place, value in enumerate(option.values)
    }
    matrix.variants.sort(
        key=lambda row: [
            places.get((o.slot, row.picks.get(o.slot, "")), -1) for o in matrix.options
        ]
    )


def _move(rows: list[Row], slots: list[str], slot: str, way: str) -> None:
    if slot not in slots:
        return
    here = slots.index(slot)
    there = here + (-1 if way == "up" else 1)
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]


def _free(slots: Sequence[str]) -> str:
    numbers = [int(slot) for slot in slots if slot.isdigit() and len(slot) <= 6]
    return str(max(numbers, default=0) + 1)

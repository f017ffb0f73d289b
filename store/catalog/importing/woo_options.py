"""Makes options of the attributes by which variations differ, and variants of “any”."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from store.catalog.drafts import MOST_OPTIONS
from store.catalog.importing.notes import Notes, RowRefusedError
from store.catalog.importing.sheets import VariantSheet
from store.catalog.importing.variant_rows import LONGEST_COMBINATION, LONGEST_VALUE
from store.catalog.importing.woo_records import WooRecord

LONGEST_OPTION = 120
MOST_VARIANTS = 2_000


def option_names(
    parent: WooRecord, variations: Sequence[WooRecord], notes: Notes
) -> tuple[str, ...]:
    """Return the attributes that variations name, in the order of their parent's.

    One without a value anywhere is none, and where there are more than a product can have here,
    those that tell no variations apart are left out. Raises RowRefusedError for more than that.
    """
    named = {name for variation in variations for name in variation.attributes()}
    own = [name for name in parent.attributes() if name in named]
    told = {
        name: values
        for name in (*own, *sorted(named.difference(own)))
        if any(values := _values(name, parent, variations))
    }
    if not told:
        nameless = next((where for one in variations if (where := one.nameless_attribute)), "")
        raise RowRefusedError(
            nameless or "no attribute tells its variations apart: give them attributes"
        )
    names = list(told)
    if len(names) > MOST_OPTIONS:
        names = [name for name in names if _tells_apart(told[name])] or names[:1]
        same = [name for name in told if name not in names]
        if same and len(names) <= MOST_OPTIONS:
            notes.warn(
                parent.line,
                f"all its variations have the same {', '.join(same)}: left out, a product has at"
                f" most {MOST_OPTIONS} options",
            )
    if len(names) > MOST_OPTIONS:
        raise RowRefusedError(
            f"its variations differ by {len(names)} attributes ({', '.join(names)}), and a product"
            f" has at most {MOST_OPTIONS} options: join two of them into one, or make two products"
        )
    if any(len(name) > LONGEST_OPTION for name in names):
        raise RowRefusedError(
            f"the name of an attribute is longer than {LONGEST_OPTION} characters"
        )
    return tuple(names)


def _values(name: str, parent: WooRecord, variations: Sequence[WooRecord]) -> set[tuple[str, ...]]:
    """Return what variations may have of an attribute; blank is any value of the parent's."""
    known = parent.attributes().get(name, [])
    return {tuple(one.attributes().get(name) or known) for one in variations}


def _tells_apart(values: set[tuple[str, ...]]) -> bool:
    return len(values) > 1 or any(len(choice) > 1 for choice in values)


def variants_of(
    sheets: Sequence[tuple[WooRecord, VariantSheet]],
    names: Sequence[str],
    parent: WooRecord,
    notes: Notes,
) -> list[VariantSheet]:
    """Return a variant for each combination; what is named wins over what “any” stands for."""
    found: dict[tuple[str, ...], VariantSheet] = {}
    whole = [pair for pair in sheets if all(pair[0].attributes().get(name) for name in names)]
    for record, sheet in (*whole, *(pair for pair in sheets if pair not in whole)):
        try:
            combinations = list(_combinations(record, names, parent.attributes()))
        except RowRefusedError as refusal:
            notes.refuse(record.line, str(refusal))
            continue
        fresh = [values for values in combinations if values not in found]
        if not fresh:
            first = found[combinations[0]].line
            notes.refuse(record.line, f"line {first} is about the same variant")
        for values, variant in zip(fresh, _shared(sheet, len(fresh), notes), strict=True):
            found[values] = replace(variant, values=values)
    return sorted(found.values(), key=lambda variant: variant.line)


def _combinations(
    record: WooRecord, names: Sequence[str], known: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, ...]]:
    own = record.attributes()
    choices = [own.get(name) or known.get(name) or [] for name in names]
    for name, values in zip(names, choices, strict=True):
        if not values:
            raise RowRefusedError(f"neither it nor its parent has a value for {name!r}")
        if max(map(len, values)) > LONGEST_VALUE:
            raise RowRefusedError(f"a value of {name!r} is longer than {LONGEST_VALUE} characters")
    number = 1
    for values in choices:
        number *= len(values)
    if number > MOST_VARIANTS:
        raise RowRefusedError(f"it stands for {number} variants: name those that exist")
    for combination in product(*choices):
        if sum(map(len, combination)) > LONGEST_COMBINATION - 6:
            raise RowRefusedError("its option values are too long together")
        yield combination


def _shared(sheet: VariantSheet, number: int, notes: Notes) -> list[VariantSheet]:
    if number <= 1:
        return [sheet] * number
    said = dict(sheet.said)
    lost = ["SKU"] if said.pop("sku", None) else []
    lost += ["stock"] if sheet.quantity is not None else []
    tail = f": {' and '.join(lost)} cannot be all of theirs and are left out" if lost else ""
    notes.warn(sheet.line, f"it stands for {number} variants{tail}")
    return [replace(sheet, said=said, quantity=None)] * number

"""What a reader has chosen to see, and how many products each further choice would leave."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

from store.catalog.facet_values import FAMILIES, Facet, colour_order, price_order, size_order
from store.catalog.register import Register

MOST_CHOSEN = 12
"""Values of one facet: nobody chooses more, and each makes an address of its own."""
MOST_SHOWN = 40
Chosen = Mapping[Facet, frozenset[str]]
NOTHING: Chosen = {}


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value, as products spell it; count is how many products it has under the others' choice.

    The colour is CSS hex, or empty.
    """

    key: str
    label: str
    count: int
    is_chosen: bool
    colour: str = ""


@dataclass(frozen=True, slots=True)
class FacetChoice:
    facet: Facet
    values: tuple[FacetValue, ...]


def known_choice(known: Register, asked: Mapping[Facet, Iterable[str]]) -> Chosen:
    """Return of what was asked for what some product has; the rest is ignored."""
    chosen = {
        facet: frozenset(sorted(set(keys) & known.masks.get(facet, {}).keys())[:MOST_CHOSEN])
        for facet, keys in asked.items()
    }
    return {facet: keys for facet, keys in chosen.items() if keys}


def narrowed(known: Register, within: int, chosen: Chosen) -> int:
    """Return those products of a set that have one of the values of every chosen facet."""
    return reduce(and_, (_any_of(known, facet, keys) for facet, keys in chosen.items()), within)


def facet_choices(known: Register, within: int, chosen: Chosen) -> tuple[FacetChoice, ...]:
    """Return the facets that tell products of this set apart, or by which it is narrowed."""
    return tuple(filter(None, (_choice(known, within, chosen, facet) for facet in Facet)))


def _choice(known: Register, within: int, chosen: Chosen, facet: Facet) -> FacetChoice | None:
    others = {other: keys for other, keys in chosen.items() if other is not facet}
    left, picked = narrowed(known, within, others), chosen.get(facet, frozenset())
    counted = {
        key: count
        for key, bits in known.masks.get(facet, {}).items()
        if (count := (left & bits).bit_count()) or key in picked
    }
    if not picked and all(count == left.bit_count() for count in counted.values()):
        return None
    values = [_value(known, facet, key, counted[key], picked) for key in _shown(counted, picked)]
    return FacetChoice(facet, tuple(sorted(values, key=_ORDERS[facet])))


def _shown(counted: Mapping[str, int], picked: frozenset[str]) -> Sequence[str]:
    return sorted(counted, key=lambda key: (key not in picked, -counted[key], key))[:MOST_SHOWN]


def _value(
    known: Register, facet: Facet, key: str, count: int, picked: frozenset[str]
) -> FacetValue:
    written = known.labels[facet][key]
    colour = FAMILIES.get(key, written.swatch) if facet is Facet.COLOUR else ""
    return FacetValue(key, written.label, count, key in picked, colour)


def _any_of(known: Register, facet: Facet, keys: Iterable[str]) -> int:
    return reduce(or_, (known.masks[facet][key] for key in keys), 0)


_ORDERS = {
    Facet.TYPE: lambda value: (-value.count, value.key),
    Facet.SIZE: lambda value: size_order(value.key),
    Facet.COLOUR: lambda value: colour_order(value.key),
    Facet.PRICE: lambda value: price_order(value.key),
    Facet.STOCK: lambda value: value.key,
}

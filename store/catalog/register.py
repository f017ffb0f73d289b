"""Every product's facets and places in memory: read whole once, then only what has changed."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import compress
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, bindparam, select

from store.catalog.bits import bits_of
from store.catalog.changes import Changes, changes_since
from store.catalog.facet_values import Facet
from store.catalog.facts import Facts, Value, facts_of, facts_of_all
from store.catalog.models import Collection, CollectionProduct
from store.catalog.packed import PLACES, Place, Places, Titles, no_places
from store.catalog.prices.current import repriced_between
from store.catalog.remembering import State
from store.catalog.synonyms import Meanings, meanings, synonym_lines
from store.database import db, may_keep
from store.statements import read, read_in_parts

MOST_CHANGES = 0.3
"""Where a larger part of the products has changed, it is quicker to begin anew."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Masks = Mapping[Facet, Mapping[str, int]]
Labels = Mapping[Facet, Mapping[str, Value]]
"""How the values of a facet are written: of many spellings the first of the alphabet."""


@dataclass(frozen=True, slots=True)
class Section:
    """Who stands in a collection, in its order."""

    collection_id: int
    places: Sequence[Place]
    bits: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """A published collection as the register knows it."""

    handle: str
    title: str
    hue: str
    collection_id: int
    is_featured: bool


@dataclass(frozen=True, slots=True)
class Register:
    """What stands at each place. It never changes: the next one shares with it what has stayed."""

    version: int = -1
    price_moment: datetime | None = None
    """When a price last changed by itself, as of what was read."""
    places: Places = field(default_factory=Places)
    ids: Sequence[int] = ()
    appeared: Sequence[int] = ()
    """In microseconds."""
    prices: Sequence[int] = ()
    titles: Titles = field(default_factory=Titles)
    active: int = 0
    timed: Mapping[Place, tuple[datetime, datetime | None]] = field(default_factory=dict)
    """When those appear and end that the clock alone shows and takes away."""
    masks: Masks = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    sections: Mapping[int, Section] = field(default_factory=dict)
    shelves: Sequence[Shelf] = ()
    """In the order of the shop."""
    meanings: Meanings = field(default_factory=dict)
    orders: dict[str, Sequence[Place]] = field(default_factory=dict)
    """Filled when somebody first asks for an order; the same whoever is first."""
    former_orders: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    """What sorting begins with, because little has moved since."""

    @property
    def state(self) -> State:
        """What cards beside it may be as old as; a shop that never changed has no version."""
        return State(self.version or None, self.price_moment)

    def visible(self, now: datetime) -> int:
        """Return the products that readers may see at this moment."""
        hidden = [
            place
            for place, (appears, ends) in self.timed.items()
            if appears > now or (ends is not None and ends <= now)
        ]
        return self.active & ~bits_of(hidden) if hidden else self.active

    def section(self, handle: str) -> Section | None:
        """Return who stands in a published collection; None where there is no such collection."""
        known = next((shelf for shelf in self.shelves if shelf.handle == handle), None)
        if known is None:
            return None
        return self.sections.get(known.collection_id, Section(known.collection_id, (), 0))

    def order(self, sort: str) -> Sequence[Place]:
        """Return every place in one of the orders that a listing can have."""
        found = self.orders.get(sort)
        if found is None:
            found = self.orders[sort] = _SORTED[sort](self, self.former_orders.get(sort))
        return found


_held: WeakKeyDictionary[Engine | Connection, Register] = WeakKeyDictionary()
_lock = Lock()


def register(now: datetime) -> Register:
    """Return the register as it stands: one query where nothing has changed.

    Prices that changed by themselves are read again by whoever asks first after their moment. One
    thread catches up, the others wait for it. What readers do not see now is kept for nobody.
    """
    session = db.session()
    bind = session.get_bind()
    held = _held.get(bind, Register())
    # Whoever waits below holds a connection, because this was asked first.
    changes = changes_since(held.version, now)
    if _is_all_known(held, changes):
        return held
    if not may_keep(session):
        return _caught_up(held, changes, now)
    with _lock:
        known = _held.get(bind, held)
        if known is not held:
            changes = changes_since(known.version, now)
        fresh = _held[bind] = _caught_up(known, changes, now)
        return fresh


def read_register_ahead(now: datetime) -> None:
    """Catch up before a reader asks, and lay out again the orders that readers have asked for."""
    known = register(now)
    for sort in ("featured", *known.former_orders):
        known.order(sort)


def forget_registers() -> None:
    """Forget all of them, as when a database was replaced under its engine."""
    _held.clear()


def _is_all_known(held: Register, changes: Changes) -> bool:
    is_same = changes.version == held.version and changes.price_moment == held.price_moment
    return is_same and not changes


def _caught_up(before: Register, changes: Changes, now: datetime) -> Register:
    if changes.is_everything or before.version < 0:
        return _read_whole(changes, now)
    changed = changes.product_ids | repriced_between(before.price_moment, changes.price_moment)
    if len(changed) > MOST_CHANGES * len(before.ids):
        return _read_whole(changes, now)
    after = before
    if changed:
        draft = _Draft(before, now)
        draft.strike(changed)
        draft.write(facts_of(changed, now))
        after = draft.finished()
    sections, shelves = after.sections, _shelves()
    if changes.collection_ids:
        sections = {**sections, **_sections(after.places, changes.collection_ids)}
    if shelves != before.shelves or changes.collection_ids:
        after = _resorted(after, {"featured"})
    return replace(
        after,
        version=changes.version,
        price_moment=changes.price_moment,
        shelves=shelves,
        sections=sections,
        meanings=meanings(synonym_lines()),
    )


def _read_whole(changes: Changes, now: datetime) -> Register:
    filled, shelves = _filled(now), _shelves()
    sections = _sections(filled.places, {shelf.collection_id for shelf in shelves})
    return replace(
        filled,
        version=changes.version,
        price_moment=changes.price_moment,
        shelves=shelves,
        sections=sections,
        meanings=meanings(synonym_lines()),
    )


def _filled(now: datetime) -> Register:
    # Apart, so that what a draft needs on its way is given back before anything else is read.
    draft = _Draft(Register(), now)
    draft.write(facts_of_all(now))
    return draft.finished()


class _Draft:
    """A register while products are written into it; what it changes is copied first."""

    def __init__(self, before: Register, now: datetime) -> None:
        self._before = before
        self._now = now
        self._ids = array("q", before.ids)
        self._appeared = array("q", before.appeared)
        self._prices = array("q", before.prices)
        self._titles = bytearray(before.titles.text)
        self._title_ends = array(PLACES, before.titles.ends)
        self._renamed: dict[Place, bytes] = {}
        self._timed = dict(before.timed)
        self._struck = list[Place]()
        self._active = no_places()
        self._values: dict[Value, array[Place]] = defaultdict(no_places)
        self._moved = set[str]()
        """The orders in which somebody may stand elsewhere now."""

    def strike(self, product_ids: Iterable[int]) -> None:
        """Forget what is known of these; their places stay theirs."""
        self._struck = list(self._before.places.of(product_ids))
        for place in self._struck:
            self._timed.pop(place, None)

    def write(self, facts: Iterable[Facts]) -> None:
        """Write what holds of products, each of them once."""
        for found in facts:
            place = self._before.places.get(found.product_id)
            if place is None:
                place = self._add(found)
            else:
                self._change(place, found)
            if found.is_active and (found.ends is None or found.ends > self._now):
                self._show(place, found)

    def finished(self) -> Register:
        keep = ~bits_of(self._struck)
        after = replace(
            self._before,
            places=Places(self._ids) if self._is_longer else self._before.places,
            ids=self._ids,
            appeared=self._appeared,
            prices=self._prices,
            titles=Titles(bytes(self._titles), self._title_ends).changed(self._renamed),
            active=self._before.active & keep | bits_of(self._active),
            timed=self._timed,
            masks=_masks(self._before.masks, keep, self._values),
            labels=_labels(self._before.labels, self._values),
        )
        return _resorted(after, self._moved)

    @property
    def _is_longer(self) -> bool:
        return len(self._ids) > len(self._before.ids)

    def _add(self, found: Facts) -> Place:
        self._ids.append(found.product_id)
        self._appeared.append(_microseconds(found.appears))
        self._prices.append(found.price_minor)
        self._titles += found.title.encode()
        self._title_ends.append(len(self._titles))
        self._moved.update(_SORTED)
        return len(self._ids) - 1

    def _change(self, place: Place, found: Facts) -> None:
        appeared = _microseconds(found.appears)
        if self._appeared[place] != appeared:
            self._appeared[place] = appeared
            self._moved |= {"newest", "featured"}
        if self._prices[place] != found.price_minor:
            self._prices[place] = found.price_minor
            self._moved |= {"price", "-price"}
        title = found.title.encode()
        if self._before.titles[place] != title:
            self._renamed[place] = title
            self._moved.add("title")

    def _show(self, place: Place, found: Facts) -> None:
        self._active.append(place)
        for value in found.values:
            self._values[value].append(place)
        if found.appears is not None and (found.ends or found.appears > self._now):
            self._timed[place] = (found.appears, found.ends)


def _masks(before: Masks, keep: int, values: Mapping[Value, "array[Place]"]) -> Masks:
    added: dict[Facet, dict[str, array[Place]]] = defaultdict(lambda: defaultdict(no_places))
    for value, places in values.items():
        added[value.facet][value.key] += places
    masks = dict[Facet, Mapping[str, int]]()
    for facet in Facet:
        known, fresh = before.get(facet, {}), added[facet]
        whole = {
            key: known.get(key, 0) & keep | bits_of(fresh.get(key, ()))
            for key in {**known, **fresh}
        }
        masks[facet] = {key: bits for key, bits in whole.items() if bits}
    return masks


def _labels(before: Labels, values: Iterable[Value]) -> Labels:
    labels: dict[Facet, dict[str, Value]] = {facet: {**before.get(facet, {})} for facet in Facet}
    for value in values:
        known = labels[value.facet].get(value.key, value)
        labels[value.facet][value.key] = min(known, value, key=_spelling)
    return labels


def _spelling(value: Value) -> tuple[str, str]:
    return value.label, value.swatch


def _resorted(after: Register, moved: Iterable[str]) -> Register:
    """Keep the orders in which nobody has moved; begin the others with what they were."""
    gone = set(moved)
    kept = {sort: order for sort, order in after.orders.items() if sort not in gone}
    return replace(after, orders=kept, former_orders={**after.former_orders, **after.orders})


def _microseconds(moment: datetime | None) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1) if moment else 0


_SHELVES = (
    select(
        Collection.handle,
        Collection.title,
        Collection.hue,
        Collection.id,
        Collection.is_featured,
    )
    .where(Collection.is_published)
    .order_by(Collection.position, Collection.id)
)
_MEMBERS = (
    select(CollectionProduct.collection_id, CollectionProduct.product_id)
    .where(CollectionProduct.collection_id.in_(bindparam("ids", expanding=True)))
    .order_by(
        CollectionProduct.collection_id, CollectionProduct.position, CollectionProduct.product_id
    )
)


def _shelves() -> Sequence[Shelf]:
    return tuple(Shelf(*row) for row in read(_SHELVES))


def _sections(places: Places, collection_ids: Iterable[int]) -> Mapping[int, Section]:
    standing = {number: no_places() for number in collection_ids}
    for collection_id, product_id in read_in_parts(_MEMBERS, ids=sorted(standing)):
        if (place := places.get(product_id)) is not None:
            standing[collection_id].append(place)
    return {
        number: Section(number, members, bits_of(members)) for number, members in standing.items()
    }


def _begun(known: Register, former: Sequence[Place] | None) -> list[Place]:
    """Return all places, as they stood before as far as they did."""
    begun = list(former or ())
    return begun + list(range(len(begun), len(known.ids)))


def _newest(known: Register, former: Sequence[Place] | None) -> Sequence[Place]:
    by_id = sorted(_begun(known, former), key=known.ids.__getitem__, reverse=True)
    return array(PLACES, sorted(by_id, key=known.appeared.__getitem__, reverse=True))


def _by_price(known: Register, former: Sequence[Place] | None) -> Sequence[Place]:
    by_id = sorted(_begun(known, former), key=known.ids.__getitem__)
    return array(PLACES, sorted(by_id, key=known.prices.__getitem__))


def _by_falling_price(known: Register, former: Sequence[Place] | None) -> Sequence[Place]:
    by_id = sorted(_begun(known, former), key=known.ids.__getitem__)
    # Not reverse=True alone: of equals the older stays first.
    return array(PLACES, sorted(by_id, key=lambda place: -known.prices[place]))


def _by_title(known: Register, former: Sequence[Place] | None) -> Sequence[Place]:
    by_id = sorted(_begun(known, former), key=known.ids.__getitem__)
    return array(PLACES, sorted(by_id, key=known.titles.__getitem__))


def _featured(known: Register, _former: Sequence[Place] | None) -> Sequence[Place]:
    """Sort what featured collections show to the front, as the shop lays out; the rest by age."""
    shown = (
        place
        for shelf in known.shelves
        if shelf.is_featured and shelf.collection_id in known.sections
        for place in known.sections[shelf.collection_id].places
    )
    first, newest = array(PLACES, dict.fromkeys(shown)), known.order("newest")
    is_left = bytearray(b"\x01") * len(newest)
    for place in first:
        is_left[place] = 0
    return first + array(PLACES, compress(newest, map(is_left.__getitem__, newest)))


_SORTED: Mapping[str, Callable[[Register, Sequence[Place] | None], Sequence[Place]]] = {
    "featured": _featured,
    "newest": _newest,
    "price": _by_price,
    "-price": _by_falling_price,
    "title": _by_title,
}

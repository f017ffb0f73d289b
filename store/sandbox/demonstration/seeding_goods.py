"""Products by the thousand for a shop that has grown: what they are called, made of, and cost."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product as combinations

from sqlalchemy import select

from store.catalog.following import facts_changed
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Hue,
    Option,
    OptionValue,
    Product,
    ProductStatus,
    ProductTag,
    StockPolicy,
    Variant,
    variant_option_value,
)
from store.database import db
from store.inventory.stocktaking import open_levels
from store.money import Money, smallest_charge_step
from store.sandbox.demonstration.seeding_rows import AT_ONCE, Pile, Row, new_ids

FIRST = """Late Morning Loud Quiet Harbour Final Sunday Velvet Paper Electric Second Open Midnight
Garden Copper Borrowed Bright Coastal Double Early Gentle Honest Inner Lucky Northern Odd Plain
Regional Silver Tall Unsigned Weekend""".split()
SECOND = """Edition Headline Deadline Column Byline Masthead Supplement Chorus Parade Ballroom
Postcard Kerning Gallery Ferry Verandah Cassette Lantern Marquee Encore Matinee Notice Orchard
Picnic Quorum Ribbon Sequin Terrace Umbrella Vinyl Wattle Zine Almanac""".split()
SIZES = ("S", "M", "L", "XL")
COLOURS = (("Ink", "#1d1a17"), ("Paper", "#f4efe6"), ("Rose", "#c6567a"), ("Sea", "#2f7f86"))
PLACES = ("Darlinghurst", "Newtown", "Marrickville", "Fitzroy", "Fremantle", "Hobart", "Cairns")
STUFFS = ("heavy cotton", "recycled paper", "merino", "canvas", "brushed fleece", "stoneware")
LONGEST_AGO = timedelta(days=5 * 365)
NOT_COUNTED = 0.01


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of goods: from and up to what it costs, and whether it comes in sizes, colours."""

    name: str
    cheapest: int
    dearest: int
    grams: int
    has_sizes: bool = False
    has_colours: bool = True


KINDS = (
    Kind("Tee", 3500, 5500, 180, has_sizes=True),
    Kind("Mug", 1800, 3200, 380),
    Kind("Hoodie", 7500, 9900, 620, has_sizes=True, has_colours=False),
    Kind("Tote", 2200, 3900, 210),
    Kind("Print", 2900, 8900, 90, has_sizes=True, has_colours=False),
    Kind("Cap", 2900, 3900, 120),
    Kind("Sweatshirt", 6500, 8500, 540, has_sizes=True, has_colours=False),
    Kind("Notebook", 1400, 2600, 240),
    Kind("Socks", 1500, 2200, 80),
    Kind("Pin", 900, 1600, 20, has_colours=False),
)


class Goods:
    """Writes new products with everything that hangs on them, in the open writing scope."""

    def __init__(self, currency: str, now: datetime, chance: random.Random) -> None:
        self._currency, self._now, self._chance = currency, now, chance
        self._pile = Pile()
        self._values: list[Row] = []
        self._levels: dict[int, bool] = {}
        self.variants = 0
        self.counted: list[int] = []
        """The new variants that have a shelf."""
        self._product_ids, self._variant_ids = new_ids(Product), new_ids(Variant)
        self._option_ids, self._value_ids = new_ids(Option), new_ids(OptionValue)

    def make(self, number: int) -> None:
        """Add so many products, searchable, each variant on a shelf that is empty."""
        if not number:
            return
        collections, made = self._collections(), list[int]()
        for place in range(number):
            made.append(self._add(place, KINDS[place % len(KINDS)], collections))
            if place % 1000 == 999:
                self._write()
        self._write()
        facts_changed(made, self._now)

    def _write(self) -> None:
        self._pile.write()
        for start in range(0, len(self._values), AT_ONCE):
            rows = self._values[start : start + AT_ONCE]
            db.session.execute(variant_option_value.insert(), rows)
        self._values.clear()
        open_levels(self._levels)
        self._levels.clear()

    def _collections(self) -> Sequence[int]:
        """Return a collection for each kind; those of an earlier time are found again."""
        handles = [f"every-{kind.name.lower()}" for kind in KINDS]
        found = db.session.execute(
            select(Collection.handle, Collection.id).where(Collection.handle.in_(handles))
        )
        known, ids = dict(found.all()), new_ids(Collection)
        for place, (kind, handle) in enumerate(zip(KINDS, handles, strict=True)):
            if handle not in known:
                known[handle] = next(ids)
                self._pile.add(
                    Collection,
                    id=known[handle],
                    handle=handle,
                    title=f"Every {kind.name.lower()}",
                    standfirst=f"All that we print on a {kind.name.lower()}.",
                    hue=list(Hue)[place % len(Hue)],
                    position=100 + place,
                    created_at=self._now,
                    updated_at=self._now,
                )
        return [known[handle] for handle in handles]

    def _add(self, place: int, kind: Kind, collections: Sequence[int]) -> int:
        chance, product_id = self._chance, next(self._product_ids)
        title = f"{FIRST[place // 10 % 32]} {SECOND[place // 320 % 32]} {kind.name}"
        since = self._now - chance.uniform(0.6, 1) * LONGEST_AGO
        status = chance.choices(list(ProductStatus), (5, 90, 5))[0]
        self._pile.add(
            Product,
            id=product_id,
            handle=f"{title.lower().replace(' ', '-')}-{product_id}",
            title=title,
            body=_body(kind, chance),
            status=status,
            published_at=None if status == ProductStatus.DRAFT else since,
            product_type=kind.name,
            vendor="The press room",
            created_at=since,
            updated_at=since,
        )
        for tag in (kind.name.lower(), chance.choice(PLACES).lower()):
            self._pile.add(ProductTag, product_id=product_id, tag=tag)
        self._pile.add(
            CollectionProduct,
            collection_id=collections[KINDS.index(kind)],
            product_id=product_id,
            position=place,
        )
        self._add_variants(product_id, kind, list(self._options(product_id, kind)))
        return product_id

    def _options(self, product_id: int, kind: Kind) -> Iterator[list[tuple[int, str]]]:
        wanted = [("Size", [(size, "") for size in SIZES])] if kind.has_sizes else []
        if kind.has_colours:
            wanted.append(("Colour", self._chance.sample(COLOURS, 2 if kind.has_sizes else 3)))
        for position, (name, values) in enumerate(wanted, start=1):
            option_id = next(self._option_ids)
            self._pile.add(
                Option, id=option_id, product_id=product_id, position=position, name=name
            )
            yield [self._value(option_id, *value) for value in enumerate(values, start=1)]

    def _value(self, option_id: int, position: int, named: tuple[str, str]) -> tuple[int, str]:
        (value, swatch), value_id = named, next(self._value_ids)
        self._pile.add(
            OptionValue,
            id=value_id,
            option_id=option_id,
            position=position,
            value=value,
            swatch=swatch,
        )
        return value_id, value

    def _add_variants(
        self, product_id: int, kind: Kind, options: Sequence[Sequence[tuple[int, str]]]
    ) -> None:
        step = smallest_charge_step(self._currency)
        cents = self._chance.randrange(kind.cheapest, kind.dearest, 50)
        price = Money(max(step, cents // step * step), self._currency)
        is_counted = self._chance.random() >= NOT_COUNTED
        for position, values in enumerate(combinations(*options), start=1):
            variant_id = next(self._variant_ids)
            names = [name for _, name in values]
            self._pile.add(
                Variant,
                id=variant_id,
                product_id=product_id,
                position=position,
                combination=" / ".join(names),
                sku="-".join((f"GN{product_id:06}", *(name[:3].upper() for name in names))),
                price_minor=price.minor,
                currency=price.currency,
                compare_at_minor=None,
                weight_grams=kind.grams,
                tracked=is_counted,
                policy=StockPolicy.DENY,
            )
            if is_counted:
                self._levels[variant_id] = False
                self.counted.append(variant_id)
            self.variants += 1
            self._values += [
                {"variant_id": variant_id, "option_value_id": value_id} for value_id, _ in values
            ]


def _body(kind: Kind, chance: random.Random) -> str:
    place, stuff = chance.choice(PLACES), chance.choice(STUFFS)
    return (
        f"A {kind.name.lower()} of {stuff}, printed in {place}.\n\n"
        "Drawn by hand and **proofed twice**. It outlasts the news that it carries.\n\n"
        f"- Made of {stuff}\n- Printed in {place} with water-based ink\n- Packed in card\n"
    )

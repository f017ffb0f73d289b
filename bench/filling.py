"""A shop to measure: a database of its own with 200 products in six collections, all in stock."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from store.app import create_app, open_doors
from store.catalog.drafts import OptionDraft, ProductDraft, ValueDraft, VariantDraft
from store.catalog.models import Collection, Hue, ProductStatus, Variant
from store.catalog.saving import save_products
from store.clock import Clock, SystemClock
from store.database import Model, db, writing
from store.inventory import stock
from store.migrating import newest_revision, upgrade
from store.money import Money
from store.sandbox.demonstration.addresses import Addresses, environment
from store.settings import Settings

PRODUCTS = 200
UNITS_OF_EACH = 5_000
SIZES = ("S", "M", "L")
COLOURS = (("Ink", "#1d1a17"), ("Paper", "#f4efe6"))
KINDS = ("tee", "hoodie", "mug", "tote", "cap", "print", "notebook", "socks")
FIRST_WORDS = ("Late", "Morning", "Loud", "Quiet", "Pink", "Harbour", "Final", "Sunday")
SECOND_WORDS = ("edition", "headline", "deadline", "column", "byline", "masthead", "supplement")
PLACES = ("Darlinghurst", "Newtown", "Marrickville", "Fitzroy", "Fremantle", "Hobart", "Cairns")
STUFFS = ("heavy cotton", "stoneware", "recycled paper", "merino", "canvas", "brushed fleece")
SEARCHES = (
    "tee",
    "hoodie cotton",
    "pink",
    "harbour mug",
    "print",
    "dead",
    "sunday socks",
    "canvas",
)
SECTIONS = ("Front page", "Local", "World", "Arts", "Sport", "Letters")


@dataclass(frozen=True, slots=True)
class FilledShop:
    """What the measured pages are called, and the environment that its servers run in."""

    settings: Settings
    environment: Mapping[str, str]
    product_paths: tuple[str, ...]
    collection_paths: tuple[str, ...]
    variant_ids: tuple[int, ...]


def shop_environment(data_dir: Path) -> dict[str, str]:
    """Return the settings of the demonstration, which need no service, in a folder of our own."""
    return environment(Addresses(5000), data_dir)


def fill(data_dir: Path) -> FilledShop:
    """Make the database and always the same goods; the environment names it by now."""
    settings = Settings.from_environment(_env_file=None)
    has_migrations = newest_revision() is not None
    if has_migrations:
        upgrade(settings)
    data_dir.mkdir(parents=True, exist_ok=True)
    app = create_app(settings, open_doors(settings))
    with app.app_context():
        if not has_migrations:
            _make_tables()
        with writing():
            _add_goods(SystemClock())
        variant_ids = tuple(db.session.scalars(select(Variant.id).order_by(Variant.id)))
        db.session.remove()
        db.engine.dispose()
    return FilledShop(
        settings,
        shop_environment(data_dir),
        tuple(f"/products/{_handle(number)}" for number in range(PRODUCTS)),
        tuple(f"/collections/{_section_handle(title)}" for title in SECTIONS),
        variant_ids,
    )


def first_draft() -> ProductDraft:
    """Return what the first product of the list was made of."""
    return _draft(0, random.Random(2026))


def _make_tables() -> None:
    with writing() as session:
        Model.metadata.create_all(session.connection())


def _add_goods(clock: Clock) -> None:
    now = clock.now()
    for position, title in enumerate(SECTIONS, start=1):
        db.session.add(
            Collection(
                handle=_section_handle(title),
                title=title,
                standfirst=f"All that the {title.lower()} desk prints.",
                hue=list(Hue)[position % len(Hue)],
                position=position,
                is_featured=True,
                created_at=now,
                updated_at=now,
            )
        )
    db.session.flush()
    chance = random.Random(2026)
    for product in save_products([_draft(n, chance) for n in range(PRODUCTS)], clock):
        for variant_id in product.variant_ids.values():
            stock.receive(
                variant_id, UNITS_OF_EACH, cause="first delivery", actor="bench", clock=clock
            )


def _draft(number: int, chance: random.Random) -> ProductDraft:
    kind = KINDS[number % len(KINDS)]
    price = Money(chance.randrange(1_500, 9_500, 50), "AUD")
    options = (
        OptionDraft("Size", tuple(ValueDraft(size) for size in SIZES)),
        OptionDraft("Colour", tuple(ValueDraft(name, swatch) for name, swatch in COLOURS)),
    )
    return ProductDraft(
        handle=_handle(number),
        title=_title(number),
        body=_body(kind, chance),
        status=ProductStatus.ACTIVE,
        product_type=kind.capitalize(),
        vendor="The press room",
        tags=(kind, chance.choice(PLACES)),
        options=options,
        variants=tuple(
            VariantDraft(
                values=(size, colour),
                price=price,
                sku=f"BENCH-{number:03}-{size}-{colour.upper()}",
                weight_grams=220,
            )
            for size in SIZES
            for colour, _ in COLOURS
        ),
        collections=(_section_handle(SECTIONS[number % len(SECTIONS)]),),
    )


def _title(number: int) -> str:
    first = FIRST_WORDS[number // len(KINDS) % len(FIRST_WORDS)]
    second = SECOND_WORDS[number % len(SECOND_WORDS)]
    return f"{first} {second} {KINDS[number % len(KINDS)]}"


def _handle(number: int) -> str:
    return f"{_title(number).lower().replace(' ', '-')}-{number}"


def _section_handle(title: str) -> str:
    return title.lower().replace(" ", "-")


def _body(kind: str, chance: random.Random) -> str:
    place, stuff = chance.choice(PLACES), chance.choice(STUFFS)
    return (
        f"A {kind} of {stuff}, printed in {place}.\n\n"
        "Drawn by hand, set in the type of the old Saturday paper and **proofed twice**. "
        "It outlasts the news that it carries.\n\n"
        f"- Made of {stuff}\n- Printed in {place} with water-based ink\n- Packed in card\n"
    )

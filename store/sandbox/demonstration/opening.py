"""Fills an empty shop with the demonstration's goods: products, shelves, front page."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from io import BytesIO

from store.catalog.choosing_prices import PriceChoice
from store.catalog.drafts import (
    OptionDraft,
    PictureDraft,
    ProductDraft,
    ValueDraft,
    VariantDraft,
    settled,
)
from store.catalog.files.keeping import add_file, store_file
from store.catalog.models import (
    Collection,
    CollectionProduct,
    Hue,
    Image,
    Product,
    ProductStatus,
    SizeChart,
    TaxClass,
)
from store.catalog.saving import save_product
from store.catalog.tasks import MakeRenditions, show_renditions
from store.clock import FixedClock
from store.content.models import Announcement, HomeSection, SectionKind
from store.database import db, writing
from store.inventory import stock
from store.jobs.outbox import enqueue
from store.media.private_files import FileStore
from store.money import Money, decimals, smallest_charge_step
from store.sandbox.catalogue.records import (
    DemoCatalogue,
    DemoCollection,
    DemoFile,
    DemoOption,
    DemoPicture,
    DemoProduct,
    DemoVariant,
    scaled_price,
)
from store.sandbox.demonstration.darkroom import Stored

FIRST_DELIVERY = 60
"""Units beyond what is left today: ninety days of readers bought them."""
LEAD_STORY = ("love-all-tee", "The score is love all, and holding")
RATES = {"JPY": Fraction(98), "KWD": Fraction(1, 5), "USD": Fraction(2, 3), "EUR": Fraction(3, 5)}
"""Main units for one Australian dollar, roughly: a demonstration is no bureau de change."""
PICTURE_EVERY_SECONDS = 1.5
"""Between two pictures that wait for their largest widths: whoever looks around comes first."""
MEASURES = {
    "T-shirt": {"XS": (47, 67), "S": (50, 70), "M": (53, 72), "L": (56, 74), "XL": (60, 76)}
    | {"2XL": (64, 78), "3XL": (68, 80)},
    "Hoodie": {"XS": (51, 65), "S": (54, 68), "M": (57, 71), "L": (60, 74), "XL": (64, 76)}
    | {"2XL": (68, 78), "3XL": (72, 80)},
}
"""Chest and length, laid flat, in centimetres; by type of product."""


def open_with_goods(
    goods: DemoCatalogue, pictures: Stored, currency: str, clock: FixedClock, *, files: FileStore
) -> None:
    """Save everything; the clock is moved to when each product was new."""
    today = clock.now()
    with writing():
        for position, collection in enumerate(goods.collections, start=1):
            db.session.add(_collection(collection, position, pictures, clock))
    for product in sorted(goods.products, key=lambda product: -product.days_old):
        clock.move_to(today - timedelta(days=max(product.days_old, 1), hours=product.days_old % 7))
        _Saving(currency, clock, pictures, files).save(product)
    clock.move_to(today)
    with writing():
        _order_collections(goods)
        _lay_out_front_page(clock)
        _measure_garments(clock)


@dataclass(frozen=True, slots=True)
class _Saving:
    """One product on its way into the shop."""

    currency: str
    clock: FixedClock
    pictures: Stored
    files: FileStore

    def save(self, goods: DemoProduct) -> None:
        with writing():
            product = save_product(self._draft(goods), self.clock)
            if goods.file:
                self._sell_file(goods.file, product)
                return
            by_values = {variant.option_values: variant for variant in goods.variants}
            for variant in product.variants:
                if not variant.tracked:
                    continue
                values = tuple(variant.combination.split(" / ")) if variant.combination else ()
                stock.receive(
                    variant.id,
                    by_values[values].stock + FIRST_DELIVERY,
                    cause="first delivery",
                    actor="demonstration",
                    clock=self.clock,
                )

    def _sell_file(self, file: DemoFile, product: Product) -> None:
        content = file.content()
        stored = store_file(file.name, BytesIO(content), self.files, most=len(content))
        for variant in product.variants:
            add_file(variant, stored, self.clock)
        product.tax_class = TaxClass.DIGITAL

    def _draft(self, goods: DemoProduct) -> ProductDraft:
        return ProductDraft(
            handle=goods.handle,
            title=goods.title,
            body=goods.body_markdown,
            status=ProductStatus(goods.status),
            published_at=self.clock.now(),
            product_type=goods.product_type,
            vendor=goods.vendor,
            seo_title=goods.seo_title,
            seo_description=goods.seo_description,
            tags=goods.tags,
            options=tuple(_option(option) for option in goods.options),
            pictures=tuple(self._picture(picture) for picture in goods.pictures),
            variants=tuple(self._variant(variant, goods) for variant in goods.variants),
        )

    def _picture(self, drawing: DemoPicture) -> PictureDraft:
        stored = self.pictures[drawing.key]
        return PictureDraft(
            alt=drawing.alt,
            content_hash=stored.content_hash,
            width=stored.width,
            height=stored.height,
        )

    def _variant(self, variant: DemoVariant, goods: DemoProduct) -> VariantDraft:
        shown = [
            self.pictures[picture.key].content_hash
            for picture in goods.pictures
            if picture.variant_option_value in variant.option_values
        ]
        compare_at = variant.compare_at_minor
        drawn = VariantDraft(
            values=variant.option_values,
            price=self._money(variant.price_minor),
            compare_at=None if compare_at is None else self._money(compare_at),
            sku=variant.sku,
            barcode=variant.barcode or "",
            weight_grams=variant.weight_grams,
            pictures=tuple(shown),
            is_gift_card=variant.is_gift_card,
            choice=self._choice(variant),
        )
        return settled(drawn)

    def _choice(self, variant: DemoVariant) -> PriceChoice | None:
        if variant.chosen is None:
            return None
        return PriceChoice(
            self._money(variant.price_minor),
            self._money(variant.chosen.most_minor),
            tuple(self._money(minor) for minor in variant.chosen.suggested_minor),
        )

    def _money(self, cents: int) -> Money:
        rate = RATES.get(self.currency, Fraction(1))
        minor = scaled_price(cents, rate=rate, digits=decimals(self.currency))
        step = smallest_charge_step(self.currency)
        return Money(max(step, minor // step * step), self.currency)


def _option(option: DemoOption) -> OptionDraft:
    values = zip(option.values, option.swatches, strict=True)
    return OptionDraft(
        option.name, tuple(ValueDraft(value, swatch or "") for value, swatch in values)
    )


def _collection(
    goods: DemoCollection, position: int, pictures: Stored, clock: FixedClock
) -> Collection:
    stored = pictures[goods.picture.key]
    return Collection(
        handle=goods.handle,
        title=goods.title,
        standfirst=goods.standfirst,
        body=goods.body,
        hue=Hue(goods.hue),
        position=position,
        is_featured=True,
        image=Image(
            content_hash=stored.content_hash,
            alt=goods.picture.alt,
            width=stored.width,
            height=stored.height,
        ),
        created_at=clock.now(),
        updated_at=clock.now(),
    )


def _order_collections(goods: DemoCatalogue) -> None:
    ids = _ids_by_handle()
    for shelf in goods.collections:
        collection = db.session.scalars(
            db.select(Collection).where(Collection.handle == shelf.handle)
        ).one()
        collection.entries = [
            CollectionProduct(product_id=ids[handle], position=position)
            for position, handle in enumerate(shelf.product_handles, start=1)
        ]


def _lay_out_front_page(clock: FixedClock) -> None:
    ids = _ids_by_handle()
    handle, headline = LEAD_STORY
    sections = [HomeSection(kind=SectionKind.LEAD, product_id=ids[handle], headline=headline)]
    collections = db.session.scalars(db.select(Collection).order_by(Collection.position))
    sections += [
        HomeSection(kind=SectionKind.COLLECTION, collection_id=collection.id)
        for collection in collections
    ]
    sections.insert(2, HomeSection(kind=SectionKind.ARRIVALS))
    for position, section in enumerate(sections, start=1):
        section.position = position
        db.session.add(section)
    words = "Plain parcel, plain statement. What is in it is your story to break."
    db.session.add(
        Announcement(text=words, link="/pages/shipping", is_active=True, updated_at=clock.now())
    )


def _measure_garments(clock: FixedClock) -> None:
    for kind, sizes in MEASURES.items():
        rows = [f"| {size} | {chest} | {length} |" for size, (chest, length) in sizes.items()]
        table = "\n".join(["| Size | Chest (cm) | Length (cm) |", "| --- | --- | --- |", *rows])
        words = "Laid flat, give or take one.\n\n{}\n\nBetween two sizes? Take the larger."
        chart = SizeChart(name=f"{kind}s", body=words.format(table), updated_at=clock.now())
        garments = db.session.scalars(db.select(Product).where(Product.product_type == kind))
        for garment in garments:
            garment.size_chart = chart


def _ids_by_handle() -> dict[str, int]:
    rows = db.session.execute(db.select(Product.handle, Product.id))
    return {row.handle: row.id for row in rows}


def show_pictures() -> None:
    """Let pages name every width of every picture: whatever is missing is made when asked for."""
    show_renditions(_content_hashes())


def make_large_pictures_later(clock: FixedClock) -> None:
    """Have a worker make what is missing, one picture after the other."""
    with writing():
        for place, content_hash in enumerate(_content_hashes()):
            wait = timedelta(seconds=PICTURE_EVERY_SECONDS * place)
            enqueue(MakeRenditions(content_hash), clock, delay=wait)


def _content_hashes() -> list[str]:
    return list(dict.fromkeys(db.session.scalars(db.select(Image.content_hash).order_by(Image.id))))

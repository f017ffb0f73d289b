"""Promises about what readers see of the catalogue."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from store.catalog import queries
from store.catalog.listing import listing
from store.catalog.models import OptionValue, Product, ProductStatus, StockPolicy
from store.catalog.presenting import Availability
from store.catalog.register import register
from store.catalog.remembering import forget_cards
from store.clock import FixedClock
from store.database import bump_public_version, db, writing
from store.errors import NotFoundError
from tests.builders import a_collection, a_product, an_image, aud, some_stock
from tests.catalog.counting import counted_queries

BLACK_AND_RED = {"Colour": ["Black", "Red"], "Size": ["S", "M"]}


def titles(*, clock: FixedClock, **asked: object) -> list[str]:
    found = listing(now=clock.now(), **asked)  # type: ignore[arg-type] # a test's shorthand
    return [card.title for card in found.cards]


def variant_of(product: Product, combination: str) -> int:
    return next(v.id for v in product.variants if v.combination == combination)


def test_page_shows_prices_options_and_pictures(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, handle="tee", options=BLACK_AND_RED, tags=["print", "cotton"])
        product.variants[3].price_minor = 5000
        product.variants[0].compare_at_minor = 6000
        an_image(product, content_hash="a" * 64)

    page = queries.product_page("tee", now=clock.now())

    assert (page.card.price_from, page.card.price_to) == (aud(45), aud(50))
    assert page.card.compare_at == aud(60)
    assert [picker.name for picker in page.options] == ["Colour", "Size"]
    assert [choice.option_values for choice in page.variants][:2] == [
        ("Black", "S"),
        ("Black", "M"),
    ]
    assert page.pictures == (page.card.picture,)
    assert page.tags == ("cotton", "print")


def test_product_without_options_has_one_choice(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="mug")

    page = queries.product_page("mug", now=clock.now())

    assert page.options == ()
    assert [choice.option_values for choice in page.variants] == [()]


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.ARCHIVED])
def test_what_is_not_active_has_no_page(
    app: Flask, clock: FixedClock, status: ProductStatus
) -> None:
    with writing():
        a_product(clock, handle="secret", status=status)

    with pytest.raises(NotFoundError):
        queries.product_page("secret", now=clock.now())


def test_product_has_no_page_before_it_is_published(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="soon").published_at = clock.now() + timedelta(hours=1)

    with pytest.raises(NotFoundError):
        queries.product_page("soon", now=clock.now())
    assert queries.product_page("soon", now=clock.now() + timedelta(hours=1)).card.handle == "soon"


def test_unicode_handle_has_a_page(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="彩虹-t恤", title="彩虹T恤")

    assert queries.product_page("彩虹-t恤", now=clock.now()).card.title == "彩虹T恤"


@pytest.mark.parametrize(
    ("stock", "policy", "expected"),
    [
        (4, StockPolicy.DENY, (Availability.IN_STOCK, None)),
        (3, StockPolicy.DENY, (Availability.LOW, 3)),
        (0, StockPolicy.DENY, (Availability.SOLD_OUT, None)),
        (0, StockPolicy.BACKORDER, (Availability.BACKORDER, None)),
        (0, StockPolicy.PREORDER, (Availability.PREORDER, None)),
        (2, StockPolicy.PREORDER, (Availability.LOW, 2)),
    ],
)
def test_stock_is_told_in_words(
    app: Flask,
    clock: FixedClock,
    stock: int,
    policy: StockPolicy,
    expected: tuple[Availability, int | None],
) -> None:
    with writing():
        a_product(clock, handle="tee", stock=stock, policy=policy)

    page = queries.product_page("tee", now=clock.now())

    assert (page.card.availability, page.card.left) == expected
    assert (page.variants[0].availability, page.variants[0].left) == expected


def test_untracked_variant_is_always_in_stock(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="download", tracked=False)

    card = queries.product_page("download", now=clock.now()).card

    assert card.availability is Availability.IN_STOCK


def test_tracked_variant_that_was_never_counted_is_sold_out(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="uncounted", tracked=False).variants[0].tracked = True

    card = queries.product_page("uncounted", now=clock.now()).card

    assert card.availability is Availability.SOLD_OUT


def test_one_of_each_size_is_not_few_of_the_shirt(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, handle="tee", stock=1, options={"Size": ["S", "M", "L", "XL"]})

    page = queries.product_page("tee", now=clock.now())

    assert page.card.availability is Availability.IN_STOCK
    assert {choice.left for choice in page.variants} == {1}


def test_sold_out_colour_is_shown_and_told(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, handle="tee", stock=0, tracked=False, options=BLACK_AND_RED)
        for variant in product.variants:
            variant.tracked = True
            some_stock(variant, 5 if variant.combination.startswith("Red") else 0, clock)

    page = queries.product_page("tee", now=clock.now())

    assert [(s.value, s.sold_out) for s in page.card.swatches] == [("Black", True), ("Red", False)]
    assert [c.sold_out for c in page.options[0].choices] == [True, False]
    assert [c.sold_out for c in page.options[1].choices] == [False, False]


@pytest.mark.parametrize("name", ["Colour", "Color", "COLOR"])
def test_swatch_shows_its_colour_and_the_picture_of_its_variant(
    app: Flask, clock: FixedClock, name: str
) -> None:
    with writing():
        product = a_product(clock, handle="tee", options={name: ["Black", "Red"], "Size": ["S"]})
        an_image(product, content_hash="a" * 64)
        red = an_image(product, content_hash="b" * 64, alt="Red tee")
        product.variants[1].images.append(red)
        value = db.session.get_one(OptionValue, product.options[0].values[1].id)
        value.swatch = "#c8102e"

    black, red_swatch = queries.product_page("tee", now=clock.now()).card.swatches

    assert (black.colour, black.picture) == ("", None)
    assert (red_swatch.colour, red_swatch.picture and red_swatch.picture.alt) == (
        "#c8102e",
        "Red tee",
    )


def test_picture_without_bytes_is_not_shown(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, handle="tee")
        an_image(product, content_hash="").source_url = "https://example.org/tee.png"

    assert queries.product_page("tee", now=clock.now()).pictures == ()


def test_first_published_collection_gives_breadcrumb_and_hue(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, handle="tee")
        a_collection(clock, [product], title="Hidden").is_published = False
        second = a_collection(clock, [product], title="Later")
        second.position, second.hue = 2, "green"
        first = a_collection(clock, [product], title="Sooner")
        first.position, first.hue = 1, "violet"

    page = queries.product_page("tee", now=clock.now())

    assert page.collection
    assert page.collection.handle == "sooner"
    assert page.card.hue == "violet"
    assert queries.cards_for([product.id], now=clock.now())[0].hue == "violet"


def test_listing_sorts(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, title="Beanie", price=aud(30))
        clock.move_to(clock.now() + timedelta(days=1))
        a_product(clock, title="anorak", price=aud(90))
        clock.move_to(clock.now() + timedelta(days=1))
        cap = a_product(clock, title="Cap", price=aud(25))
        mug = a_product(clock, title="Mug", price=aud(25))

    assert titles(clock=clock, sort="newest") == ["Mug", "Cap", "anorak", "Beanie"]
    assert titles(clock=clock, sort="price") == ["Cap", "Mug", "Beanie", "anorak"]
    assert titles(clock=clock, sort="-price") == ["anorak", "Beanie", "Cap", "Mug"]
    assert titles(clock=clock, sort="title") == ["anorak", "Beanie", "Cap", "Mug"]
    assert titles(clock=clock, sort="cheapest; DROP TABLE") == ["Mug", "Cap", "anorak", "Beanie"]
    with writing():
        a_collection(clock, [cap, mug])
    assert titles(clock=clock, sort="featured") == ["Cap", "Mug", "anorak", "Beanie"]


def test_collection_keeps_the_chosen_order(app: Flask, clock: FixedClock) -> None:
    with writing():
        first, second, third = (a_product(clock, title=title) for title in "ABC")
        a_collection(clock, [second, third, first], handle="front")
        third.status = ProductStatus.DRAFT

    assert titles(clock=clock, collection="front") == ["B", "A"]
    assert titles(clock=clock, collection="front", sort="title") == ["A", "B"]
    assert titles(clock=clock, collection="front", q="a", sort="title") == ["A"]


def test_pages_hold_24_and_end(app: Flask, clock: FixedClock) -> None:
    with writing():
        for number in range(25):
            a_product(clock, title=f"Print {number:02}")

    first = listing(now=clock.now(), sort="title")
    second = listing(now=clock.now(), sort="title", page=2)

    assert (len(first.cards), first.total, first.page, first.pages) == (24, 25, 1, 2)
    assert [card.title for card in second.cards] == ["Print 24"]
    assert len(listing(now=clock.now(), q="print", page=2).cards) == 1


@pytest.mark.parametrize("page", [-1, 0, 2, 9_999_999, 10**30])
def test_page_beyond_the_listing_is_not_found(app: Flask, clock: FixedClock, page: int) -> None:
    with writing():
        a_product(clock)

    with pytest.raises(NotFoundError):
        listing(now=clock.now(), page=page)


def test_empty_shop_has_one_empty_page(app: Flask, clock: FixedClock) -> None:
    empty = listing(now=clock.now())

    assert (empty.cards, empty.total, empty.pages) == ((), 0, 1)


def test_unknown_collection_is_not_found(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_collection(clock, [], handle="empty")

    assert listing(now=clock.now(), collection="empty").total == 0
    for ask in (queries.collection_link, lambda h: listing(now=clock.now(), collection=h)):
        with pytest.raises(NotFoundError):
            ask("nowhere")


def test_arrivals_are_the_newest(app: Flask, clock: FixedClock) -> None:
    with writing():
        for title in ("Old", "New"):
            a_product(clock, title=title)
            clock.move_to(clock.now() + timedelta(days=1))

    assert [card.title for card in queries.home_arrivals(1, now=clock.now())] == ["New"]


def test_cards_keep_the_order_and_leave_out_what_is_not_public(
    app: Flask, clock: FixedClock
) -> None:
    with writing():
        ids = [a_product(clock, title=title).id for title in "ABC"]
        draft = a_product(clock, status=ProductStatus.DRAFT).id

    cards = queries.cards_for([ids[2], draft, ids[0], 999], now=clock.now())

    assert [card.title for card in cards] == ["C", "A"]


def test_navigation_names_published_collections_in_order(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_collection(clock, [], title="Last").position = 3
        a_collection(clock, [], title="First").position = 1
        a_collection(clock, [], title="Hidden").is_published = False

    assert [link.title for link in queries.collection_links()] == ["First", "Last"]


def test_variant_for_sale_is_found(app: Flask, clock: FixedClock) -> None:
    with writing():
        variant_id = a_product(clock, handle="tee", stock=7).variants[0].id

    found = queries.sellable_variant(variant_id, currency="AUD", now=clock.now())

    assert (found.price, found.is_limited, found.available) == (aud(45), True, 7)


def change_status(product: Product, clock: FixedClock) -> None:
    product.status = ProductStatus.DRAFT


def archive(product: Product, clock: FixedClock) -> None:
    product.status = ProductStatus.ARCHIVED


def postpone(product: Product, clock: FixedClock) -> None:
    product.published_at = clock.now() + timedelta(seconds=1)


def unpublish(product: Product, clock: FixedClock) -> None:
    product.published_at = None


def price_in_yen(product: Product, clock: FixedClock) -> None:
    product.variants[0].currency = "JPY"


@pytest.mark.parametrize("change", [change_status, archive, postpone, unpublish, price_in_yen])
def test_variant_that_may_not_be_sold_is_unknown(
    app: Flask, clock: FixedClock, change: Callable[[Product, FixedClock], None]
) -> None:
    with writing():
        product = a_product(clock)
        change(product, clock)
        variant_id = product.variants[0].id

    with pytest.raises(queries.UnknownVariantError):
        queries.sellable_variant(variant_id, currency="AUD", now=clock.now())


@pytest.mark.parametrize("count", [3, 30])
def test_hot_reads_stay_within_their_queries(app: Flask, clock: FixedClock, count: int) -> None:
    with writing():
        products = [
            a_product(clock, title="Tee", handle=f"tee-{n}", options=BLACK_AND_RED, tags=["a"])
            for n in range(count)
        ]
        for product in products:
            an_image(product, content_hash="a" * 64)
        a_collection(clock, products, handle="front")
        bump_public_version()
    now = clock.now()
    reads = (
        lambda: queries.product_page("tee-0", now=now),
        lambda: listing(now=now, collection="front"),
        lambda: listing(now=now, q="tee", sort="price"),
        lambda: listing(now=now, q="tee"),
    )
    # What a process reads once for a version is no part of any page.
    register(now)
    asked = []
    for read in reads:
        forget_cards()
        with counted_queries() as statements:
            read()
        asked.append(len(statements))

    assert asked == [1, 5, 6, 6]

"""The demonstration's goods hold together: names, numbers, words and shelves."""

import re
from collections import Counter
from fractions import Fraction
from itertools import chain

import pytest

from store.sandbox.catalogue import DemoCollection, DemoProduct, catalogue, scaled_price

GOODS = catalogue()
PRODUCTS = pytest.mark.parametrize("product", GOODS.products, ids=lambda product: product.handle)
SECTIONS = pytest.mark.parametrize("section", GOODS.collections, ids=lambda section: section.handle)


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


def test_there_is_a_shop_full_of_goods() -> None:
    states = Counter(product.status for product in GOODS.products)

    assert states["active"] >= 28
    assert states["draft"] == 1
    assert states["archived"] == 1


def test_every_kind_of_merchandise_is_there() -> None:
    kinds = {product.product_type for product in GOODS.products if product.status == "active"}

    assert kinds == {
        "T-shirt", "Sweatshirt", "Hoodie", "Cap", "Tote", "Mug", "Print", "Sticker", "Pin",
        "Notebook", "Socks", "Gift set", "Download", "Gift card",
    }  # fmt: skip


def test_handles_are_unique() -> None:
    assert repeated([product.handle for product in GOODS.products]) == []


def test_stock_keeping_units_are_unique() -> None:
    skus = [variant.sku for product in GOODS.products for variant in product.variants]

    assert repeated(skus) == []


def test_barcodes_are_unique() -> None:
    variants = chain.from_iterable(product.variants for product in GOODS.products)

    assert repeated([variant.barcode for variant in variants if variant.barcode]) == []


def test_no_two_products_share_a_print() -> None:
    assert repeated([product.print_name for product in GOODS.products]) == []


def test_barcodes_end_in_their_check_digit() -> None:
    variants = chain.from_iterable(product.variants for product in GOODS.products)
    for barcode in (variant.barcode for variant in variants if variant.barcode):
        weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(barcode))
        assert len(barcode) == 13
        assert weighted % 10 == 0


@PRODUCTS
def test_every_variant_is_one_value_of_each_option(product: DemoProduct) -> None:
    for variant in product.variants:
        assert len(variant.option_values) == len(product.options)
        for value, option in zip(variant.option_values, product.options, strict=True):
            assert value in option.values


@PRODUCTS
def test_no_combination_is_made_twice(product: DemoProduct) -> None:
    made = [" / ".join(variant.option_values) for variant in product.variants]

    assert made
    assert repeated(made) == []


@PRODUCTS
def test_every_option_value_can_be_bought(product: DemoProduct) -> None:
    bought = {value for variant in product.variants for value in variant.option_values}

    assert bought == {value for option in product.options for value in option.values}


@PRODUCTS
def test_prices_and_weights_are_believable(product: DemoProduct) -> None:
    for variant in product.variants:
        assert 500 <= variant.price_minor <= 15000
        assert variant.price_minor % 100 == 0
        assert variant.compare_at_minor is None or variant.compare_at_minor > variant.price_minor
        is_sent = product.file is None and not variant.is_gift_card
        assert (1 <= variant.weight_grams <= 5000) is is_sent
        assert variant.stock >= 0


@PRODUCTS
def test_texts_say_enough_and_do_not_shout(product: DemoProduct) -> None:
    words = product.body_markdown.split()
    told = f"{product.title} {product.body_markdown} {product.seo_title} {product.seo_description}"

    assert 60 <= len(words) <= 160
    assert "!" not in told
    assert not re.search(r"lorem|ipsum|certified|organic|eco-|color\b|gray\b", told, re.IGNORECASE)


@PRODUCTS
def test_search_engines_get_a_title_and_a_sentence(product: DemoProduct) -> None:
    assert 10 <= len(product.seo_title) <= 60
    assert 40 <= len(product.seo_description) <= 155


@PRODUCTS
def test_tags_can_match_stories(product: DemoProduct) -> None:
    assert len(product.tags) >= 4
    assert all(tag == tag.lower() for tag in product.tags)
    assert repeated(list(product.tags)) == []


@PRODUCTS
def test_every_colour_has_a_swatch_and_a_picture(product: DemoProduct) -> None:
    shown = {picture.variant_option_value for picture in product.pictures}
    for option in product.options:
        for value, swatch in zip(option.values, option.swatches, strict=True):
            if option.name == "Colour":
                assert swatch is not None
                assert re.fullmatch(r"#[0-9a-f]{6}", swatch)
                assert value in shown


@PRODUCTS
def test_every_product_is_seen_twice_and_described(product: DemoProduct) -> None:
    alts = [picture.alt for picture in product.pictures]

    assert len(alts) >= 2
    assert all(20 <= len(alt) <= 125 for alt in alts)
    assert repeated(alts) == []


def test_picture_keys_are_unique_and_fit_for_files() -> None:
    pictures = chain.from_iterable(product.pictures for product in GOODS.products)
    keys = [picture.key for picture in (*pictures, *(c.picture for c in GOODS.collections))]

    assert repeated(keys) == []
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


def test_pictures_stand_for_values_that_exist() -> None:
    for product in GOODS.products:
        values = {value for option in product.options for value in option.values}
        shown = {picture.variant_option_value for picture in product.pictures} - {None}
        assert shown <= values


def test_the_six_sections_own_the_six_hues() -> None:
    assert len({section.hue for section in GOODS.collections}) == len(GOODS.collections) == 6


@SECTIONS
def test_every_section_is_worth_opening(section: DemoCollection) -> None:
    active = [h for h in section.product_handles if GOODS.product(h).status == "active"]

    assert len(active) >= 4
    assert len(set(section.product_handles)) == len(section.product_handles)


@SECTIONS
def test_sections_and_products_name_each_other(section: DemoCollection) -> None:
    claimed = {
        product.handle
        for product in GOODS.products
        if section.handle in product.collections and product.status != "archived"
    }

    assert claimed == set(section.product_handles)


def test_something_is_sold_out_something_runs_low_something_is_reduced() -> None:
    active = [product for product in GOODS.products if product.status == "active"]
    variants = list(chain.from_iterable(product.variants for product in active))

    assert any(sum(variant.stock for variant in product.variants) == 0 for product in active)
    assert sum(variant.stock in {2, 3} for variant in variants) >= 8
    assert any(variant.compare_at_minor for variant in variants)
    assert any(not product.options for product in active)


def test_not_every_combination_exists() -> None:
    shirt = GOODS.product("above-the-fold-tee")
    colours, sizes = shirt.options

    assert len(shirt.variants) < len(colours.values) * len(sizes.values)


@pytest.mark.parametrize(
    ("rate", "digits", "expected"),
    [(Fraction(1), 2, 4500), (Fraction(98), 0, 4410), (Fraction(1, 5), 3, 9000)],
)
def test_a_price_can_be_told_in_another_currency(
    rate: Fraction, digits: int, expected: int
) -> None:
    assert scaled_price(4500, rate=rate, digits=digits) == expected

"""Promises about making a product what its draft says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from store.catalog import publishing
from store.catalog.drafts import (
    DraftRefusedError,
    OptionDraft,
    PictureDraft,
    ProductDraft,
    ValueDraft,
    VariantDraft,
)
from store.catalog.filling import VariantInUseError
from store.catalog.handles import slugify
from store.catalog.models import Image, OptionValue, Product, ProductStatus, StockPolicy, Variant
from store.catalog.queries import product_page
from store.catalog.saving import SkuTakenError, save_product, save_products
from store.catalog.searching import search
from store.clock import FixedClock
from store.database import PublicVersion, db, writing
from store.errors import NotFoundError
from store.inventory import stock
from store.inventory.models import StockMovement
from tests.builders import a_collection, aud

MUG = ProductDraft(
    handle="mug", title="Mug", variants=(VariantDraft(price=aud(20)),), status=ProductStatus.ACTIVE
)
COLOUR = OptionDraft("Colour", (ValueDraft("Black", "#111111"), ValueDraft("Red")))
SIZE = OptionDraft("Size", (ValueDraft("S"), ValueDraft("M")))
FRONT = PictureDraft(source_url="https://example.org/front.png", alt="Front")
TEE = ProductDraft(
    handle="tee",
    title="Tee",
    status=ProductStatus.ACTIVE,
    options=(COLOUR, SIZE),
    variants=tuple(
        VariantDraft(price=aud(45), values=(colour, size), sku=f"TEE-{colour}-{size}")
        for colour in COLOUR.value_names
        for size in SIZE.value_names
    ),
    pictures=(FRONT,),
    tags=("cotton", "print"),
)


def saved(draft: ProductDraft, clock: FixedClock) -> Product:
    with writing():
        return save_product(draft, clock)


def variant_ids(product: Product) -> dict[str, int]:
    return {variant.combination: variant.id for variant in product.variants}


def test_new_product_is_for_sale_and_found(app: Flask, clock: FixedClock) -> None:
    product = saved(TEE, clock)

    page = product_page("tee", now=clock.now())

    assert [choice.label for choice in page.variants] == [v.combination for v in TEE.variants]
    assert page.options[0].choices[0].colour == "#111111"
    assert page.tags == ("cotton", "print")
    assert search("cotton tees", now=clock.now()) == [product.id]


def test_saving_twice_keeps_every_row(app: Flask, clock: FixedClock) -> None:
    before = variant_ids(saved(TEE, clock))

    after = variant_ids(saved(TEE, clock))

    assert after == before
    assert db.session.scalar(select(func.count()).select_from(OptionValue)) == 4
    assert db.session.scalar(select(func.count()).select_from(Image)) == 1


def test_counted_variant_has_a_level_from_the_start(app: Flask, clock: FixedClock) -> None:
    variant = VariantDraft(price=aud(20), policy=StockPolicy.PREORDER)
    product = saved(replace(MUG, variants=(variant,)), clock)

    level = stock.levels([product.variants[0].id])[product.variants[0].id]

    assert (level.on_hand, level.may_oversell) == (0, True)


def test_variant_that_is_no_longer_counted_loses_its_level(app: Flask, clock: FixedClock) -> None:
    product = saved(MUG, clock)
    saved(replace(MUG, variants=(VariantDraft(price=aud(20), tracked=False),)), clock)

    assert stock.levels([product.variants[0].id]) == {}


def test_change_keeps_stock_and_ids(app: Flask, clock: FixedClock) -> None:
    product = saved(TEE, clock)
    ids = variant_ids(product)
    with writing():
        stock.receive(ids["Red / M"], 7, cause="delivery", actor="test", clock=clock)
    reversed_options = replace(
        TEE,
        title="Better tee",
        variants=tuple(replace(v, price=aud(50)) for v in reversed(TEE.variants)),
    )

    after = saved(reversed_options, clock)

    assert variant_ids(after) == ids
    assert stock.levels([ids["Red / M"]])[ids["Red / M"]].on_hand == 7
    assert next(v.combination for v in after.variants) == "Red / M"
    assert {v.price for v in after.variants} == {aud(50)}


def test_renamed_value_keeps_the_variant_by_its_sku(app: Flask, clock: FixedClock) -> None:
    ids = variant_ids(saved(TEE, clock))
    with writing():
        stock.receive(ids["Red / M"], 7, cause="delivery", actor="test", clock=clock)
    crimson = replace(
        TEE,
        options=(OptionDraft("Colour", (ValueDraft("Black"), ValueDraft("Crimson"))), SIZE),
        variants=tuple(
            replace(v, values=(v.values[0].replace("Red", "Crimson"), v.values[1]))
            for v in TEE.variants
        ),
    )

    after = variant_ids(saved(crimson, clock))

    assert after["Crimson / M"] == ids["Red / M"]
    values = db.session.scalars(select(OptionValue.value).order_by(OptionValue.value)).all()
    assert values == ["Black", "Crimson", "M", "S"]


def test_skus_may_change_places(app: Flask, clock: FixedClock) -> None:
    first, second, *rest = TEE.variants
    saved(TEE, clock)
    other = replace(MUG, variants=(VariantDraft(price=aud(20), sku=rest[0].sku),))
    swapped = replace(
        TEE,
        variants=(
            replace(first, sku=second.sku),
            replace(second, sku=first.sku),
            replace(rest[0], sku=None),
            rest[1],
        ),
    )

    with writing():
        save_products([other, swapped], clock)

    skus = {row[0]: row[1] for row in db.session.execute(select(Variant.combination, Variant.sku))}
    assert skus == {
        "": rest[0].sku,
        first.combination: second.sku,
        second.combination: first.sku,
        rest[0].combination: None,
        rest[1].combination: rest[1].sku,
    }


def test_sku_of_another_product_is_refused(app: Flask, clock: FixedClock) -> None:
    saved(TEE, clock)

    with pytest.raises(SkuTakenError), writing():
        save_product(
            replace(MUG, variants=(VariantDraft(price=aud(20), sku=TEE.variants[0].sku),)), clock
        )


def test_unused_variant_goes_with_its_value(app: Flask, clock: FixedClock) -> None:
    saved(TEE, clock)

    small = replace(
        TEE,
        options=(COLOUR, OptionDraft("Size", (ValueDraft("S"),))),
        variants=tuple(v for v in TEE.variants if v.values[1] == "S"),
    )
    product = saved(small, clock)

    assert list(variant_ids(product)) == ["Black / S", "Red / S"]
    assert [value.value for value in product.options[1].values] == ["S"]


def test_variant_with_a_stock_history_is_not_lost(app: Flask, clock: FixedClock) -> None:
    ids = variant_ids(saved(TEE, clock))
    with writing():
        stock.receive(ids["Red / M"], 1, cause="delivery", actor="test", clock=clock)

    with pytest.raises(VariantInUseError), writing():
        save_product(replace(TEE, variants=TEE.variants[:3]), clock)

    assert len(db.session.scalars(select(Variant)).all()) == 4


def test_product_may_gain_and_lose_all_options(app: Flask, clock: FixedClock) -> None:
    saved(TEE, clock)
    plain = replace(TEE, options=(), variants=(VariantDraft(price=aud(30)),))

    assert list(variant_ids(saved(plain, clock))) == [""]
    assert len(variant_ids(saved(TEE, clock))) == 4


def test_pictures_keep_their_bytes_when_saved_again(app: Flask, clock: FixedClock) -> None:
    product = saved(TEE, clock)
    with writing():
        image = db.session.get_one(Image, product.images[0].id)
        image.content_hash, image.width, image.height = "a" * 64, 800, 1000
    back = PictureDraft(content_hash="b" * 64, width=10, height=10, alt="Back")
    wanted = replace(
        TEE,
        pictures=(back, replace(FRONT, alt="New words")),
        variants=(replace(TEE.variants[0], pictures=(FRONT.key,)), *TEE.variants[1:]),
    )

    saved(wanted, clock)

    page = product_page("tee", now=clock.now())

    assert [(p.content_hash[0], p.alt) for p in page.pictures] == [
        ("b", "Back"),
        ("a", "New words"),
    ]
    assert page.variants[0].picture == page.pictures[1]


def test_collections_are_joined_and_left(app: Flask, clock: FixedClock) -> None:
    with writing():
        front = a_collection(clock, [save_product(MUG, clock)], handle="front")
        back = a_collection(clock, [], handle="back")
    saved(replace(TEE, collections=("front", "back")), clock)

    assert [(e.product.handle, e.position) for e in front.entries] == [("mug", 1), ("tee", 2)]
    saved(replace(TEE, collections=("back",)), clock)
    assert [e.product.handle for e in front.entries] == ["mug"]
    saved(replace(TEE, title="Other"), clock)
    assert [e.product.handle for e in back.entries] == ["tee"]
    with pytest.raises(NotFoundError):
        saved(replace(TEE, collections=("nowhere",)), clock)


@pytest.mark.parametrize(
    "broken",
    [
        replace(MUG, title=""),
        replace(MUG, handle=""),
        replace(MUG, variants=()),
        replace(MUG, variants=(VariantDraft(price=aud(1)),) * 2),
        replace(MUG, variants=(VariantDraft(price=aud(1), values=("Red",)),)),
        replace(MUG, variants=(VariantDraft(price=aud(1), pictures=("x",)),)),
        replace(TEE, options=(COLOUR, COLOUR)),
        replace(TEE, options=(COLOUR, SIZE) * 2),
        replace(TEE, options=(SIZE, COLOUR)),
        replace(TEE, variants=tuple(replace(v, sku="same") for v in TEE.variants)),
    ],
)
def test_draft_that_contradicts_itself_is_refused(
    app: Flask, clock: FixedClock, broken: ProductDraft
) -> None:
    with pytest.raises(DraftRefusedError), writing():
        save_product(broken, clock)


def test_public_version_rises_once_a_save(app: Flask, clock: FixedClock) -> None:
    saved(MUG, clock)
    saved(MUG, clock)

    assert db.session.scalars(select(PublicVersion.version)).one() == 2


def test_first_publication_is_remembered(app: Flask, clock: FixedClock) -> None:
    product = saved(replace(MUG, status=ProductStatus.DRAFT), clock)
    assert product.published_at is None
    with writing():
        publishing.publish(product, clock)
    published = clock.now()
    clock.move_to(published + timedelta(days=1))

    for change in (publishing.archive, publishing.draft, publishing.publish):
        with writing():
            change(product, clock)

    assert product_page("mug", now=clock.now()).updated_at == clock.now()
    assert product.published_at == published


def test_archived_product_has_no_page(app: Flask, clock: FixedClock) -> None:
    product = saved(MUG, clock)
    with writing():
        publishing.archive(product, clock)

    with pytest.raises(NotFoundError):
        product_page("mug", now=clock.now())


def test_saving_moves_no_stock(app: Flask, clock: FixedClock) -> None:
    saved(TEE, clock)

    assert db.session.scalars(select(StockMovement)).all() == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Late Edition tee", "late-edition-tee"),
        ("  Crème  BRÛLÉE — mug!  ", "crème-brûlée-mug"),
        ("Cre\u0300me", "crème"),
        ("彩虹 T恤", "彩虹-t恤"),
        ("हिन्दी", "हिन्दी"),
        ("../../etc/passwd?x=1#y", "etc-passwd-x-1-y"),
        ("\uff26ull", "full"),
        ("!!!", ""),
        ("a" * 300, "a" * 160),
        ("a" * 159 + " b", "a" * 159),
    ],
)
def test_handles_are_made_of_words(text: str, expected: str) -> None:
    assert slugify(text) == expected
    assert slugify(expected) == expected

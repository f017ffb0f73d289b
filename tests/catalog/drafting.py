"""Any product that the shop can be asked for."""

from hypothesis import strategies as st

from store.catalog.choosing_prices import PriceChoice
from store.catalog.drafts import (
    OptionDraft,
    PictureDraft,
    ProductDraft,
    ValueDraft,
    VariantDraft,
    settled,
)
from store.catalog.importing.cells import can_be_read, clean, code
from store.catalog.models import ProductStatus, StockPolicy
from tests.builders import aud


def words(longest: int, least: int = 1) -> st.SearchStrategy[str]:
    """Return texts as the shop keeps them: trimmed, of one line, readable."""
    odd = st.sampled_from(
        [
            "=1+1",
            "+61 2",
            "-5%",
            "@home",
            "'quoted'",
            'say "x"',
            "a,b",
            "ü 漢字 🏳️‍🌈",
            "ع ر",
            "&amp; <b>",
        ]
    )
    texts = st.one_of(odd, st.text(min_size=least, max_size=longest))
    kept = texts.map(lambda text: " ".join(clean(text).split())[:longest].strip())
    return kept.filter(lambda text: len(text) >= least and (not text or can_be_read(text)))


BODIES = st.lists(
    st.one_of(
        words(30),
        words(20).map(lambda text: f"# {text}"),
        st.lists(words(10), min_size=1, max_size=3).map(
            lambda texts: "\n".join(f"- {text}" for text in texts)
        ),
        words(10).map(lambda text: f"**{text}** and *{text}*"),
    ),
    max_size=3,
).map("\n\n".join)
TAGS = words(20).filter(lambda tag: "," not in tag)


def no_default(values: list[str]) -> bool:
    return all(value.casefold() != "default title" for value in values)


@st.composite
def drafts(draw: st.DrawFn, number: int) -> ProductDraft:
    names = draw(st.lists(words(12), unique_by=str.casefold, max_size=3))
    choices = [
        draw(st.lists(words(12), unique=True, min_size=1, max_size=2).filter(no_default))
        for _ in names
    ]
    combinations: list[tuple[str, ...]] = [()]
    for values in choices:
        combinations = [(*one, value) for one in combinations for value in values]
    pictures = tuple(
        PictureDraft(source_url=f"https://example.org/{number}/{n}.png", alt=draw(words(10, 0)))
        for n in range(draw(st.integers(0, 3)))
    )
    return ProductDraft(
        handle=f"product-{number}",
        title=draw(words(40)),
        body=draw(BODIES),
        status=draw(st.sampled_from(ProductStatus)),
        vendor=draw(words(20, 0)),
        product_type=draw(words(20, 0)),
        seo_title=draw(words(20, 0)),
        seo_description=draw(words(20, 0)),
        tags=tuple(sorted({tag.casefold() for tag in draw(st.lists(TAGS, max_size=3))})),
        options=tuple(
            OptionDraft(name, tuple(map(ValueDraft, values)))
            for name, values in zip(names, choices, strict=True)
        ),
        variants=tuple(
            draw(variants(number, place, values, pictures))
            for place, values in enumerate(combinations)
        ),
        pictures=pictures,
    )


@st.composite
def variants(
    draw: st.DrawFn,
    number: int,
    place: int,
    values: tuple[str, ...],
    pictures: tuple[PictureDraft, ...],
) -> VariantDraft:
    minor = draw(st.integers(0, 99_999))
    shown = draw(st.sampled_from([(), *((picture.key,) for picture in pictures)]))
    is_gift_card = draw(st.booleans())
    least = aud((minor + 1) / 100)
    choice = PriceChoice(least, least * 3, (least, least * 2)) if draw(st.booleans()) else None
    drawn = VariantDraft(
        price=aud(minor / 100),
        compare_at=draw(st.sampled_from([None, aud((minor + 100) / 100)])),
        is_gift_card=is_gift_card,
        choice=choice,
        values=values,
        sku=draw(st.sampled_from([None, f"SKU {number}-{place}", f"-{number}/{place}"])),
        barcode=draw(st.one_of(st.just("00123"), words(12, 0).map(code))),
        weight_grams=draw(st.integers(0, 9_000)),
        requires_shipping=draw(st.booleans()),
        taxable=draw(st.booleans()),
        tracked=draw(st.booleans()),
        policy=draw(st.sampled_from(StockPolicy)),
        pictures=shown,
    )
    return settled(drawn)

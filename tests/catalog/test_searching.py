"""Promises about finding products by words; both databases keep all of them."""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from store.catalog import searching
from store.catalog.models import Product, ProductStatus
from store.catalog.ranking import Candidate, rank
from store.catalog.search_index import create_search_index, index_everything
from store.catalog.searching import search, search_everything, terms_of
from store.catalog.sought import Term, sought
from store.catalog.synonyms import Phrase, meanings
from store.catalog.words import index_words, stem
from store.clock import FixedClock
from store.database import db, writing
from tests.builders import a_collection, a_product


def stock_the_shop(clock: FixedClock) -> None:
    a_product(
        clock, title="Late Edition hoodie", product_type="Hoodies", tags=["fleece"], body="Warm."
    )
    a_product(clock, title="Captain's cap", product_type="Headwear", body="For a café terrace.")
    a_product(clock, title="Crème brûlée mug", product_type="Mugs", body="Holds 350 ml. Kiln-fired")
    a_product(clock, title="Front page print", product_type="Prints", tags=["Sydney", "Poster art"])
    a_product(
        clock,
        title="Women's T-shirt",
        product_type="Tops",
        options={"Colour": ["Teal", "Crimson"]},
        body="Wear it with [our cap](/products/hat-of-hats). Printed by hand.",
    )


def found(q: str, clock: FixedClock, **asked: str) -> list[str]:
    ids = search(q, now=clock.now(), **asked)  # type: ignore[arg-type] # a test's shorthand
    products = {p.id: p.title for p in db.session.scalars(select(Product))}
    return [products[product_id] for product_id in ids]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("hoodie", ["Late Edition hoodie"]),
        ("hoodies", ["Late Edition hoodie"]),
        ("HOODIES", ["Late Edition hoodie"]),
        ("hood", ["Late Edition hoodie"]),
        ("editions late", ["Late Edition hoodie"]),
        ("fleece", ["Late Edition hoodie"]),
        ("capt", ["Captain's cap"]),
        ("captains", ["Captain's cap"]),
        ("captain’s", ["Captain's cap"]),
        ("cafe", ["Captain's cap"]),
        ("creme brulee", ["Crème brûlée mug"]),
        ("CRÈME", ["Crème brûlée mug"]),
        ("fired mugs", ["Crème brûlée mug"]),
        ("sydney", ["Front page print"]),
        ("poster", ["Front page print"]),
        ("women", ["Women's T-shirt"]),
        ("womens", ["Women's T-shirt"]),
        ("tshirt", ["Women's T-shirt"]),
        ("t-shirts", ["Women's T-shirt"]),
        ("t shirt", ["Women's T-shirt"]),
        ("crimson", ["Women's T-shirt"]),
        ("printing", ["Front page print", "Women's T-shirt"]),
        ("prints", ["Front page print", "Women's T-shirt"]),
        ("cap", ["Captain's cap", "Women's T-shirt"]),
        ("hats", ["Captain's cap"]),
        ("jumper", ["Late Edition hoodie"]),
        ("sweat shirts", ["Late Edition hoodie"]),
        ("hooded tops", ["Late Edition hoodie"]),
        ("knit hat", []),
        ("hoodie mug", []),
        ("zebra", []),
    ],
)
def test_words_find_what_a_reader_means(
    app: Flask, clock: FixedClock, q: str, expected: list[str]
) -> None:
    with writing():
        stock_the_shop(clock)

    assert found(q, clock) == expected


def test_title_beats_tag_beats_type_beats_text(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, title="In the title: rainbow")
        a_product(clock, title="In the tags", tags=["rainbow"])
        a_product(clock, title="In the type", product_type="Rainbow")
        a_product(clock, title="In the text", body="rainbow " * 50)

    assert found("rainbow", clock) == [
        "In the title: rainbow",
        "In the tags",
        "In the type",
        "In the text",
    ]


@pytest.mark.slow
def test_common_word_in_texts_hides_no_title(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, title="Quarterly")
        for _ in range(205):
            a_product(clock, title="Tee", body="As seen in the quarterly.")

    results = found("quarterly", clock)

    assert results[0] == "Quarterly"
    assert len(results) <= 200


@pytest.fixture
def written_anew() -> Iterator[Callable[[], None]]:
    """Return what forgets the statements of searches, as often as a test changes what they say."""

    def forget() -> None:
        searching._matching.cache_clear()
        searching._any_titled.cache_clear()

    yield forget
    forget()


@pytest.mark.parametrize("few", [0, 1, 2, 3])
def test_many_matches_are_found_as_few_are(
    app: Flask,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    written_anew: Callable[[], None],
    few: int,
) -> None:
    with writing():
        stock_the_shop(clock)
        a_product(clock, title="Printed cap", body="A mug is another thing.")
    questions = ("cap", "mug", "print", "crime cap", "poster")
    before = [found(q, clock) for q in questions], search_everything("cap", limit=9)

    monkeypatch.setattr(searching, "FEW", few)
    written_anew()

    assert ([found(q, clock) for q in questions], search_everything("cap", limit=9)) == before
    assert sorted(before[0][0]) == ["Captain's cap", "Printed cap", "Women's T-shirt"]


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.ARCHIVED])
def test_what_is_not_active_is_never_found(
    app: Flask, clock: FixedClock, status: ProductStatus
) -> None:
    with writing():
        a_product(clock, title="Secret hoodie", status=status)

    assert found("secret", clock) == []


def test_product_is_found_from_the_moment_it_is_published(app: Flask, clock: FixedClock) -> None:
    with writing():
        a_product(clock, title="Election mug").published_at = clock.now() + timedelta(days=1)

    assert found("election", clock) == []
    clock.move_to(clock.now() + timedelta(days=1))
    assert found("election", clock) == ["Election mug"]


def test_search_stays_inside_a_collection(app: Flask, clock: FixedClock) -> None:
    with writing():
        inside = a_product(clock, title="Hoodie inside")
        a_product(clock, title="Hoodie outside")
        a_collection(clock, [inside], handle="front")

    assert found("hoodie", clock, collection="front") == ["Hoodie inside"]
    assert found("hoodie", clock, collection="nowhere") == []


def test_deleted_product_is_forgotten(app: Flask, clock: FixedClock) -> None:
    with writing():
        product = a_product(clock, title="Hoodie", tracked=False)
        db.session.delete(product)
        db.session.flush()
        again = a_product(clock, title="Mug")

    assert search("hoodie", now=clock.now()) == []
    assert search("mug", now=clock.now()) == [again.id]


def test_index_can_be_built_anew(app: Flask, clock: FixedClock) -> None:
    with writing() as session:
        product = a_product(clock, title="Hoodie")
        product.title = "Kettle"
        create_search_index(session.connection())
        assert index_everything() == 1

    assert found("kettle", clock) == ["Kettle"]
    assert found("hoodie", clock) == []


HOSTILE = [
    "",
    " ",
    '"',
    "'",
    "*",
    "hoodie*",
    '"hoodie',
    "hoodie OR mug",
    "NEAR(hoodie mug, 2)",
    "title : hoodie",
    "{title} : (hoodie",
    "hoodie AND",
    "NOT hoodie",
    "^hoodie + mug",
    "hoodie & | ! <-> :*",
    "hoodie\\",
    "hoodie';DROP TABLE product;--",
    "%_%",
    "\x00hoodie\x00",
    "\ud800",
    "²½Ⅷ٣",
    "😀👩‍👩‍👧",
    "a" * 100_000,
    "a " * 50_000,
    '"' * 100_000,
    "(" * 100_000,
    "-a" * 50_000,
    "'a" * 50_000,
    "é" * 100_000,
    "\u0301" * 100_000,
    "ﷺ" * 100_000,
]


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_no_query_breaks_the_search_or_takes_long(app: Flask, clock: FixedClock, q: str) -> None:
    with writing():
        stock_the_shop(clock)
    began = time.process_time()

    ids = search(q, now=clock.now())

    assert len(ids) <= 5
    assert time.process_time() - began < 0.5


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(q=st.text(max_size=60))
def test_any_text_may_be_searched(app: Flask, clock: FixedClock, q: str) -> None:
    assert search(q, now=clock.now()) == []


@settings(max_examples=200, deadline=None)
@example(title="\ufada")
@given(title=st.text(max_size=80))
def test_indexed_words_never_hold_what_a_query_language_knows(title: str) -> None:
    assert all(word.isalnum() and len(word) <= 40 for word in index_words(title))


def test_long_text_is_taken_apart_quickly() -> None:
    texts = ["a" * 100_000, "a-" * 50_000, "a'" * 50_000, "ing" * 30_000, "s" * 100_000]
    began = time.process_time()

    for text in texts:
        index_words(text)

    assert time.process_time() - began < 2


def test_terms_are_cut_to_what_a_person_types() -> None:
    assert terms_of("tee tee Tée") == ["tee"]
    assert len(terms_of(" ".join(f"w{n}" for n in range(40)))) == 12


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (("hoodie", "hoodies", "hoody"), "hoodi"),
        (("print", "prints", "printed", "printing"), "print"),
        (("run", "runs", "running"), "run"),
        (("clothes", "clothing"), "cloth"),
        (("patch", "patches"), "patch"),
        (("dress", "dresses"), "dress"),
        (("tee", "tees"), "tee"),
        (("pride",), "prid"),
        (("bus", "is", "spring", "red", "seed"), None),
        (("2026", "t恤", "éa"), None),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...], expected: str | None) -> None:
    assert [stem(form) for form in forms] == [expected or form for form in forms]


def test_ranking_prefers_the_complete_and_short_title_then_the_newer() -> None:
    candidates = [
        Candidate(1, ["front", "page", "tee", "edition"], [], []),
        Candidate(2, ["front", "page", "tee"], [], []),
        Candidate(3, ["front", "page", "tee"], [], []),
        Candidate(4, ["front", "tee"], ["page"], []),
        Candidate(5, ["tee"], ["front", "page"], []),
    ]

    assert rank(sought(["front", "page"], {}), candidates) == [3, 2, 1, 4, 5]


def test_whole_word_beats_its_form_beats_its_beginning() -> None:
    candidates = [
        Candidate(3, ["hooding"], [], []),
        Candidate(2, ["hoodies", "hoodi"], [], []),
        Candidate(1, ["hoodie", "hoodi"], [], []),
    ]

    assert rank(sought(["hoodie"], {}), candidates) == [1, 2, 3]


TITLES = (
    "Late Edition hoodie",
    "Late Edition T-shirt",
    "T shirt of the press",
    "Tea towel for late presses",
    "Sweat shirt",
    "Pressing matters mug",
    "Cup of ink",
    "Captain's cap",
    "Crème brûlée tote bag",
)
QUERY_WORDS = (
    "late edition editions hoodie hoodies jumper t shirt tshirt tee tees sweatshirt sweat press"
    " pressing mug cup cap hat captains captain tote bag shopper creme tow to p o' x 7"
).split()


def answers(term: Term, words: Collection[str]) -> bool:
    """Say by our own rules alone whether indexed words answer to a term."""

    def is_typed(word: str) -> bool:
        is_begun = len(word) > 1 and any(one.startswith(word) for one in words)
        return is_begun or word in words or (len(word) > 1 and stem(word) in words)

    def is_alike(phrase: Phrase) -> bool:
        return all(stem(word) in words for word in phrase)

    return any(all(map(is_typed, form)) for form in term.forms) or any(map(is_alike, term.alike))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(typed=st.lists(st.sampled_from(QUERY_WORDS), min_size=1, max_size=4))
def test_both_databases_find_what_the_rules_say(
    app: Flask, clock: FixedClock, typed: list[str]
) -> None:
    if not db.session.scalars(select(Product.id)).first():
        with writing():
            for title in TITLES:
                a_product(clock, title=title, product_type="", body="")
    terms = sought(terms_of(" ".join(typed)), meanings(()))
    candidates = [
        Candidate(product.id, index_words(product.title), [], [])
        for product in db.session.scalars(select(Product))
    ]

    expected = rank(
        terms,
        [one for one in candidates if all(answers(term, one.title) for term in terms)],
    )

    assert search(" ".join(typed), now=clock.now()) == expected

"""Whether what a process knows of products' words is what reading them all anew would tell."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import chain
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from store.catalog import publishing
from store.catalog.models import Product, ProductTag
from store.database import bump_public_version, db, writing
from store.widget import tasks
from store.widget.choosing import Choice
from store.widget.lexicon import Lexicon, forget_lexicons, lexicon_of
from store.widget.matching import choose
from store.widget.stories import Story
from store.widget.synonyms import product_term
from tests.builders import a_product
from tests.catalog.counting import counted_queries
from tests.shop import Shop

SWIM = Story("https://news.example/swim", "Harbour swim club", "Sport", ("swimming",))
WORDS = ("swim", "swimming", "harbour", "tee", "tees", "mug", "drag", "night shift", "café")
KINDS = ("add", "rewrite", "archive", "publish", "delete")
Texts = tuple[str, list[str], str, str]
Change = tuple[str, int, Texts]
Said = tuple[int, dict[str, tuple[int, list[tuple[int, int]]]]]

texts = st.tuples(
    st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=3, unique=True),
    st.sampled_from(("", "Tees", "Mugs")),
    st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join),
)
changes = st.tuples(st.sampled_from(KINDS), st.integers(0, 30), texts)


@pytest.mark.slow
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(opening=[("swim", [], "", "")], days=[[("archive", 0, ("", [], "", ""))]])
@given(
    opening=st.lists(texts, min_size=6, max_size=10),
    days=st.lists(st.lists(changes, max_size=3), max_size=6),
)
def test_lexicon_that_was_caught_up_is_one_that_was_read_anew(
    shop: Shop, app: Flask, opening: list[Texts], days: list[list[Change]]
) -> None:
    products = open_anew(shop, opening)
    lexicons = [lexicon_of(0)]
    told = [all_told(lexicons[0])]
    for version, changes in enumerate(days, start=1):
        with writing():
            for change in changes:
                make(shop, products, change)
        lexicons.append(lexicon_of(version))
        told.append(all_told(lexicons[-1]))
    forget_lexicons()

    assert told[-1] == all_told(lexicon_of(len(days)))
    # Who still reads an older one reads it as it was.
    assert told == list(map(all_told, lexicons))


def all_told(lexicon: Lexicon) -> Said:
    """Return how many products there are, and who speaks of which word, and how loudly."""
    terms = {product_term(words) for words in (*WORDS, *chain.from_iterable(map(str.split, WORDS)))}
    by_term = {
        term: (
            lexicon.frequency(term),
            sorted((number, worth) for worth, ids in lexicon.postings(term) for number in ids),
        )
        for term in terms
    }
    return len(lexicon), by_term


def open_anew(shop: Shop, opening: Sequence[Texts]) -> list[Product]:
    """Empty the catalogue of the last example and fill it."""
    forget_lexicons()
    with writing():
        for product in db.session.scalars(select(Product)):
            db.session.delete(product)
        db.session.flush()
        return [a_product_of(shop, given) for given in opening]


def a_product_of(shop: Shop, given: Texts) -> Product:
    title, tags, product_type, body = given
    return a_product(
        shop.clock, title=title, tags=tags, product_type=product_type, body=body, tracked=False
    )


def make(shop: Shop, products: list[Product], change: Change) -> None:
    """Change the catalogue as staff do; each change has a moment of its own."""
    kind, place, given = change
    product = products[place % len(products)]
    shop.clock.move_to(shop.clock.now() + timedelta(seconds=1))
    match kind:
        case "add":
            products.append(a_product_of(shop, given))
        case "rewrite":
            rewrite(product, given, shop)
        case "archive":
            publishing.archive(product, shop.clock)
        case "publish":
            publishing.publish(product, shop.clock)
        case "delete" if len(products) > 1:
            products.remove(product)
            db.session.delete(product)
    db.session.flush()


def rewrite(product: Product, given: Texts, shop: Shop) -> None:
    product.title, tags, product.product_type, product.body = given
    kept = {row.tag: row for row in product.tag_rows}
    product.tag_rows = [kept.get(tag) or ProductTag(tag=tag) for tag in tags]
    product.updated_at = shop.clock.now()


def warm(shop: Shop) -> Choice:
    choice = choose(SWIM, now=shop.clock.now())
    db.session.rollback()
    return choice


def test_card_asks_two_questions_once_the_catalogue_is_known(shop: Shop, app: Flask) -> None:
    with writing():
        for number in range(4):
            a_product(shop.clock, title=f"Swimming towel {number}")
    warm(shop)

    with counted_queries() as asked:
        warm(shop)

    assert len(asked) == 2


def test_change_is_read_before_a_reader_comes(shop: Shop, app: Flask) -> None:
    with writing():
        bump_public_version()
        for number in range(4):
            a_product(shop.clock, title=f"Swimming towel {number}")
    tasks.read_ahead(shop.services)

    with counted_queries() as asked:
        choice = warm(shop)

    assert choice.picks
    assert len(asked) == 2


def test_one_reads_while_all_others_wait(shop: Shop, app: Flask) -> None:
    with writing():
        a_product(shop.clock, title="Swimming towel")
    start = Barrier(4)

    def ask() -> Choice:
        with app.app_context():
            start.wait()
            return warm(shop)

    with counted_queries() as asked, ThreadPoolExecutor(4) as readers:
        choices = {reader.result() for reader in [readers.submit(ask) for _ in range(4)]}

    assert len(choices) == 1
    assert sum("product.body" in question for question in asked) == 1


def test_what_is_never_committed_is_never_known(shop: Shop, app: Flask) -> None:
    with writing():
        product = a_product(shop.clock, title="Plain tee")
        a_product(shop.clock, title="Other tee")
    with pytest.raises(ZeroDivisionError), writing():
        product.title = "Swimming tee"
        product.updated_at = shop.clock.now() + timedelta(seconds=1)
        db.session.flush()
        choose(SWIM, now=shop.clock.now())
        raise ZeroDivisionError

    assert [pick.words for pick in warm(shop).picks] == [(), ()]

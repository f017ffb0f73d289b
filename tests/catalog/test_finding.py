"""Promises about finding things: facets, near words and suggestions, on pages and behind them."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.catalog.facet_values import Facet
from store.catalog.listing import Asked, Found, find
from store.catalog.models import Product, ProductStatus
from store.catalog.synonyms import add_synonyms
from store.database import db, writing
from tests.beginning import Beginning
from tests.builders import a_collection, a_product, aud
from tests.catalog.counting import counted_queries
from tests.pages import Page
from tests.shop import Shop

ANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def goods(begin: Beginning) -> None:
    begin(_goods)


def _goods(shop: Shop) -> None:
    clock = shop.clock
    with shop.app.app_context(), writing():
        tee = a_product(
            clock,
            title="Late Edition T-shirt",
            handle="tee",
            product_type="T-shirt",
            options={"Colour": ["Black", "White"], "Size": ["XL", "S", "M"]},
        )
        a_product(
            clock,
            title="Deadline hoodie",
            handle="hoodie",
            product_type="Hoodie",
            price=aud(95),
            options={"Color": ["Jet black"], "Größe": ["Medium", "L"]},
        )
        mug = a_product(
            clock,
            title="No Comment mug",
            handle="mug",
            product_type="Mug",
            price=aud(24),
            stock=0,
            options={"Colour": ["Navy"]},
        )
        a_collection(clock, [tee, mug], title="Front Page")


def found(shop: Shop, q: str = "", *, collection: str | None = None, **values: str) -> Found:
    asked = {Facet(name): given.split() for name, given in values.items()}
    with shop.app.app_context():
        return find(Asked(q, collection=collection, values=asked), now=shop.clock.now())


def counts(shown: Found, facet: Facet) -> Mapping[str, int]:
    choice = next((choice for choice in shown.choices if choice.facet is facet), None)
    return {value.key: value.count for value in choice.values} if choice else {}


def handles(shown: Found) -> list[str]:
    return [card.handle for card in shown.listing.cards]


def products_on(page: Page) -> set[str]:
    links = page.all("a", data_product_link="")
    return {link["href"].rpartition("/")[2] for link in links}


def values_on(page: Page) -> dict[str, dict[str, str]]:
    return {link["href"]: link for link in page.all("a", class_="facet__value")}


def test_sizes_stand_in_the_order_of_garments_and_colours_by_their_family(shop: Shop) -> None:
    shown = found(shop)

    assert list(counts(shown, Facet.SIZE).items()) == [("s", 1), ("m", 2), ("l", 1), ("xl", 1)]
    assert list(counts(shown, Facet.COLOUR).items()) == [("black", 2), ("white", 1), ("blue", 1)]


def test_facets_count_types_prices_and_stock(shop: Shop) -> None:
    shown = found(shop)

    assert counts(shown, Facet.TYPE) == {"hoodie": 1, "mug": 1, "t-shirt": 1}
    assert counts(shown, Facet.PRICE) == {"0-25": 1, "25-50": 1, "50-100": 1}
    assert counts(shown, Facet.STOCK) == {"in": 2}


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(shop: Shop) -> None:
    either = found(shop, type="t-shirt hoodie")
    both = found(shop, type="t-shirt hoodie", size="l")

    assert sorted(handles(either)) == ["hoodie", "tee"]
    assert handles(both) == ["hoodie"]


def test_counts_are_those_of_the_other_facets_choice(shop: Shop) -> None:
    shown = found(shop, type="t-shirt", size="l")

    assert handles(shown) == []
    assert counts(shown, Facet.TYPE) == {"hoodie": 1, "t-shirt": 0}
    assert counts(shown, Facet.SIZE) == {"s": 1, "m": 1, "l": 0, "xl": 1}


def test_facets_narrow_sections_and_searches(shop: Shop) -> None:
    assert counts(found(shop, collection="front-page"), Facet.TYPE) == {"mug": 1, "t-shirt": 1}
    assert handles(found(shop, "edition", colour="black")) == ["tee"]
    assert handles(found(shop, "edition", colour="blue")) == []


def test_changes_of_any_kind_are_counted_at_once(shop: Shop) -> None:
    found(shop)
    with shop.app.app_context(), writing():
        products = {product.handle: product for product in db.session.query(Product)}
        products["mug"].product_type = "Cup"
        products["hoodie"].status = ProductStatus.ARCHIVED
        products["tee"].variants[0].price_minor = 900

    shown = found(shop)

    assert counts(shown, Facet.TYPE) == {"cup": 1, "t-shirt": 1}
    assert counts(shown, Facet.PRICE) == {}
    assert "l" not in counts(shown, Facet.SIZE)


def test_facets_of_a_scheduled_product_come_and_go_by_the_clock(shop: Shop) -> None:
    found(shop)
    with shop.app.app_context(), writing():
        cap = a_product(shop.clock, title="Cap", product_type="Cap")
        cap.published_at = shop.clock.now().replace(hour=23, minute=0)
        cap.unpublish_at = shop.clock.now().replace(hour=23, minute=30)

    before = counts(found(shop), Facet.TYPE)
    shop.clock.move_to(shop.clock.now().replace(hour=23, minute=0))
    during = counts(found(shop), Facet.TYPE)
    shop.clock.move_to(shop.clock.now().replace(hour=23, minute=30))
    after = counts(found(shop), Facet.TYPE)

    assert ["cap" in each for each in (before, during, after)] == [False, True, False]


def test_facets_are_links_with_their_parameters_in_one_order(
    shop: Shop, reader: FlaskClient
) -> None:
    page = Page(reader.get("/products?sort=price&size=xl&type=t-shirt&size=m"))

    links = values_on(page)
    assert links["/products?type=t-shirt&size=xl&sort=price"]["aria-current"] == "true"
    assert "/products?type=t-shirt&size=m&size=s&size=xl&sort=price" in links
    assert products_on(page) == {"tee"}


def test_choices_are_chips_that_take_themselves_back(shop: Shop, reader: FlaskClient) -> None:
    page = Page(reader.get("/products?type=t-shirt&colour=black"))

    chips = [chip["href"] for chip in page.all("a", class_="facet_chips__one")]
    assert chips == ["/products?colour=black", "/products?type=t-shirt"]
    assert page.all("a", class_="facet_chips__clear")[0]["href"] == "/products"


def test_search_engines_find_single_choices_and_no_combinations(
    shop: Shop, reader: FlaskClient
) -> None:
    one = Page(reader.get("/products?type=mug"))
    two = Page(reader.get("/products?type=mug&colour=blue"))

    assert one.canonical == "http://localhost/products?type=mug"
    assert (one.meta("robots"), two.meta("robots")) == ("", "noindex")
    assert values_on(one)["/products"].get("rel") is None
    assert values_on(one)["/products?type=hoodie&type=mug"]["rel"] == "nofollow"


@pytest.mark.parametrize(
    "query",
    [
        "type=nonsense",
        "colour=%E2%80%AE&size=%ff&price=1-2-3&stock=maybe",
        "size=" + "x" * 900,
        "type=mug&type=" + "&type=".join(f"t{n}" for n in range(30)),
        "fabric=wool&vendor=x&sort=cheapest&exact=2",
        "&".join(f"u{n}" for n in range(30)),
    ],
)
def test_unknown_facets_and_values_are_ignored(reader: FlaskClient, query: str) -> None:
    page = Page(reader.get(f"/products?{query}"))

    assert page.status == 200
    assert products_on(page) == ({"mug"} if "type=mug" in query else {"tee", "hoodie", "mug"})


def test_unknown_values_do_not_fill_the_page_memory(shop: Shop, reader: FlaskClient) -> None:
    known = reader.get("/products?type=mug&utm_source=x")
    for number in range(3):
        invented = reader.get(f"/products?type=invented-{number}")

    assert "max-age" in known.headers["Cache-Control"]
    assert invented.headers["Cache-Control"] == "no-store"


def test_choice_that_leaves_nothing_says_so_and_leads_back(shop: Shop, reader: FlaskClient) -> None:
    page = Page(reader.get("/products?type=mug&size=l"))

    assert page.status == 200
    assert "Nothing is all of that at once" in page.text
    assert "/products?type=mug" in page.links


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tshrit", "tshirt"),
        ("tsirt", "tshirt"),
        ("tshhirt", "tshirt"),
        ("hoodei", "hoodie"),
        ("hodie", "hoodie"),
        ("hoodle", "hoodie"),
        ("mgu", "mug"),
        ("late editoin", "late edition"),
        ("laet editoin", "late edition"),
        ("dead line", "deadline"),
        ("lateedition", "late edition"),
    ],
)
def test_slip_of_one_letter_shows_what_was_meant(
    shop: Shop, reader: FlaskClient, typed: str, meant: str
) -> None:
    page = Page(reader.get("/products", query_string={"q": typed}))

    assert f"here is what answers to “{meant}”" in page.text
    assert products_on(page)


def test_literal_search_is_one_link_away(shop: Shop, reader: FlaskClient) -> None:
    meant = Page(reader.get("/products?q=hodie"))

    literal = Page(reader.get("/products?q=hodie&exact=1"))

    assert "/products?q=hodie&exact=1" in meant.links
    assert "No such story" in literal.text
    assert "/products?q=hoodie" in literal.links


def test_draft_is_never_what_was_meant(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Secret kettle", status=ProductStatus.DRAFT)

    page = Page(reader.get("/products?q=secert"))

    assert "No such story" in page.text
    assert "secret" not in page.text


def test_near_word_that_finds_far_more_is_offered(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Meg’s kettle")
        for number in range(4):
            a_product(shop.clock, title=f"Mug {number}")

    page = Page(reader.get("/products?q=meg"))

    assert "/products?q=mug" in page.links
    assert len(products_on(page)) == 1 or "Kettle" in page.text


def test_search_that_finds_nothing_leads_on(shop: Shop, reader: FlaskClient) -> None:
    page = Page(reader.get("/products?q=zebra"))

    assert "/collections/front-page" in page.links
    assert products_on(page) == {"tee", "hoodie", "mug"}


@pytest.mark.parametrize("q", ["jumper", "sweatshirts", "sweat shirt", "hooded top"])
def test_words_that_mean_the_same_find_the_same(shop: Shop, q: str) -> None:
    assert handles(found(shop, q)) == ["hoodie"]


@pytest.mark.parametrize("q", ["t shirt", "tshirts", "T-SHIRT", "tee", "tees"])
def test_spaces_and_hyphens_make_no_difference(shop: Shop, q: str) -> None:
    assert "tee" in handles(found(shop, q))


def test_what_was_typed_stands_before_what_means_the_same(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, title="Jumper", handle="jumper")

    assert handles(found(shop, "hoodie")) == ["hoodie", "jumper"]
    assert handles(found(shop, "jumper")) == ["jumper", "hoodie"]


def test_staff_say_what_means_the_same(shop: Shop) -> None:
    assert handles(found(shop, "chalice")) == []
    with shop.app.app_context(), writing():
        add_synonyms("Chalice, mug")

    assert handles(found(shop, "chalices")) == ["mug"]


def test_suggestions_are_a_fragment_of_eight_at_most(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        for number in range(9):
            a_product(shop.clock, title=f"Front kettle {number}")

    answer = reader.get("/products/suggest?q=front")

    page = Page(answer)
    assert "max-age" in answer.headers["Cache-Control"]
    assert "<html" not in page.source
    options = page.all("a", role="option")
    assert 1 < len(options) <= 8
    assert "/collections/front-page" in page.links


def test_suggestions_know_what_was_meant(shop: Shop, reader: FlaskClient) -> None:
    page = Page(reader.get("/products/suggest?q=hodie"))

    assert page.links == ["/products?q=hoodie", "/products/hoodie"]


@pytest.mark.parametrize(
    "path",
    [
        "/products?type=t-shirt&size=m",
        "/collections/front-page?colour=black",
        "/products?q=late&stock=in&sort=price",
        "/products?q=hodie",
        "/products?q=zebra",
        "/products/suggest?q=late",
        "/products/suggest?q=hodie",
    ],
)
def test_no_listing_asks_more_than_eight_times(shop: Shop, reader: FlaskClient, path: str) -> None:
    with shop.app.app_context(), writing():
        add_synonyms("esky, cool box")
    reader.get("/products")
    reader.get("/products?q=late")

    with shop.app.app_context(), counted_queries() as statements:
        reader.get(path)

    # The page memory asks for the version on its own, at most four times a second.
    for_the_page = [
        one for one in statements if not one.startswith("SELECT (SELECT public_version")
    ]
    assert len(for_the_page) <= 8, "\n".join(for_the_page)


@pytest.mark.parametrize(
    "q",
    [
        "\u202eتيشيرت",
        "👕👩‍👩‍👧",
        "\uff54\uff45\uff45",
        "NEAR(tee mug)",
        'title:"tee"',
        "-tee OR (mug*)",
    ],
)
def test_strange_words_are_searched_like_any_others(reader: FlaskClient, q: str) -> None:
    for path in ("/products", "/products/suggest"):
        assert reader.get(path, query_string={"q": q}).status_code == 200


@pytest.mark.parametrize("q", ["a\x00b", "a" * 100_000, '"*NEAR(' * 20_000])
def test_what_nobody_types_is_refused_politely(reader: FlaskClient, q: str) -> None:
    for path in ("/products", "/products/suggest"):
        assert reader.get(path, query_string={"q": q}).status_code in {400, 414}


def test_thousand_unknown_parameters_change_nothing(reader: FlaskClient) -> None:
    invented = "&".join(f"u{number}" for number in range(1_000))

    assert reader.get(f"/products?{invented}").data == reader.get("/products").data


TYPED = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30)


@pytest.mark.slow
@ANY
@given(q=TYPED, size=TYPED, price=TYPED)
def test_nothing_that_can_be_asked_breaks_a_listing(
    shop: Shop, q: str, size: str, price: str
) -> None:
    reader = shop.browser()
    query = {"q": q, "size": size, "price": price, "sort": size, "exact": price[:1]}

    answers = [
        reader.get(path, query_string=query)
        for path in ("/products", "/collections/front-page", "/products/suggest")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]

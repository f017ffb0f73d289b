"""The catalogue's pages as a reader's browser gets them, without scripts."""

import time
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from store.catalog.listing import PAGE_SIZE
from store.catalog.models import ProductStatus, StockPolicy
from store.database import db, writing
from tests.builders import a_collection, a_product, an_image, aud
from tests.catalog.counting import counted_queries
from tests.pages import Page
from tests.shop import Shop

SIZES = {"Size": ["S", "M"]}


def the_tee(shop: Shop, **changed: object) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="late-edition", options=SIZES, **changed)  # type: ignore[arg-type] # forwarded as it came
        a_collection(shop.clock, [tee], title="Front Page")


def test_product_page_names_itself_once_and_everywhere(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop)

    page = Page(reader.get("/products/late-edition"))

    assert page.title == "Late Edition tee – Gay Nation"
    assert page.canonical == "http://localhost/products/late-edition"
    assert page.meta("og:title") == page.title
    assert page.meta("description") == "Heavy cotton, printed in Marrickville."
    assert len(page.all("h1")) == 1


def test_product_page_tells_machines_what_it_tells_readers(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop, price=aud(45.5), stock=2)

    page = Page(reader.get("/products/late-edition"))

    group = page.structured("ProductGroup")
    offers = [variant["offers"] for variant in group["hasVariant"]]
    assert group["variesBy"] == ["https://schema.org/size"]
    assert [variant["size"] for variant in group["hasVariant"]] == ["S", "M"]
    assert [(o["price"], o["priceCurrency"]) for o in offers] == [("45.50", "AUD")] * 2
    assert offers[0]["availability"] == "https://schema.org/LimitedAvailability"
    trail = page.structured("BreadcrumbList")["itemListElement"]
    assert [step["name"] for step in trail] == ["Front page", "Front Page", "Late Edition tee"]
    assert page.structured("Organization")["name"] == "Gay Nation"


@pytest.mark.slow
def test_page_of_a_product_in_two_thousand_sizes_is_printed_in_time(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="vast", options={"Size": [f"no {n}" for n in range(2000)]})
    began = time.process_time()

    answer = reader.get("/products/vast")

    assert answer.status_code == 200
    assert time.process_time() - began < 6


def test_text_of_a_product_cannot_end_its_structured_data(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop, title="</script><script>alert(1)</script>")

    page = Page(reader.get("/products/late-edition"))

    assert "<script>alert" not in page.source
    assert page.structured("ProductGroup")["name"] == "</script><script>alert(1)</script>"


def test_one_option_is_chosen_by_its_values(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop)

    page = Page(reader.get("/products/late-edition"))

    form = page.all("form", action="/cart/lines")[0]
    radios = page.all("input", name="variant_id")
    assert form["method"] == "post"
    assert [radio["type"] for radio in radios] == ["radio", "radio"]
    assert ("button", "Add to cart") in page.words


def test_two_options_are_chosen_from_a_list_without_scripts(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        a_product(
            shop.clock, handle="tee", options={"Size": ["S", "M"], "Colour": ["Ink", "Paper"]}
        )

    page = Page(reader.get("/products/tee"))

    assert len(page.all("select", name="variant_id")) == 1
    assert [words for tag, words in page.words if tag == "option"] == [
        "S / Ink – $45.00",
        "S / Paper – $45.00",
        "M / Ink – $45.00",
        "M / Paper – $45.00",
    ]


def test_sold_out_choice_is_read_but_not_taken(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee", options=SIZES, stock=0)
        db.session.refresh(tee)
        tee.variants[1].policy = StockPolicy.BACKORDER

    page = Page(reader.get("/products/tee"))

    small, medium = page.all("input", name="variant_id", type="radio")
    assert "disabled" in small
    assert "checked" in medium
    assert "sold out" in page.text


def test_sold_out_product_offers_a_way_on(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop, stock=0)

    page = Page(reader.get("/products/late-edition"))

    assert ("button", "Sold out") in page.words
    assert "/collections/front-page" in page.links


def test_what_is_sold_out_is_the_product_or_one_choice_of_it(
    shop: Shop, reader: FlaskClient
) -> None:
    with shop.app.app_context(), writing():
        a_product(shop.clock, handle="gone", options=SIZES, stock=0)
        a_product(shop.clock, handle="left", options=SIZES)

    gone, left = (Page(reader.get(f"/products/{handle}")) for handle in ("gone", "left"))

    assert ("span", "Sold out") in gone.words
    assert "in this choice" not in gone.text
    assert gone.all("form", action="/back-in-stock")
    assert ("span", "Sold out in this choice") in left.words


def test_address_may_name_a_variant(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee", options={"Colour": ["Ink", "Plum"]})
        for letter in "ab":
            an_image(tee, content_hash=letter * 64, alt=f"View {letter}")
        tee.variants[1].images = [tee.images[1]]
        plum = tee.variants[1].id

    page = Page(reader.get(f"/products/tee?variant={plum}"))

    assert "checked" in page.all("input", value=str(plum))[0]
    assert page.all("figure", id="view_1")[0]["data-picture"] == "b" * 12
    assert page.canonical == "http://localhost/products/tee"


@pytest.mark.parametrize("variant", ["0", "-1", "²", "x" * 3000, "%22%3E"])
def test_variant_that_the_product_has_not_changes_nothing(
    shop: Shop, reader: FlaskClient, variant: str
) -> None:
    the_tee(shop)

    asked = reader.get(f"/products/late-edition?variant={variant}")

    assert asked.data == reader.get("/products/late-edition").data


def test_swatches_lead_to_the_product_in_their_colour(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(
            shop.clock, handle="tee", options={"Colour": ["Ink", "Plum"], "Size": ["S", "M"]}
        )
        ids = [variant.id for variant in tee.variants]

    page = Page(reader.get("/products"))

    wanted = [f"/products/tee?variant={ids[0]}", f"/products/tee?variant={ids[2]}"]
    assert [link for link in page.links if "?variant=" in link] == wanted


def test_last_three_are_counted(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop, stock=3)

    page = Page(reader.get("/products/late-edition"))

    assert "Only 3 left" in page.text


@pytest.mark.parametrize("status", [ProductStatus.DRAFT, ProductStatus.ACTIVE])
def test_unpublished_product_does_not_exist(
    shop: Shop, reader: FlaskClient, status: ProductStatus
) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee", status=status)
        tee.published_at = shop.clock.now() + timedelta(days=1)

    page = Page(reader.get("/products/tee"))

    assert page.status == 404
    assert "we printed an address that does not exist" in page.text


def test_archived_product_leads_on_to_its_section(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop, status=ProductStatus.ARCHIVED)

    page = Page(reader.get("/products/late-edition"))

    assert page.status == 410
    assert "Late Edition tee is out of print" in page.text
    assert "/collections/front-page" in page.links
    assert not page.all("form", action="/cart/lines")


def test_product_page_asks_the_database_eight_times_at_most(
    shop: Shop, reader: FlaskClient
) -> None:
    the_tee(shop)
    reader.get("/products")

    with shop.app.app_context(), counted_queries() as statements:
        reader.get("/products/late-edition")

    # The page memory asks for the version on its own, at most four times a second.
    for_the_page = [one for one in statements if "public_version" not in one]
    assert len(for_the_page) <= 8, "\n".join(for_the_page)


def many_products(shop: Shop, number: int) -> None:
    with shop.app.app_context(), writing():
        goods = [a_product(shop.clock, title=f"Cap {n:02}", price=aud(n)) for n in range(1, number)]
        a_collection(shop.clock, goods, title="Front Page")


def test_listing_turns_its_pages_by_links(shop: Shop, reader: FlaskClient) -> None:
    many_products(shop, PAGE_SIZE + 4)

    first = Page(reader.get("/products?sort=title"))
    second = Page(reader.get("/products?sort=title&page=2"))

    assert first.all("a", rel="next")[0]["href"] == "/products?sort=title&page=2"
    assert second.all("a", rel="prev")[0]["href"] == "/products?sort=title"
    assert second.canonical == "http://localhost/products?page=2"
    assert len(second.all("article", class_="product_card")) == 3


def test_listing_is_sorted_by_links(shop: Shop, reader: FlaskClient) -> None:
    many_products(shop, 4)
    first = Page(reader.get("/collections/front-page"))
    assert "/collections/front-page?sort=-price" in first.links

    dearest_first = Page(reader.get("/collections/front-page?sort=-price"))

    names = [words for tag, words in dearest_first.words if words.startswith("Cap ")]
    assert names == ["Cap 03", "Cap 02", "Cap 01"]
    assert dearest_first.all("a", aria_current="true")[0]["href"].endswith("?sort=-price")


@pytest.mark.parametrize("sort", ["featured", "nonsense", "x" * 3000, "%22%3E"])
def test_order_that_nobody_offers_leaves_no_trace(
    shop: Shop, reader: FlaskClient, sort: str
) -> None:
    many_products(shop, PAGE_SIZE + 4)

    page = Page(reader.get(f"/products?sort={sort}"))

    assert page.all("a", rel="next")[0]["href"] == "/products?page=2"
    assert [link["href"] for link in page.all("a", aria_current="true")] == ["/products"]


@pytest.mark.parametrize("page", ["0", "2", "9999999", "-1", "²", "two", "1.5", ""])
def test_page_that_is_not_there_is_not_found(shop: Shop, reader: FlaskClient, page: str) -> None:
    the_tee(shop)

    answer = Page(reader.get("/products", query_string={"page": page}))

    assert answer.status == 404
    assert "/products" in answer.links


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("/products?sort=price&page=99", "/products?sort=price"),
        ("/products?page=99&utm_source=mail", "/products"),
        ("/products?q=cap&colour=blue&exact=1&page=99", "/products?q=cap&exact=1&colour=blue"),
        ("/collections/front-page?page=99&sort=-price", "/collections/front-page?sort=-price"),
        (
            "/products?q=%22%3E%3Cscript%3E&type=%3Cb%3E&sort=%3Ci%3E&page=99",
            "/products?q=%22%3E%3Cscript%3E&type=%3Cb%3E",
        ),
    ],
)
def test_page_beyond_a_list_leads_back_to_its_first(
    shop: Shop, reader: FlaskClient, asked: str, first: str
) -> None:
    many_products(shop, PAGE_SIZE + 4)

    answer = reader.get(asked)

    page = Page(answer)
    assert page.status == 404
    assert "Correction: this list has no page 99." in page.text
    assert first in page.links
    assert answer.headers["Cache-Control"] == "no-store"
    assert not page.all("b") + page.all("i")


@pytest.mark.parametrize("number", ["zwei", "<b>99</b>", "9" * 30])
def test_what_is_no_number_is_not_printed(shop: Shop, reader: FlaskClient, number: str) -> None:
    the_tee(shop)

    page = Page(reader.get("/products", query_string={"page": number}))

    assert "Correction: this list has no such page." in page.text
    assert number not in page.text


def test_search_without_a_find_offers_ways_on(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop)

    page = Page(reader.get("/products?q=zebra"))

    assert page.status == 200
    assert "No such story" in page.text
    assert page.meta("robots") == "noindex"
    assert {field["value"] for field in page.all("input", name="q")} == {"zebra"}


def test_search_of_a_novel_is_cut_or_refused(shop: Shop, reader: FlaskClient) -> None:
    assert reader.get("/products", query_string={"q": "a" * 5_000}).status_code == 200
    assert reader.get("/products", query_string={"q": "a" * 100_000}).status_code == 414


def test_search_cannot_write_into_the_page(shop: Shop, reader: FlaskClient) -> None:
    page = Page(reader.get("/products", query_string={"q": '"><img src=x onerror=alert(1)>'}))

    assert not page.all("img")


def test_section_wears_its_colour(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop)

    page = Page(reader.get("/collections/front-page"))

    assert page.all("body", data_hue="blue")
    assert page.all("a", href="/collections/front-page", aria_current="page")
    assert page.canonical == "http://localhost/collections/front-page"


def test_unknown_section_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/collections/obituaries").status_code == 404


def test_pictures_have_sizes_and_the_first_comes_first(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="tee")
        for letter in "ab":
            an_image(tee, content_hash=letter * 64, alt=f"View {letter}").has_renditions = True

    page = Page(reader.get("/products/tee"))

    first, second, *small = page.all("img")
    assert (first["width"], first["height"], first["alt"]) == ("1200", "1500", "View a")
    assert first["fetchpriority"] == "high"
    assert "loading" not in first
    assert second["loading"] == "lazy"
    assert f"/media/aa/{'a' * 64}-640.webp 640w" in first["srcset"]
    assert first["srcset"].endswith("-1280.webp 1200w")
    assert len(small) == 2
    assert page.meta("og:image").startswith("http://localhost/cards/")


def test_public_pages_set_no_cookie(shop: Shop, reader: FlaskClient) -> None:
    the_tee(shop)

    for path in ("/", "/products", "/products/late-edition", "/collections/front-page"):
        assert "Set-Cookie" not in reader.get(path).headers


def test_a_phones_first_row_of_cards_loads_at_once(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        for number in range(3):
            product = a_product(shop.clock, handle=f"tee-{number}")
            an_image(product, content_hash=str(number) * 64).has_renditions = True

    pictures = Page(reader.get("/products")).all("img")

    assert [picture.get("fetchpriority") for picture in pictures] == ["high", "high", None]
    assert [picture.get("loading") for picture in pictures] == [None, None, "lazy"]

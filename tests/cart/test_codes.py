"""A code in the cart: what it takes off, and why it takes nothing off."""

from datetime import timedelta

from flask.testing import FlaskClient

from store.database import db, writing
from store.pricing.discounts import DiscountKind
from store.pricing.models import Discount, Scope
from tests.builders import a_collection, a_product, aud
from tests.buying import a_variant, check_out, fill_cart, post
from tests.discounts import a_discount, apply
from tests.shop import Shop


def cart_page(reader: FlaskClient) -> str:
    return " ".join(reader.get("/cart").text.split())


def test_code_is_a_step_of_the_sum_by_its_name(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop)
    fill_cart(reader, a_variant(shop), 2)

    answer = apply(reader, "  welcome10 ")

    assert answer.status_code == 303
    page = cart_page(reader)
    assert "Welcome" in page
    assert "-$9.00" in page
    assert "code WELCOME10" in page


def test_script_gets_the_cart_with_it(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop)
    fill_cart(reader, a_variant(shop))

    answer = reader.post(
        "/cart/discount",
        data={"code": "WELCOME10"},
        headers={"Sec-Fetch-Site": "same-origin", "X-Fragment": "cart"},
    )

    assert answer.status_code == 200
    assert "-$4.50" in answer.text
    assert "$49.45 in total" in answer.text


def test_code_is_taken_out_again(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")

    post(reader, "/cart/discount/remove")

    assert "Welcome" not in cart_page(reader)


def test_another_code_takes_its_place_and_says_so(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop)
    a_discount(shop, "TWENTY", name="Twenty", basis_points=2_000)
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")

    answer = apply(reader, "TWENTY")

    page = reader.get(answer.headers["Location"]).text
    assert "this one took the place of the one before" in page
    assert "-$9.00" in page
    assert "Welcome" not in page


def test_code_that_has_not_begun_says_when_it_will(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, starts_at=shop.clock.now() + timedelta(hours=1))
    fill_cart(reader, a_variant(shop))

    answer = apply(reader, "WELCOME10")

    assert answer.status_code == 422
    assert "begins on 22 November 2026, 10:30\u202fam".replace("\u202f", " ") in answer.text
    assert 'value="WELCOME10"' in answer.text


def test_code_that_ended_a_second_ago_is_over(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, ends_at=shop.clock.now() + timedelta(minutes=5))
    fill_cart(reader, a_variant(shop))
    apply(reader, "WELCOME10")

    shop.clock.move_to(shop.clock.now() + timedelta(minutes=5, seconds=1))

    assert "“WELCOME10” ended on 22 November 2026, 9:35 am." in cart_page(reader)
    assert "-$4.50" not in cart_page(reader)
    assert "ended on" in apply(reader, "WELCOME10").text


def test_code_that_is_stopped_or_used_up_says_so(shop: Shop, reader: FlaskClient) -> None:
    stopped = a_discount(shop, "STOPPED", is_active=False)
    used = a_discount(shop, "USED", most_in_all=1)
    with shop.app.app_context(), writing():
        db.session.get_one(Discount, used).taken = 1
    fill_cart(reader, a_variant(shop))

    assert stopped
    assert "is not given any more" in apply(reader, "STOPPED").text
    assert "others had the last of it" in apply(reader, "USED").text


def test_code_for_other_goods_says_so(shop: Shop, reader: FlaskClient) -> None:
    with shop.app.app_context(), writing():
        mug = a_product(shop.clock, title="Mug")
        section = a_collection(shop.clock, [mug])
        mug_id, section_id, variant_id = mug.id, section.id, mug.variants[0].id
    a_discount(shop, "MUG", scope=Scope.PRODUCTS, target_ids=(mug_id,))
    a_discount(shop, "SECTION", scope=Scope.COLLECTIONS, target_ids=(section_id,))
    fill_cart(reader, a_variant(shop))
    refused = [apply(reader, code) for code in ("MUG", "SECTION")]
    fill_cart(reader, variant_id)

    taken = [apply(reader, code) for code in ("MUG", "SECTION")]

    assert [answer.status_code for answer in refused] == [422, 422]
    assert "is not for anything in this cart" in refused[0].text
    assert [answer.status_code for answer in taken] == [303, 303]
    assert "-$4.50" in cart_page(reader)


def test_code_under_its_minimum_says_how_much_is_missing(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, minimum_minor=5_000)
    variant_id = a_variant(shop)
    fill_cart(reader, variant_id)

    answer = apply(reader, "WELCOME10")

    assert "wants $5.00 more of what it is for" in answer.text
    fill_cart(reader, variant_id)
    assert apply(reader, "WELCOME10").status_code == 303


def test_automatic_discount_that_gives_more_counts_and_the_code_waits(
    shop: Shop, reader: FlaskClient
) -> None:
    a_discount(shop, "", name="Pride week", basis_points=3_000)
    a_discount(shop)
    fill_cart(reader, a_variant(shop))

    answer = apply(reader, "WELCOME10")

    assert answer.status_code == 303
    assert "“Pride week” takes more off, and it counts instead" in cart_page(reader)
    assert "-$13.50" in cart_page(reader)


def test_free_shipping_joins_where_both_say_so(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING, combines=True)
    a_discount(shop, combines=True)
    fill_cart(reader, a_variant(shop))

    apply(reader, "WELCOME10")

    page = cart_page(reader)
    assert "Free post" in page
    assert "-$8.95" in page
    assert "$40.50" in page


def test_code_that_counts_by_person_asks_for_the_address(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, most_per_reader=1)
    fill_cart(reader, a_variant(shop))

    asked = apply(reader, "WELCOME10")
    wrong = apply(reader, "WELCOME10", email="nowhere")
    right = apply(reader, "WELCOME10", email="robin@reader.org")

    assert "type your e-mail address as well" in asked.text
    assert 'name="email"' in asked.text
    assert "That is no e-mail address" in wrong.text
    assert 'value="nowhere"' in wrong.text
    assert right.status_code == 303
    assert "robin@reader.org" in cart_page(reader)


def test_total_that_no_card_can_pay_says_what_to_do(shop: Shop, reader: FlaskClient) -> None:
    a_discount(shop, "ALMOST", kind=DiscountKind.AMOUNT, amount_minor=4_480, combines=True)
    a_discount(shop, "", name="Free post", kind=DiscountKind.FREE_SHIPPING, combines=True)
    fill_cart(reader, a_variant(shop, price=aud(45)))
    apply(reader, "ALMOST")

    assert "comes to $0.50 at least, and this to $0.20" in cart_page(reader)
    assert check_out(reader).headers["Location"].startswith("/cart")


def test_reader_is_not_charged_more_because_a_code_ended_meanwhile(
    shop: Shop, reader: FlaskClient
) -> None:
    discount_id = a_discount(shop, "", ends_at=shop.clock.now() + timedelta(minutes=5))
    fill_cart(reader, a_variant(shop))
    assert f'name="discounts" value="{discount_id}"' in cart_page(reader)

    shop.clock.move_to(shop.clock.now() + timedelta(minutes=6))
    answer = post(reader, "/checkout", shown="as it was", discounts=str(discount_id))

    assert answer.headers["Location"] == "/cart?notice=changed"

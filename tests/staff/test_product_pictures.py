"""Staff give a product its pictures: taken in, described, ordered, shown by variants."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image as Pillow
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from store.catalog.models import Product
from store.catalog.prices.changing import PriceWanted, change_prices
from store.database import db, writing
from tests.builders import a_product, aud
from tests.shop import Shop
from tests.staff.pictures import a_picture
from tests.staff.product_forms import fields_of, opened, sent
from tests.staffing import at_the_desk, token_of


def a_tee(shop: Shop) -> str:
    with shop.app.app_context(), writing():
        product = a_product(shop.clock, handle="tee", options={"Colour": ["Ink", "Plum"]})
        return f"/staff/products/{product.id}/pictures"


def sent_in(browser: FlaskClient, page: str, *files: bytes, alone: bool = False) -> TestResponse:
    form: dict[str, object] = {
        "csrf_token": token_of(browser, page),
        "pictures": [(io.BytesIO(file), f"picture-{n}.png") for n, file in enumerate(files)],
    }
    return browser.post(page, data=form | ({"alone": "1"} if alone else {}))


def arranged(browser: FlaskClient, page: str) -> MultiDict[str, str]:
    text = browser.get(page).text
    return fields_of(text.replace(f'action="{page}/order"', 'id="order"'), "order")


def pictures_of(shop: Shop) -> list[tuple[str, list[str]]]:
    with shop.app.app_context():
        product = db.session.query(Product).filter_by(handle="tee").one()
        return [
            (image.alt, [variant.combination for variant in image.variants])
            for image in product.images
        ]


def test_several_pictures_are_taken_in_and_asked_to_be_described(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)

    answer = sent_in(browser, page, a_picture("red"), a_picture("green", "JPEG"))

    assert answer.status_code == 303
    assert pictures_of(gallery) == [("", []), ("", [])]
    assert browser.get(page).text.count("Describe it for those who cannot see it") == 2


def test_the_same_picture_twice_is_one(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)

    sent_in(browser, page, a_picture(), a_picture())
    sent_in(browser, page, a_picture())

    assert len(pictures_of(gallery)) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        a_picture()[:60],
    ],
)
def test_what_is_no_picture_is_named_and_the_rest_is_kept(gallery: Shop, content: bytes) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)

    answer = sent_in(browser, page, content, a_picture())

    assert answer.status_code == 422
    assert "picture-0.png is no JPEG" in answer.text
    assert "1 picture was added" in answer.text
    assert len(pictures_of(gallery)) == 1


def test_a_bomb_is_refused(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    target = io.BytesIO()
    Pillow.new("1", (9000, 9000)).save(target, "PNG")

    answer = sent_in(browser, page, target.getvalue())

    assert answer.status_code == 422
    assert "50 million pixels" in answer.text


def test_five_hundred_files_at_once_are_taken_as_far_as_they_fit(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    shades = [a_picture(f"#{n:02x}0000") for n in range(25)]

    answer = sent_in(browser, page, *(shades * 20))

    assert answer.status_code == 422
    assert "480 files were more than we take at once" in answer.text
    assert len(pictures_of(gallery)) == 20


def test_a_script_sends_one_and_hears_in_one_line(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)

    assert sent_in(browser, page, a_picture(), alone=True).status_code == 201
    assert sent_in(browser, page, b"x", alone=True).text.startswith("picture-0.png is no")


def test_pictures_are_described_moved_shown_and_removed(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    sent_in(browser, page, a_picture("red"), a_picture("green"), a_picture("blue"))
    form = arranged(browser, page)
    first, second, third = form.getlist("picture")
    plum = re.findall(rf'name="shown-{first}"\s+value="(\d+)"', browser.get(page).text)[1]
    for number, words in ((first, "Red"), (second, "Green <b>"), (third, "Blue")):
        form[f"alt-{number}"] = words
    form[f"shown-{first}"] = plum
    form["act"] = f"down:{first}"

    browser.post(f"{page}/order", data=form)

    assert pictures_of(gallery) == [("Green <b>", []), ("Red", ["Plum"]), ("Blue", [])]
    assert "Green &lt;b&gt;" in browser.get(page).text
    form = arranged(browser, page)
    form["act"] = f"remove:{first}"
    browser.post(f"{page}/order", data=form)
    assert pictures_of(gallery) == [("Green <b>", []), ("Blue", [])]


def test_pictures_leave_a_price_alone_that_has_just_changed_for_good(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    sent_in(browser, page, a_picture("red"), a_picture("green"))
    with gallery.app.app_context(), writing():
        product = db.session.query(Product).filter_by(handle="tee").one()
        wanted = [PriceWanted(variant.id, aud(77)) for variant in product.variants]
        soon = gallery.clock.now() + timedelta(minutes=1)
        change_prices(product, wanted, gallery.clock, starts_at=soon, ends_at=None)
    gallery.clock.move_to(soon)
    form = arranged(browser, page)
    form["act"] = f"remove:{form.getlist('picture')[0]}"

    browser.post(f"{page}/order", data=form)

    assert len(pictures_of(gallery)) == 1
    assert "$77.00" in gallery.app.test_client().get("/products/tee").text


def test_a_removed_picture_is_taken_back_with_its_words_and_variants(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    sent_in(browser, page, a_picture("red"), a_picture("green"))
    form = arranged(browser, page)
    first = form.getlist("picture")[0]
    form[f"alt-{first}"] = "Red"
    browser.post(f"{page}/order", data=form)
    form["act"] = f"remove:{first}"
    browser.post(f"{page}/order", data=form)

    entry = re.search(r"/staff/changes/(\d+)/undo", browser.get(page).text)
    assert entry
    token = token_of(browser, page)
    browser.post(f"/staff/changes/{entry[1]}/undo", data={"csrf_token": token})

    assert pictures_of(gallery) == [("Red", []), ("", [])]


def test_numbers_of_other_products_pictures_mean_nothing(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    sent_in(browser, page, a_picture("red"))
    with gallery.app.app_context(), writing():
        other = f"/staff/products/{a_product(gallery.clock).id}/pictures"
    sent_in(browser, other, a_picture("green"))
    theirs = arranged(browser, other)["picture"]
    form = arranged(browser, page)
    form.add("picture", theirs)
    form.add(f"alt-{theirs}", "Stolen")

    browser.post(f"{page}/order", data=form)

    assert len(pictures_of(gallery)) == 1
    assert "Stolen" not in browser.get(other).text


def test_new_pictures_are_no_conflict_with_a_form_that_is_open(gallery: Shop) -> None:
    page, browser = a_tee(gallery), at_the_desk(gallery)
    editor = page.removesuffix("/pictures")
    form = opened(browser, editor)
    sent_in(browser, page, a_picture("red"))

    assert sent(browser, editor, form, title="Still mine").status_code == 303
    assert len(pictures_of(gallery)) == 1

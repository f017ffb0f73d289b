"""Of a collection nothing typed is lost, two see each other, and every edit can be taken back."""

import io
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from store.catalog.models import Collection
from store.catalog.renaming import give_handle
from store.database import db, writing
from store.staff.audit import Actor
from store.staff.collection_values import values_of
from store.staff.collections import collection_of
from store.staff.product_editing import remove
from store.staff.products import product_of
from store.staff.roles import Role
from tests.builders import a_collection, a_product
from tests.shop import Shop
from tests.staff.pictures import a_picture
from tests.staff.product_forms import fields_of, keep_mine, undo_newest
from tests.staffing import at_the_desk, token_of

NEW = "/staff/collections/new"


def a_section(shop: Shop) -> tuple[int, list[int]]:
    """Add a section of three products, a tee, a mug and a pin."""
    with shop.app.app_context(), writing():
        goods = [
            a_product(shop.clock, title=title, handle=title.lower(), stock=0)
            for title in ("Tee", "Mug", "Pin")
        ]
        return a_collection(shop.clock, goods).id, [product.id for product in goods]


def page_of(collection_id: int) -> str:
    return f"/staff/collections/{collection_id}"


def kept(collection_id: int) -> str:
    return f"/staff/unsaved/collection/{collection_id}"


def opened(browser: FlaskClient, path: str) -> MultiDict[str, str]:
    return fields_of(browser.get(path).text, "collection")


def now_of(shop: Shop, collection_id: int) -> dict[str, object]:
    with shop.app.app_context():
        return values_of(collection_of(collection_id))


def edited(browser: FlaskClient, path: str, **typed: str | list[str]) -> MultiDict[str, str]:
    """Open the form and type over some of its fields."""
    form = opened(browser, path)
    for name, value in typed.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return form


def test_words_products_and_rules_are_taken_back(shop: Shop) -> None:
    section, (_tee, mug, pin) = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    before = now_of(shop, section)
    by_hand = edited(browser, page, title="Late", handle="late", product=[str(pin), str(mug)])
    browser.post(page, data=by_hand)
    assert now_of(shop, section)["products"] == ["pin", "mug"]
    by_rules = edited(browser, page, matching="all", rule=["title contains"], value=["tee"])
    browser.post(page, data=by_rules)
    assert now_of(shop, section)["rules"] == ["title contains tee"]

    assert undo_newest(browser, page) == 303
    assert now_of(shop, section)["products"] == ["pin", "mug"]
    # The first is now the one that would do it again.
    assert undo_newest(browser, page, but=1) == 303

    assert now_of(shop, section) == before


def test_rules_come_back_with_what_they_hold(shop: Shop) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    rules = {"rule": ["title contains", "price at_most"], "value": ["mug", "50"]}
    browser.post(page, data=edited(browser, page, matching="any", **rules))
    browser.post(page, data=edited(browser, page, matching="by_hand", product=[]))
    assert "Mug" not in shop.browser().get("/collections/front-page").text

    undo_newest(browser, page)

    assert opened(browser, page).getlist("value") == ["mug", "50.00"]
    assert "Mug" in shop.browser().get("/collections/front-page").text


def test_a_picture_comes_back(gallery: Shop) -> None:
    section, _goods = a_section(gallery)
    browser, page = at_the_desk(gallery), page_of(section)
    send_picture(browser, page, "red")
    first = now_of(gallery, section)["picture"]
    send_picture(browser, page, "blue")
    assert now_of(gallery, section)["picture"] != first

    undo_newest(browser, page)

    assert now_of(gallery, section)["picture"] == first


def test_an_undo_leaves_what_others_changed_beside_it(shop: Shop) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    browser.post(page, data=edited(browser, page, product=[]))
    browser.post(page, data=edited(browser, page, standfirst="Fresh ink"))

    undo_newest(browser, page, but=1)

    now = now_of(shop, section)
    assert (now["standfirst"], now["products"]) == ("Fresh ink", ["tee", "mug", "pin"])


def test_an_undo_is_refused_where_the_same_was_changed_since(shop: Shop) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    browser.post(page, data=edited(browser, page, title="First"))
    [undo] = re.findall(r"/staff/changes/\d+/undo", browser.get(page).text)
    browser.post(page, data=edited(browser, page, title="Second"))
    form = {"back": page, "csrf_token": token_of(browser, page)}

    answer = browser.post(undo, data=form)

    assert answer.status_code == 409
    assert "First" in answer.text
    assert "Second" in answer.text


def test_a_product_that_moved_comes_back_and_one_that_went_does_not(shop: Shop) -> None:
    section, (tee, mug, pin) = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    browser.post(page, data=edited(browser, page, product=[str(pin)]))
    with shop.app.app_context(), writing():
        give_handle(product_of(tee), "shirt", shop.clock)
        give_handle(product_of(pin), "badge", shop.clock)
        remove(mug, actor=Actor(None, "a test"), services=shop.services)

    assert undo_newest(browser, page) == 303

    assert now_of(shop, section)["products"] == ["shirt", "badge"]


def test_whoever_may_not_edit_takes_nothing_back(shop: Shop) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    browser.post(page, data=edited(browser, page, title="Late"))

    seen = at_the_desk(shop, role=Role.ANALYST).get(page)

    assert "Late" in seen.text
    assert "/undo" not in seen.text


def test_two_people_edit_one_collection_and_both_versions_are_shown(shop: Shop) -> None:
    section, (tee, _mug, _pin) = a_section(shop)
    hers, his, page = at_the_desk(shop), at_the_desk(shop), page_of(section)
    form = edited(hers, page, title="Her title", product=[str(tee)])
    his.post(page, data=edited(his, page, title="His title", hue="red"))

    answer = hers.post(page, data=form)

    assert answer.status_code == 409
    assert "His title" in answer.text
    assert now_of(shop, section)["title"] == "His title"
    assert hers.post(page, data=keep_mine(answer.text, page)).status_code == 303
    now = now_of(shop, section)
    assert (now["title"], now["products"]) == ("Her title", ["tee"])


def test_a_product_put_in_meanwhile_is_not_dropped_unseen(shop: Shop) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    form = opened(browser, page)
    with shop.app.app_context(), writing():
        cap = a_product(shop.clock, title="Cap", handle="cap").id
    put = {"act": "collect", "collection": section, "product": cap}
    browser.post("/staff/products/acts", data={**put, "csrf_token": form["csrf_token"]})

    answer = browser.post(page, data=form)

    assert answer.status_code == 409
    assert now_of(shop, section)["products"] == ["tee", "mug", "pin", "cap"]


def test_what_was_typed_comes_back(shop: Shop) -> None:
    section, (_tee, mug, _pin) = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    form = edited(browser, page, title="Half a thought", product=[str(mug)])
    assert browser.post(kept(section), data=form).status_code == 204

    seen = browser.get(page).text
    assert "You have unsaved changes" in seen
    assert fields_of(seen, "collection")["title"] == "Front Page"
    restored = opened(browser, f"{page}?restore=1")
    assert restored.getlist("product") == [str(mug)]
    assert browser.post(page, data=restored).status_code == 303
    assert "You have unsaved changes" not in browser.get(page).text
    assert now_of(shop, section)["title"] == "Half a thought"


def test_a_new_collection_that_was_not_saved_comes_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = edited(browser, NEW, title="Not yet")
    browser.post(f"/staff/unsaved/collection/new/{form['key']}", data=form)

    assert "new collection, “Not yet”" in browser.get(NEW).text
    assert "“Not yet”" not in browser.get("/staff/products/new").text
    restored = opened(browser, f"{NEW}?restore={form['key']}")
    assert browser.post(NEW, data=restored).status_code == 303
    assert "“Not yet”" not in browser.get(NEW).text


@pytest.mark.parametrize("is_new", [True, False])
def test_what_was_typed_is_discarded_when_she_says_so(shop: Shop, *, is_new: bool) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), NEW if is_new else page_of(section)
    form = opened(browser, page)
    about = f"/staff/unsaved/collection/new/{form['key']}" if is_new else kept(section)
    browser.post(about, data=form)

    answer = browser.post(f"{about}/discard", data={"csrf_token": form["csrf_token"]})

    assert answer.headers["Location"] == page
    assert "restore=" not in browser.get(page).text


def test_somebody_elses_form_is_hers_alone_but_a_note_tells_of_it(shop: Shop) -> None:
    section, _goods = a_section(shop)
    hers, his, page = at_the_desk(shop), at_the_desk(shop), page_of(section)
    hers.post(kept(section), data=edited(hers, page, title="Her secret"))

    assert "is editing this now" in his.get(page).text
    assert "is editing" in his.get(f"{kept(section)}/others").text
    assert "Her secret" not in his.get(f"{page}?restore=1").text
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=3))
    assert "is editing" not in his.get(f"{kept(section)}/others").text


def test_what_is_gone_or_unknown_keeps_no_form(shop: Shop) -> None:
    section, _goods = a_section(shop)
    browser, page = at_the_desk(shop), page_of(section)
    form = opened(browser, page)
    browser.post(kept(section), data=form)
    browser.post(f"{page}/delete", data={"csrf_token": form["csrf_token"]})

    assert browser.post(kept(section), data=form).status_code == 404
    assert browser.post(f"/staff/unsaved/order/{section}", data=form).status_code == 404
    with shop.app.app_context(), writing():
        db.session.add(
            Collection(
                id=section,
                handle="next",
                title="Next",
                created_at=shop.clock.now(),
                updated_at=shop.clock.now(),
            )
        )
    assert "You have unsaved changes" not in browser.get(page).text


def send_picture(browser: FlaskClient, page: str, colour: str) -> None:
    form: dict[str, object] = dict(opened(browser, page).lists())
    browser.post(page, data={**form, "picture": (io.BytesIO(a_picture(colour)), "picture.png")})

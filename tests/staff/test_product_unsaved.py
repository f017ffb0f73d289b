"""Nothing typed into a product's form is lost, and two who edit it see each other."""

from datetime import timedelta

from tests.shop import Shop
from tests.staff.product_forms import (
    fields_of,
    keep_mine,
    opened,
    sent,
    typed_into,
    undo_newest,
)
from tests.staff.tees import NEW, a_tee, now_of, page_of
from tests.staffing import at_the_desk


def kept(product_id: int) -> str:
    return f"/staff/unsaved/product/{product_id}"


def test_two_people_edit_one_product_and_both_versions_are_shown(shop: Shop) -> None:
    number, hers, his = a_tee(shop), at_the_desk(shop), at_the_desk(shop)
    form = opened(hers, page_of(number))
    sent(his, page_of(number), opened(his, page_of(number)), title="His title", vendor="His")

    answer = sent(hers, page_of(number), form, title="Her title\u2019s")

    assert answer.status_code == 409
    assert "His title" in answer.text
    assert now_of(shop, number)["title"] == "His title"
    typed = keep_mine(answer.text, page_of(number))
    assert hers.post(page_of(number), data=typed).status_code == 303
    assert now_of(shop, number)["title"] == "Her title\u2019s"
    assert undo_newest(hers, page_of(number)) == 303
    assert now_of(shop, number)["vendor"] == "His"


def test_what_was_typed_comes_back(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    form = opened(browser, page_of(number))
    form["title"], form["body"] = "Half a thought", "One\r\n\r\n\ttwo  "
    assert browser.post(kept(number), data=form).status_code == 204

    page = browser.get(page_of(number)).text
    assert "You have unsaved changes" in page
    assert fields_of(page)["title"] == "Late Edition tee"
    restored = opened(browser, f"{page_of(number)}?restore=1")
    assert restored["title"] == "Half a thought"
    assert restored["body"] == form["body"]
    assert sent(browser, page_of(number), restored).status_code == 303
    assert "You have unsaved changes" not in browser.get(page_of(number)).text
    assert now_of(shop, number)["title"] == "Half a thought"


def test_what_was_typed_is_discarded_when_she_says_so(shop: Shop) -> None:
    number, browser = a_tee(shop), at_the_desk(shop)
    form = opened(browser, page_of(number))
    browser.post(kept(number), data=form)

    browser.post(f"{kept(number)}/discard", data={"csrf_token": form["csrf_token"]})

    assert "You have unsaved changes" not in browser.get(page_of(number)).text


def test_a_new_product_that_was_not_saved_comes_back(shop: Shop) -> None:
    browser = at_the_desk(shop)
    form = opened(browser, NEW)
    form["title"] = "Not yet"
    browser.post(f"/staff/unsaved/product/new/{form['key']}", data=form)

    assert "“Not yet”" in browser.get(NEW).text
    restored = opened(browser, f"{NEW}?restore={form['key']}")
    assert restored["title"] == "Not yet"
    assert sent(browser, NEW, typed_into(restored, "price", "10")).status_code == 303
    assert "“Not yet”" not in browser.get(NEW).text


def test_somebody_elses_unsaved_form_is_hers_alone_but_a_note_tells_of_it(shop: Shop) -> None:
    number, hers, his = a_tee(shop), at_the_desk(shop), at_the_desk(shop)
    form = opened(hers, page_of(number))
    form["title"] = "Her secret"
    hers.post(kept(number), data=form)

    page = his.get(page_of(number)).text
    assert "is editing this now" in page
    assert "is editing" in his.get(f"{kept(number)}/others").text
    assert "You have unsaved changes" not in page
    assert "Her secret" not in his.get(f"{page_of(number)}?restore=1").text
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=3))
    assert "is editing" not in his.get(f"{kept(number)}/others").text

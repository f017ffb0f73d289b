"""What buyers of files get: links that count, end, go on where they broke off, and tell why not."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from store.catalog.files.keeping import remove_file
from store.catalog.files.models import ProductFile
from store.database import db, writing
from store.orders.downloads.forgetting import forget_files
from store.orders.downloads.giving import grant_more
from store.orders.downloads.models import Download, DownloadTaking
from store.orders.own_data.exporting import as_json
from store.orders.queries import locked_order
from store.orders.refunding import RefundWish, refund_order
from tests.buying import (
    a_variant,
    buy,
    check_out,
    fill_cart,
    mails,
    session_of,
    thanks,
    the_order,
)
from tests.orders.after_buying import Reader, ship, work
from tests.selling_files import (
    MP3,
    PDF,
    a_download_for_sale,
    a_file,
    a_new_edition,
    bought,
    buttons,
    hash_of,
    press,
)
from tests.shop import Shop


@pytest.fixture
def reader(app: Flask, shop: Shop) -> Reader:
    """Somebody who has bought a crossword."""
    return bought(shop, a_download_for_sale(shop))


def the_download() -> Download:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Download)).one()


def test_button_of_the_order_gives_the_file_as_an_attachment(reader: Reader) -> None:
    answer = press(reader)
    given = reader.browser.get(answer.headers["Location"])

    assert answer.status_code == 303
    assert given.data == PDF
    assert given.headers["Content-Disposition"] == 'attachment; filename="Crossword.pdf"'
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Cache-Control"] == "private, no-store"
    assert the_download().used == 1


def test_looking_at_the_order_and_its_link_counts_nothing(shop: Shop, reader: Reader) -> None:
    link = press(reader).headers["Location"]

    for _ in range(8):
        reader.get()
        reader.browser.get(link)
        reader.browser.head(link)

    assert the_download().used == 1
    assert "4 downloads left" in reader.get().text


def test_download_that_broke_off_goes_on_and_counts_once(reader: Reader) -> None:
    link = press(reader).headers["Location"]
    first = reader.browser.get(link, headers={"Range": "bytes=0-999"})
    tag = first.headers["ETag"]

    rest = reader.browser.get(link, headers={"Range": "bytes=1000-", "If-Range": tag})

    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.data + rest.data == PDF
    assert rest.headers["Content-Range"] == f"bytes 1000-{len(PDF) - 1}/{len(PDF)}"
    assert the_download().used == 1


def test_rest_of_an_older_edition_is_not_sewn_to_the_newest(reader: Reader) -> None:
    link = press(reader).headers["Location"]

    whole = reader.browser.get(link, headers={"Range": "bytes=9-", "If-Range": '"older"'})

    assert whole.status_code == 200
    assert whole.data == PDF


def test_part_that_the_file_has_not_is_refused_with_its_length(reader: Reader) -> None:
    beyond = reader.browser.get(
        press(reader).headers["Location"], headers={"Range": "bytes=999999-"}
    )

    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(PDF)}"


def test_second_press_of_the_same_button_is_the_first_over_again(reader: Reader) -> None:
    path, seen = buttons(reader.get())[0]

    links = {reader.post(path, seen=seen).headers["Location"] for _ in range(2)}

    assert len(links) == 1
    assert the_download().used == 1


def test_sixth_download_is_refused_and_says_so(shop: Shop, reader: Reader) -> None:
    path, _ = buttons(reader.get())[0]
    for seen in range(5):
        assert reader.post(path, seen=seen).status_code == 303

    refused = reader.post(path, seen=5)

    assert refused.status_code == 409
    assert "as often as it may be" in refused.text
    assert buttons(refused) == []
    assert the_download().used == 5


def test_downloads_end_after_thirty_days(shop: Shop, reader: Reader) -> None:
    path, seen = buttons(reader.get())[0]
    shop.clock.move_to(shop.clock.now() + timedelta(days=30))

    refused = reader.post(path, seen=seen)

    assert refused.status_code == 410
    assert "The time to download this file is over" in refused.text
    assert the_download().used == 0


def test_link_of_one_press_ends_after_two_hours(shop: Shop, reader: Reader) -> None:
    link = press(reader).headers["Location"]
    shop.clock.move_to(shop.clock.now() + timedelta(hours=2))

    over = reader.browser.get(link)

    assert over.status_code == 410
    assert "good for two hours" in over.text
    assert over.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", ["1-1-x", "1", "1-1", "a-b-c", "1-99-AAAA", "-", "999999999-1-é"])
def test_link_that_nobody_gave_opens_nothing(reader: Reader, token: str) -> None:
    press(reader)

    assert reader.browser.get(f"/downloads/{token}").status_code == 404


def test_button_of_another_order_opens_nothing(shop: Shop, reader: Reader) -> None:
    path, _ = buttons(reader.get())[0]
    browser = shop.browser()
    session_id = buy(shop, browser, a_variant(shop))
    thanks(browser, session_id)
    number = browser.get(f"/checkout/thanks?session_id={session_id}").text
    other = Reader(shop, number.partition("order ")[2][:12])

    assert other.post(path, seen=0).status_code == 404
    assert the_download().used == 0


def test_nothing_opens_before_the_order_is_paid(app: Flask, shop: Shop) -> None:
    browser = shop.browser()
    fill_cart(browser, a_download_for_sale(shop))
    session_of(check_out(browser))

    assert "Your downloads" not in Reader(shop, the_order().number).get().text
    assert db.session.scalars(select(Download)).all() == []


def test_money_back_ends_links_and_says_why(shop: Shop, reader: Reader) -> None:
    link = press(reader).headers["Location"]
    path, _ = buttons(reader.get())[0]

    refund_order(the_order(), RefundWish(), shop.services, actor="robin")

    over, refused = reader.browser.get(link), reader.post(path, seen=1)
    assert over.status_code == refused.status_code == 410
    assert "The money for this order went back" in over.text
    assert "went back to you" in refused.text
    assert buttons(reader.get()) == []


def test_money_back_for_something_else_leaves_the_file(app: Flask, shop: Shop) -> None:
    browser = shop.browser()
    fill_cart(browser, a_variant(shop))
    thanks(browser, buy(shop, browser, a_download_for_sale(shop)))
    order = the_order()
    shirt = next(line.id for line in order.lines if line.requires_shipping)

    refund_order(order, RefundWish(line_ids=(shirt,)), shop.services, actor="robin")

    assert press(Reader(shop, the_order().number)).status_code == 303


def test_order_of_files_asks_for_no_address_and_is_complete_at_once(app: Flask, shop: Shop) -> None:
    browser = shop.browser()
    fill_cart(browser, a_download_for_sale(shop))
    session_id = session_of(check_out(browser))
    asked = the_order().session_request
    shop.sandbox.pay(session_id)

    page = thanks(browser, session_id)

    order = the_order()
    assert "shipping_address_collection" not in asked
    assert order.state == "paid"
    assert all(not line.left_to_ship for line in order.lines)
    assert "Go to your downloads" in page.text
    assert "We pack on working days" not in page.text


def test_mixed_order_sends_the_rest(app: Flask, shop: Shop) -> None:
    browser = shop.browser()
    fill_cart(browser, a_variant(shop))
    thanks(browser, buy(shop, browser, a_download_for_sale(shop)))
    number = the_order().number

    assert press(Reader(shop, number)).status_code == 303
    ship(shop, number)

    assert [line.shipped for line in the_order().lines] == [1, 0]


def test_confirmation_names_the_files_and_links_to_the_order_alone(
    shop: Shop, reader: Reader
) -> None:
    confirmation = next(mail for mail in mails("orders.confirmed"))

    for part in (confirmation.text, confirmation.html):
        assert "Crossword.pdf" in part
        assert f"{reader.path}?key={reader.key}#downloads" in part
        assert "/downloads/" not in part
    assert "Shipping" not in confirmation.text


def test_staff_grant_more_and_the_button_is_back(shop: Shop, reader: Reader) -> None:
    path, _ = buttons(reader.get())[0]
    for seen in range(5):
        reader.post(path, seen=seen)
    shop.clock.move_to(shop.clock.now() + timedelta(days=40))

    order_id, download_id = the_order().id, the_download().id

    with writing():
        download = db.session.get_one(Download, download_id)
        grant_more(locked_order(order_id), download, times=2, days=7, clock=shop.clock)

    assert "2 downloads left" in reader.get().text
    assert press(reader).status_code == 303


def test_two_of_the_same_may_be_fetched_twice_as_often(app: Flask, shop: Shop) -> None:
    bought(shop, a_download_for_sale(shop), quantity=2)

    assert the_download().allowed == 10


def test_names_in_every_script_arrive_as_they_were_given(app: Flask, shop: Shop) -> None:
    name = "Überblick – 報紙 – صحيفة.mp3"
    reader = bought(shop, a_download_for_sale(shop, name=name, content=MP3))

    given = reader.browser.get(press(reader).headers["Location"])

    said = given.headers["Content-Disposition"]
    assert said.isascii()
    assert 'filename="Uberblick.mp3"' in said.replace("  ", " ").replace(" .", ".")
    assert "filename*=UTF-8''%C3%9Cberblick%20%E2%80%93%20%E5%A0%B1%E7%B4%99" in said


def test_own_data_says_what_was_downloaded(reader: Reader) -> None:
    press(reader)

    told = as_json(the_order())["downloads"]

    assert isinstance(told, list)
    assert told[0]["file"] == "Crossword.pdf"
    assert len(told[0]["taken"]) == 1


def test_several_files_of_a_variant_are_counted_apart(app: Flask, shop: Shop) -> None:
    variant_id = a_download_for_sale(shop)
    a_file(shop, variant_id, name="Solutions.pdf", content=PDF + b"2")
    reader = bought(shop, variant_id)

    second, seen = buttons(reader.get())[1]
    given = reader.browser.get(reader.post(second, seen=seen).headers["Location"])

    db.session.rollback()
    assert hash_of(given.data) == hash_of(PDF + b"2")
    assert [one.used for one in db.session.scalars(select(Download).order_by(Download.id))] == [
        0,
        1,
    ]
    assert len(db.session.scalars(select(DownloadTaking)).all()) == 1


def test_new_edition_reaches_buyers_who_are_told_and_may_fetch_it_anew(
    shop: Shop, reader: Reader
) -> None:
    path, _ = buttons(reader.get())[0]
    for seen in range(5):
        reader.post(path, seen=seen)
    newer = PDF + b"second edition"

    a_new_edition(shop, the_download().file_id, newer)
    for _ in range(2):
        work(shop)

    told = mails("orders.new_edition")
    given = reader.browser.get(press(reader).headers["Location"])
    assert given.data == newer
    assert len(told) == 1
    assert f"{reader.path}?key={reader.key}#downloads" in told[0].text


def test_nobody_whose_money_went_back_hears_of_an_edition(shop: Shop, reader: Reader) -> None:
    refund_order(the_order(), RefundWish(), shop.services, actor="robin")

    a_new_edition(shop, the_download().file_id, PDF + b"2")
    work(shop)

    assert mails("orders.new_edition") == []


def test_file_that_is_sold_no_more_stays_with_its_buyers(shop: Shop, reader: Reader) -> None:
    file_id = the_download().file_id

    with writing():
        remove_file(db.session.get_one(ProductFile, file_id), shop.clock)
    with writing():
        forget_files()

    assert reader.browser.get(press(reader).headers["Location"]).data == PDF


def test_files_that_nobody_bought_are_forgotten(app: Flask, shop: Shop) -> None:
    file_id = a_file(shop, a_variant(shop)).id

    with writing():
        remove_file(db.session.get_one(ProductFile, file_id), shop.clock)
        forget_files()

    assert db.session.scalars(select(ProductFile)).all() == []


def test_product_page_says_what_is_downloaded_and_nothing_of_parcels(shop: Shop) -> None:
    a_download_for_sale(shop)

    page = shop.browser().get("/products").text
    handle = page.partition('href="/products/')[2].partition('"')[0]
    told = shop.browser().get(f"/products/{handle}").text

    assert "Ready to download" in told
    assert "PDF, 10\N{NO-BREAK SPACE}kB" in told
    assert "Sending it" not in told


def test_money_back_for_files_is_told_as_such(shop: Shop, reader: Reader) -> None:
    refund_order(the_order(), RefundWish(), shop.services, actor="robin")

    assert [mail.kind for mail in mails("orders.refunded")] == ["orders.refunded"]
    assert mails("orders.cancelled") == []

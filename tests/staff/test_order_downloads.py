"""What a reader downloaded, seen at the desk; more of it, and what came after she paid."""

from flask import Flask
from sqlalchemy import select

from store.database import db
from store.orders.downloads.models import Download
from store.orders.refunding import RefundWish, refund_order
from tests.buying import the_order
from tests.desk import Desk
from tests.orders.after_buying import Reader
from tests.selling_files import a_download_for_sale, a_file, bought, buttons, press
from tests.shop import Shop


def used_up(shop: Shop) -> tuple[Reader, int]:
    reader = bought(shop, a_download_for_sale(shop))
    path, _ = buttons(reader.get())[0]
    for seen in range(5):
        reader.post(path, seen=seen)
    db.session.rollback()
    return reader, db.session.scalars(select(Download.id)).one()


def test_sheet_counts_downloads(app: Flask, shop: Shop) -> None:
    reader = bought(shop, a_download_for_sale(shop))
    press(reader)

    sheet = Desk(shop).text(the_order().number)

    assert "Downloaded 1 of 5 times" in sheet
    assert "Nothing to send" in sheet
    assert "Bought by" in sheet


def test_granting_more_brings_the_button_back(app: Flask, shop: Shop) -> None:
    reader, download_id = used_up(shop)
    desk, number = Desk(shop), the_order().number

    answer = desk.post(f"{number}/downloads/{download_id}", times=3, days=10)

    db.session.rollback()
    assert answer.status_code == 303
    assert "3 downloads left" in reader.get().text
    assert "Allowed more downloads" in desk.text(number)


def test_wrong_number_is_told_beside_its_field(app: Flask, shop: Shop) -> None:
    _, download_id = used_up(shop)
    desk, number = Desk(shop), the_order().number

    answer = desk.post(f"{number}/downloads/{download_id}", times="lots", days=0)

    assert answer.status_code == 422
    assert 'value="lots"' in answer.text
    assert "From 1 to 3,650." in answer.text


def test_nothing_is_granted_once_the_money_went_back(app: Flask, shop: Shop) -> None:
    _, download_id = used_up(shop)
    refund_order(the_order(), RefundWish(), shop.services, actor="robin")
    desk, number = Desk(shop), the_order().number

    answer = desk.post(f"{number}/downloads/{download_id}", times=3, days=10)

    assert answer.status_code == 409
    assert "Ended: money back" in answer.text


def test_file_that_came_later_is_given_to_who_paid_before(app: Flask, shop: Shop) -> None:
    variant_id = a_download_for_sale(shop)
    reader = bought(shop, variant_id)
    a_file(shop, variant_id, name="Solutions.pdf")
    desk, number = Desk(shop), the_order().number

    assert "On sale since the order was paid: Solutions.pdf" in desk.text(number)
    assert desk.post(f"{number}/downloads").status_code == 303

    db.session.rollback()
    assert len(buttons(reader.get())) == 2
    assert desk.post(f"{number}/downloads").status_code == 409

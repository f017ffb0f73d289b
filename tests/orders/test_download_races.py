"""The last download is taken by two at once: it is counted for one, and the limit holds."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.database import db
from store.orders.downloads.models import Download, DownloadTaking
from tests.buying import FROM_OUR_PAGE
from tests.orders.after_buying import Reader
from tests.selling_files import a_download_for_sale, bought, buttons
from tests.shop import Shop

BROWSERS = 8


def _one_left(shop: Shop) -> tuple[Reader, str]:
    """Return an order whose file was taken four times of five, and its button's address."""
    reader = bought(shop, a_download_for_sale(shop))
    path, _ = buttons(reader.get())[0]
    for seen in range(4):
        reader.post(path, seen=seen)
    return reader, f"{reader.path}{path}?key={reader.key}"


def _press_at_once(shop: Shop, address: str, **fields: str) -> list[tuple[int, str]]:
    def press(browser: FlaskClient) -> tuple[int, str]:
        answer = browser.post(address, data=fields, headers=FROM_OUR_PAGE)
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(BROWSERS) as pool:
        return list(pool.map(press, [shop.browser() for _ in range(BROWSERS)]))


def _counted() -> tuple[int, int]:
    db.session.rollback()
    download = db.session.scalars(select(Download)).one()
    return download.used, len(db.session.scalars(select(DownloadTaking)).all())


def test_last_download_goes_to_one_of_eight(app: Flask, shop: Shop) -> None:
    _, address = _one_left(shop)

    outcomes = Counter(status for status, _ in _press_at_once(shop, address))

    assert outcomes == {303: 1, 409: BROWSERS - 1}
    assert _counted() == (5, 5)


def test_one_button_pressed_by_eight_at_once_is_one_download(app: Flask, shop: Shop) -> None:
    _, address = _one_left(shop)

    answers = _press_at_once(shop, address, seen="4")

    assert len(set(answers)) == 1
    assert answers[0][0] == 303
    assert _counted() == (5, 5)

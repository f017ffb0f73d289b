"""Product files as staff send them in and a worker reads them."""

import io

from flask.testing import FlaskClient

from store.app import job_handlers
from store.jobs.outbox import due_row_ids, run_row
from tests.shop import Shop
from tests.staffing import token_of

HEADER = (
    "Handle,Title,Body (HTML),Status,Option1 Name,Option1 Value,Variant SKU,Variant Price,"
    "Variant Inventory Tracker,Variant Inventory Qty\n"
)


def a_row(handle: str, *, title: str = "", price: str = "40", units: int = 5, sku: str = "") -> str:
    named = title or handle.replace("-", " ").title()
    return f"{handle},{named},,active,Title,Default Title,{sku},{price},shopify,{units}\n"


def work(shop: Shop) -> None:
    """Run every job that is due, as a worker does."""
    with shop.app.app_context():
        while rows := due_row_ids(shop.clock.now()):
            for row in rows:
                assert run_row(row, job_handlers(shop.services), shop.clock)


def uploaded(shop: Shop, browser: FlaskClient, text: str, **ticked: str) -> str:
    """Send a file and let the worker read it; return the page of the import."""
    answer = browser.post(
        "/staff/imports/",
        data={
            "file": (io.BytesIO(text.encode()), "products.csv"),
            "csrf_token": token_of(browser, "/staff/imports/"),
            **ticked,
        },
    )
    assert answer.status_code == 303, answer.text
    work(shop)
    return answer.headers["Location"]


def press(shop: Shop, browser: FlaskClient, page: str, button: str) -> None:
    answer = browser.post(f"{page}/{button}", data={"csrf_token": token_of(browser, page)})
    assert answer.status_code == 303
    work(shop)

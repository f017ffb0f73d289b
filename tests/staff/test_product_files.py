"""Files that are sold with products, as staff take them in, replace them and take them off sale."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.catalog.files.models import ProductFile
from store.catalog.models import Variant
from store.database import db
from store.staff.roles import Role
from tests.buying import a_variant, mails
from tests.orders.after_buying import work
from tests.selling_files import EPUB, PDF, a_download_for_sale, bought, press
from tests.shop import Shop
from tests.staffing import a_browser, at_the_desk, token_of

BOUNDARY = "a-boundary-of-a-test"


def a_body(content: bytes, name: str, token: str = "") -> dict[str, Any]:
    """Return a large upload as a browser sends it; the test client would leave a file open."""
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n',
        f"--{BOUNDARY}\r\nContent-Disposition: form-data;",
        f' name="files"; filename="{name}"\r\n\r\n',
    )
    body = "".join(parts).encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return {"data": body, "content_type": f"multipart/form-data; boundary={BOUNDARY}"}


class Editor:
    """A browser at the files of one product."""

    def __init__(self, shop: Shop, variant_id: int, role: Role = Role.EDITOR) -> None:
        self.browser: FlaskClient = at_the_desk(shop, role=role)
        product_id = db.session.get_one(Variant, variant_id).product_id
        self.path = f"/staff/products/{product_id}/files"
        self._token = token_of(self.browser, "/staff/account/")

    def get(self, below: str = "") -> TestResponse:
        return self.browser.get(self.path + below)

    def post(self, below: str = "", **fields: Any) -> TestResponse:
        data = {"csrf_token": self._token, **fields}
        return self.browser.post(self.path + below, data=data)

    def upload_large(self, content: bytes, name: str) -> TestResponse:
        return self.browser.post(self.path, **a_body(content, name, self._token))

    def upload(self, *files: tuple[bytes, str], **fields: Any) -> TestResponse:
        given = [(BytesIO(content), name) for content, name in files]
        return self.post(files=given, **fields)


def the_file() -> ProductFile:
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(ProductFile)).one()


@pytest.fixture
def variant_id(app: Flask, shop: Shop) -> int:
    return a_variant(shop, title="Saturday crossword")


def test_upload_puts_a_file_on_sale(shop: Shop, variant_id: int) -> None:
    desk = Editor(shop, variant_id)

    answer = desk.upload((PDF, "Crossword.pdf"), (EPUB, "Stories.epub"))

    page = desk.get().text
    assert answer.status_code == 303
    assert "Crossword.pdf" in page
    assert "Stories.epub" in page
    assert "Added a file" in page
    db.session.rollback()
    assert not db.session.get_one(Variant, variant_id).requires_shipping


def test_large_file_passes_through_in_parts(shop: Shop, variant_id: int) -> None:
    content = PDF + bytes(40 * 1024 * 1024)
    desk = Editor(shop, variant_id)

    assert desk.upload_large(content, "Atlas.pdf").status_code == 303

    given = desk.get(f"/{the_file().id}")
    assert the_file().size_bytes == len(content)
    assert given.data == content
    assert given.headers["Content-Disposition"] == 'attachment; filename="Atlas.pdf"'


def test_stranger_sends_no_large_file(shop: Shop, variant_id: int) -> None:
    product_id = db.session.get_one(Variant, variant_id).product_id
    body = a_body(PDF + bytes(40 * 1024 * 1024), "Atlas.pdf")

    answer = a_browser(shop).post(f"/staff/products/{product_id}/files", **body)

    assert answer.status_code == 413
    assert db.session.scalars(select(ProductFile)).all() == []


def test_script_is_told_in_one_line_what_was_refused(shop: Shop, variant_id: int) -> None:
    desk = Editor(shop, variant_id)

    refused = desk.upload((b"<script>", "page.pdf"), alone="1")
    taken = desk.upload((PDF, "Crossword.pdf"), alone="1")

    assert (refused.status_code, taken.status_code) == (200, 201)
    assert refused.text == "page.pdf is no PDF, EPUB, ZIP, sound or picture."


def test_refused_file_says_so_on_the_page(shop: Shop, variant_id: int) -> None:
    desk = Editor(shop, variant_id)

    refused, nothing = desk.upload((b"", "empty.pdf")), desk.post()

    assert (refused.status_code, nothing.status_code) == (422, 422)
    assert "empty.pdf is empty." in refused.text
    assert "Choose at least one file." in nothing.text


def test_new_edition_is_told_where_that_is_wished(shop: Shop, app: Flask) -> None:
    variant_id = a_download_for_sale(shop)
    reader = bought(shop, variant_id)
    desk, newer = Editor(shop, variant_id), PDF + b"second edition"

    answer = desk.post(
        f"/{the_file().id}/edition", file=(BytesIO(newer), "Crossword.pdf"), tell="1"
    )
    assert the_file().edition == 2
    work(shop)

    assert answer.status_code == 303
    assert len(mails("orders.new_edition")) == 1
    assert reader.browser.get(press(reader).headers["Location"]).data == newer


def test_new_edition_that_is_refused_leaves_the_old(shop: Shop, app: Flask) -> None:
    variant_id = a_download_for_sale(shop)
    desk = Editor(shop, variant_id)

    refused = desk.post(f"/{the_file().id}/edition", file=(BytesIO(b"words"), "Crossword.pdf"))
    none = desk.post(f"/{the_file().id}/edition")

    assert (refused.status_code, none.status_code) == (422, 422)
    assert "is no PDF" in refused.text
    assert "Choose the new file." in none.text
    assert the_file().edition == 1


def test_removal_is_taken_back(shop: Shop, app: Flask) -> None:
    variant_id = a_download_for_sale(shop)
    desk = Editor(shop, variant_id)

    desk.post(f"/{the_file().id}/removal")
    page = desk.get().text
    entry = re.search(r'action="(/staff/changes/\d+/undo[^"]*)"', page)

    assert the_file().removed_at is not None
    assert "No files yet" in page
    assert entry
    desk.browser.post(entry[1], data={"csrf_token": token_of(desk.browser, "/staff/account/")})
    assert the_file().removed_at is None


def test_page_counts_what_was_bought_and_downloaded(shop: Shop, app: Flask) -> None:
    variant_id = a_download_for_sale(shop)
    press(bought(shop, variant_id))

    page = Editor(shop, variant_id).get().text

    assert "Bought in 1 order" in page
    assert "downloaded once" in page


def test_file_of_another_product_is_not_found(shop: Shop, app: Flask, variant_id: int) -> None:
    a_download_for_sale(shop)
    desk = Editor(shop, variant_id)

    assert desk.get(f"/{the_file().id}").status_code == 404
    assert desk.post(f"/{the_file().id}/removal").status_code == 404


def test_who_may_not_edit_products_sees_and_changes_nothing(shop: Shop, app: Flask) -> None:
    variant_id = a_download_for_sale(shop)
    desk = Editor(shop, variant_id, Role.FULFILMENT)

    assert "Crossword.pdf" in desk.get().text
    assert desk.get(f"/{the_file().id}").status_code == 403
    assert desk.upload((PDF, "Other.pdf")).status_code == 403

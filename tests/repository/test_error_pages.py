"""Every error page stands in the shop's look; those for bad days need no database."""

from pathlib import Path

import pytest
from flask import render_template

from store.paths import TEMPLATES
from tests.catalog.counting import counted_queries
from tests.shop import Shop

PAGES = sorted((TEMPLATES / "errors").glob("[0-9]*.html"))
WITHOUT_DATABASE = {"500", "503"}


def rendered(shop: Shop, page: Path) -> tuple[str, list[str]]:
    given = {"status": int(page.stem), "title": "T", "text": "X", "request_id": "abc-1"}
    with shop.app.test_request_context("/"):
        # What every request asks before anything can go wrong.
        shop.app.preprocess_request()
        with counted_queries() as statements:
            return render_template(f"errors/{page.name}", **given), statements


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_error_page_says_what_happened_and_leads_on(shop: Shop, page: Path) -> None:
    markup, _ = rendered(shop, page)

    assert markup.count("<h1") == 1
    assert "abc-1" in markup
    assert page.stem in markup
    assert 'class="button' in markup
    assert 'content="noindex"' in markup


@pytest.mark.parametrize("status", sorted(WITHOUT_DATABASE))
def test_page_for_a_bad_day_asks_no_database(shop: Shop, status: str) -> None:
    _, statements = rendered(shop, TEMPLATES / "errors" / f"{status}.html")

    assert statements == []

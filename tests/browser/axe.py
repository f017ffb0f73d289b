"""What axe finds on a page that has come whole."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page) -> list[dict[str, Any]]:
    """Return the faults by WCAG 2.2 AA once the page has loaded: words come before their styles."""
    page.wait_for_load_state()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    listed: list[dict[str, Any]] = found.response["violations"]
    return listed

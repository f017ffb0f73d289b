"""What axe finds on a page that has come whole."""

from collections.abc import Callable
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What passes is asked as well, but not gathered and carried over for each element of the page.
OPTIONS = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
RUN = "(options) => axe.run(options).then((found) => found.violations)"
FaultsOf = Callable[[Page], list[dict[str, Any]]]
EDITIONS: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def violations(page: Page) -> list[dict[str, Any]]:
    """Return the faults by WCAG 2.2 AA once the page has loaded: words come before their styles."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: list[dict[str, Any]] = page.evaluate(RUN, OPTIONS)
    return found


def by_day_and_night(page: Page) -> list[dict[str, Any]]:
    """Return the faults of both editions of a page, which differ in colours and come as one."""
    found = []
    for edition in EDITIONS:
        page.emulate_media(color_scheme=edition)
        found += violations(page)
    page.emulate_media(color_scheme="light")
    return found

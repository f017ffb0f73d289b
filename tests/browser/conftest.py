"""Debian's Chromium, a live shop, and pages in the shapes that readers hold."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Response, sync_playwright

from tests.browser.live import LiveShop, live_shop

# Every window draws its address line as two pages of its own, before anybody can see or type in
# it: two thirds of what a new page costs. The last list counts, so Playwright's stands here too.
NOT_WANTED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup"
    ",AimEnabled,AvoidCorsURLLoaderRestartOnRedirect,AvoidUnnecessaryBeforeUnloadCheckSync"
    ",DestroyProfileOnBrowserClose,HttpsFirstBalancedModeAutoEnable,HttpsUpgrades,LensOverlay"
    ",MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,PaintHolding,PreconnectToSearch"
    ",ThirdPartyStoragePartitioning"
)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
    f" --disable-features={NOT_WANTED}"
).split()
PHONE, DESK = (390, 844), (1280, 900)
NewPage = Callable[..., Page]
ALL_THERE = "() => !document.querySelector(':not(:defined)')"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Playwright's driver is a process whose pipes Python leaves to the collector.
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def live(tmp_path: Path, database_url: str) -> Iterator[LiveShop]:
    with live_shop(tmp_path, database_url) as shop:
        yield shop


def patient(page: Page) -> Page:
    """Let each visit wait for the elements, which come once a page is whole, as readers do."""
    goto, reload = page.goto, page.reload

    def visit(url: str, **given: Any) -> Response | None:
        answer = goto(url, **given)
        page.wait_for_function(ALL_THERE)
        return answer

    def again(**given: Any) -> Response | None:
        answer = reload(**given)
        page.wait_for_function(ALL_THERE)
        return answer

    page.goto, page.reload = visit, again  # type: ignore[method-assign]
    return page


@pytest.fixture
def new_page(chromium: Browser, live: LiveShop) -> Iterator[NewPage]:
    """Open pages of a given width and scripts; a script error on any of them fails the test."""
    contexts, faults = [], []

    def note_fault(error: Error) -> None:
        # Chromium reports its own page transition so when the next click comes before its end.
        if "Transition was" not in str(error):
            faults.append(str(error))

    def note_error(said: ConsoleMessage) -> None:
        # The pay page is not ours: it tells the console of every card that it refuses. And a page
        # that says of itself that it is gone, or was filled in wrong, is no fault; what it lacks
        # would be. Nor is a form of the cart that is refused in words.
        about = said.location["url"]
        is_meant = any(status in said.text for status in ("410 (GONE)", "422 (UNPROCESSABLE"))
        is_itself = is_meant and said.page is not None and about == said.page.url
        is_refused = "422" in said.text and about.startswith(f"{live.url}/cart/")
        if said.type == "error" and about.startswith(live.url) and not (is_itself or is_refused):
            faults.append(said.text)

    def open_page(
        *,
        size: tuple[int, int] = PHONE,
        scripts: bool = True,
        dark: bool = False,
        touch: bool = False,
        moves: bool = False,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            # While one page turns into the next Chromium gives keys to nobody and shows neither.
            reduced_motion="no-preference" if moves else "reduce",
            base_url=live.url,
            has_touch=touch,
            is_mobile=touch,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", note_fault)
        page.on("console", note_error)
        return patient(page) if scripts else page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []

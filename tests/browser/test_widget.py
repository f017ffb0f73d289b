"""The tag on a strict page of another origin: light, still, silent, and never in the way."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Route

from tests.browser.live import LiveShop
from tests.browser.news_page import (
    FALLBACK,
    ROOT,
    STILL,
    host_of,
    news_site,
    some_goods,
    story,
    visit,
)

ANYBODY = {"Access-Control-Allow-Origin": "*"}
COLOUR = "one => getComputedStyle(one).color"
WIDTHS = pytest.mark.parametrize("width", [320, 768, 1200])


@pytest.fixture(autouse=True)
def _goods(live: LiveShop) -> None:
    some_goods(live)


def tag_of(live: LiveShop) -> str:
    return f'<store-widget store="{live.url}">{FALLBACK.format(store=live.url)}</store-widget>'


@WIDTHS
def test_block_appears_without_moving_anything(
    chromium: Browser, live: LiveShop, width: int
) -> None:
    with visit(chromium, live.url, story(live.url), width=width) as host:
        host.shown()

        assert host.read("shift") <= STILL
        assert host.read("violations") == []
        assert host.read("errors") == []
        assert len(host.cards()) == 1
        assert host.said == []


@pytest.mark.parametrize("answer", ["blocked", "garbage", "error", "empty"])
@WIDTHS
def test_fallback_stays_when_the_store_fails(
    chromium: Browser, live: LiveShop, answer: str, width: int
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    host = host_of(page)

    def reply(route: Route) -> None:
        if answer == "blocked":
            route.abort()
        else:
            status = 500 if answer == "error" else 200
            body = {"garbage": "<html>", "error": "", "empty": "{}"}[answer]
            route.fulfill(status=status, body=body, headers=ANYBODY)

    page.route("**/card.json*", reply)
    with news_site(live.url, story(live.url)) as address:
        page.goto(address)
        host.until("errors.length > 0")
        page.wait_for_timeout(100)

        assert page.get_by_role("link", name="Visit the Gay Nation store now").is_visible()
        assert page.evaluate("shift") <= STILL
        assert page.evaluate("errors.length") == 1
        assert len(host.said) == 1
        assert "is it up" in host.said[0]
    context.close()


def test_nothing_is_asked_before_a_reader_comes_near(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url, space_above="far")) as host:
        host.page.wait_for_timeout(300)
        before = list(host.cards())
        host.page.mouse.wheel(0, 3000)
        host.page.wait_for_timeout(100)
        host.page.locator("#after").scroll_into_view_if_needed()
        host.shown()

        assert before == []
        assert len(host.cards()) == 1
        assert host.read("shift") <= STILL


def test_card_is_asked_for_by_the_words_of_the_page(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url)) as host:
        host.shown()

        (asked,) = host.cards()
        assert "url=http%3A%2F%2Flocalhost%2Fstories%2Fpool" in asked
        assert "title=The+pool+reopens&section=Sport&tags=swimming" in asked
        assert host.page.context.cookies() == []
        assert host.read("localStorage.length + sessionStorage.length") == 0


def test_two_blocks_and_a_second_script_do_no_harm(chromium: Browser, live: LiveShop) -> None:
    tag = tag_of(live)
    again = f'<script type="module" src="{live.url}/widget/v1.js?again"></script>'
    with visit(chromium, live.url, story(live.url, body=tag + again + tag)) as host:
        host.page.locator("store-widget:nth-of-type(2) .product").first.wait_for()
        host.read("document.body.append(document.querySelector('store-widget'))")
        host.read("document.querySelector('store-widget').remove()")
        host.page.wait_for_timeout(100)

        assert host.read("errors") == []


def test_wrong_attribute_says_its_fix_once(chromium: Browser, live: LiveShop) -> None:
    page = story(live.url, attributes='theme="neon" count="99"')
    with visit(chromium, live.url, page) as host:
        host.shown()

        assert len(host.said) == 1
        assert "mend theme,count" in host.said[0]
        assert len(host.read("errors")) == 1


def test_tag_without_a_store_says_what_to_set(chromium: Browser, live: LiveShop) -> None:
    body = f"<store-widget>{FALLBACK.format(store=live.url)}</store-widget>"
    with visit(chromium, live.url, story(live.url, body=body)) as host:
        host.until("errors.length > 0")

        assert len(host.said) == 1
        assert 'set store="https://' in host.said[0]
        assert host.page.get_by_role("link", name="Tell us").is_visible()


def test_quiet_story_carries_two_lines_alone(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url, attributes="quiet")) as host:
        host.page.locator("store-widget .tips").wait_for()

        assert host.page.locator("store-widget .product").count() == 0
        assert host.page.locator("store-widget form").count() == 0
        assert host.read("shift") <= STILL


def test_without_scripts_the_lines_are_there(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url), java_script_enabled=False) as host:
        assert host.page.get_by_role("link", name="Visit the Gay Nation store now").is_visible()
        assert host.page.get_by_role("link", name="Tell us").is_visible()


@pytest.mark.parametrize("options", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_block_has_no_fault_that_axe_finds(
    chromium: Browser, live: LiveShop, options: dict[str, Any]
) -> None:
    context = chromium.new_context(
        bypass_csp=True, viewport={"width": 390, "height": 900}, **options
    )
    page = context.new_page()
    with news_site(live.url, story(live.url).replace("require-trusted", "x")) as address:
        page.goto(address)
        page.locator("store-widget .product").first.wait_for()
        found = Axe().run(page, "store-widget")

    context.close()
    assert found.response["violations"] == []


def test_keyboard_goes_through_it_in_order(chromium: Browser, live: LiveShop) -> None:
    with visit(chromium, live.url, story(live.url), width=1200) as host:
        host.shown()
        focused = "document.activeElement.shadowRoot?.activeElement?.className"
        order = []
        for _stop in range(7):
            host.page.keyboard.press("Tab")
            order.append(host.read(focused) or "link")

    assert [stop for stop in order if stop != "products"][:6] == [
        "link",
        "name",
        "name",
        "name",
        "email",
        "button",
    ]


@pytest.mark.parametrize(("sent", "shown"), [("Datenschutz", "Datenschutz"), (None, "Privacy")])
def test_word_for_privacy_is_the_card_s(
    chromium: Browser, live: LiveShop, sent: str | None, shown: str
) -> None:
    def reply(route: Route) -> None:
        card = route.fetch().json()
        assert card["newsletter"].pop("privacy") == "Privacy"
        card["newsletter"] |= {"privacy": sent} if sent else {}
        route.fulfill(json=card, headers=ANYBODY)

    context = chromium.new_context(viewport={"width": 390, "height": 900})
    host = host_of(context.new_page())
    host.page.route("**/card.json*", reply)
    with news_site(live.url, story(live.url)) as address:
        host.page.goto(address)
        host.shown()
        link = host.page.locator("store-widget .consent a")

        assert link.inner_text() == shown
        assert link.get_attribute("href") == f"{live.url}/pages/privacy"
    context.close()


def test_store_line_is_ink_unless_the_host_says_otherwise(
    chromium: Browser, live: LiveShop
) -> None:
    accent = "store-widget + store-widget { --store-widget-accent: rgb(1, 2, 3) }"
    with visit(chromium, live.url, story(live.url, body=2 * tag_of(live)), styles=accent) as host:
        host.shown()
        plain, set_by_host = host.page.locator("store-widget .store a").all()

        ink = host.page.locator("store-widget .block").first.evaluate(COLOUR)
        assert plain.evaluate(COLOUR) == ink
        assert set_by_host.evaluate(COLOUR) == "rgb(1, 2, 3)"


@WIDTHS
def test_reason_of_three_lines_is_whole_and_moves_nothing(
    chromium: Browser, live: LiveShop, width: int
) -> None:
    why = "Because this story is about sydney and mardi gras parade routes"

    def reply(route: Route) -> None:
        card = route.fetch().json()
        products = [product | {"why": why} for product in card["products"]]
        route.fulfill(json=card | {"products": products}, headers=ANYBODY)

    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.route("**/card.json*", reply)
    with news_site(live.url, story(live.url)) as address:
        page.goto(address)
        host_of(page).shown()
        reason = page.locator("store-widget .why").first

        assert reason.evaluate("one => one.scrollHeight / one.clientHeight") == 1
        assert page.evaluate("shift") <= STILL
    page.close()


def test_signup_is_answered_aloud(chromium: Browser, live: LiveShop) -> None:
    settings = live.services.settings
    with visit(chromium, live.url, story(live.url)) as host:
        host.shown()
        allowed = host.read("location.origin")
        object.__setattr__(settings, "news_origins", (allowed,))
        host.page.get_by_label("Email").fill("river@example.org")
        host.page.get_by_role("button", name="Sign me up").click()
        said = host.page.locator("store-widget [role=status]")
        host.until(f"{ROOT}.querySelector('[role=status]').textContent")

        assert "Look into your mailbox" in said.inner_text()
        assert host.read("violations") == []

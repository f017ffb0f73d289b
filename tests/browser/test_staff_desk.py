"""The rooms behind the shop in a browser: seen by axe, steered by keys, nothing typed is lost."""

import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from store.checkout.reconciling import Difference, keep
from store.connections import endpoints, tokens
from store.connections.models import CHOSEN_KINDS, Scope
from store.content.writing_pages import set_notice
from store.database import writing
from store.gift_cards.issuing import Addressee, issue_by_hand
from store.gift_cards.ledger import Cause
from store.pricing.discounts import DiscountKind
from store.pricing.writing_discounts import DiscountWanted, make_discount
from tests.browser.axe import by_day_and_night, violations
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.browser.signing_in import sign_in
from tests.builders import a_collection, a_product, aud

PATHS = (
    "/staff/",
    "/staff/find?q=stock",
    "/staff/find?q=nothing-like-this",
    "/staff/keys",
    "/staff/faults/",
    "/staff/status",
    "/staff/stock/",
    "/staff/stock/1",
    "/staff/stock/delivery",
    "/staff/stock/count",
    "/staff/imports/",
    "/staff/reports/",
    "/staff/reports/stock",
    "/staff/reports/discounts",
    "/staff/discounts/",
    "/staff/discounts/new",
    "/staff/discounts/1",
    "/staff/inbox/tips",
    "/staff/subscribers/",
    "/staff/subscribers/lists",
    "/staff/suppressions/",
    "/staff/widget/",
    "/staff/shop/",
    "/staff/shop/pages/new",
    "/staff/shop/pages/shipping",
    "/staff/shipping/",
    "/staff/gift-cards/",
    "/staff/gift-cards/1",
    "/staff/gift-cards/new",
    "/staff/products/1/selling",
    "/staff/brand/",
    "/staff/wording/",
    "/staff/wording/orders/confirmed",
    "/staff/connections/",
    "/staff/connections/tokens/new",
    "/staff/connections/endpoints/new",
    "/staff/connections/endpoints/1",
    "/staff/connections/endpoints/1/deliveries/1",
    "/staff/changes/",
    "/staff/account/mails",
)
NARROW = (320, 640)
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTROLS = """[...document.querySelectorAll(
    "button, summary, a.button, .sections a, .desk__tools a, .views a, select,"
    + "input:not([type=hidden], [type=checkbox])"
)]
  .filter((control) => control.checkVisibility() && !control.closest("dialog, .honeypot"))
  .map((control) => [control.outerHTML.slice(0, 90), control.getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 && box.height > 1)
  .map(([html, box]) => `${box.height} ${html}`)
"""


@pytest.fixture(autouse=True)
def goods(live: LiveShop) -> None:
    clock = live.services.clock
    with live.app.app_context(), writing():
        tee = a_product(clock, title="Late Edition tee", options={"Size": ["S", "M"]}, stock=2)
        a_product(clock, title="No Comment mug with a name that goes on for a while", stock=0)
        a_collection(clock, [tee])
        ten = DiscountWanted(
            "Ten off", "TEN", DiscountKind.PERCENT, "AUD", clock.now(), basis_points=1_000
        )
        make_discount(ten, clock)
        cause = Cause.by("Kit", "late parcel", clock)
        issue_by_hand(aud(25), Addressee("alex@example.org"), cause, live.services)
        set_notice("Posters are back", "", clock)
        token = tokens.Wanted("A warehouse", tuple(Scope), None)
        tokens.make_token(token, "Robin", live.services)
        wanted = endpoints.Wanted("A warehouse", f"https://{'long.' * 20}org/", CHOSEN_KINDS)
        endpoints.ping(endpoints.add_endpoint(wanted, live.services), clock)
        keep([Difference("GN-2222-3333", "refunds differ", "Compare both sides.")], clock)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_staff_pages_are_accessible_and_fit_even_the_narrowest_screen(
    live: LiveShop, new_page: NewPage, size: tuple[int, int]
) -> None:
    page = new_page(size=size)
    sign_in(page, live)
    found = {}
    for path in PATHS:
        page.goto(path)
        faults = by_day_and_night(page)
        rules = [(violation["id"], violation["nodes"][0]["html"][:200]) for violation in faults]
        too_wide = [width for width in (size, NARROW) if _is_too_wide(page, width)]
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if rules or too_wide:
            found[path] = (rules, too_wide)
    assert found == {}


def _is_too_wide(page: Page, size: tuple[int, int]) -> bool:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return bool(page.evaluate(TOO_WIDE) > 0)


def test_a_thumb_hits_every_control(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(touch=True)
    sign_in(page, live)
    found = {}
    for path in PATHS:
        page.goto(path)
        small = page.evaluate(CONTROLS)
        if small:
            found[path] = small
    assert found == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_phone_names_the_section_and_opens_all_of_them(
    live: LiveShop, new_page: NewPage, *, scripts: bool
) -> None:
    page = new_page(scripts=scripts)
    sign_in(page, live)
    page.goto("/staff/changes/")
    button = page.get_by_role("button", name="Changes Sections")
    sections = page.get_by_role("navigation", name="Sections")
    expect(sections).to_be_hidden()

    button.click()

    here = sections.get_by_role("link", name="Changes")
    expect(here).to_have_attribute("aria-current", "page")
    for link in sections.get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=0.99)
    page.keyboard.press("Escape")
    expect(sections).to_be_hidden()
    button.click()
    sections.get_by_role("button", name="Close").click()
    expect(sections).to_be_hidden()


def test_open_sections_are_accessible_and_hit_by_a_thumb(live: LiveShop, new_page: NewPage) -> None:
    for size, dark in ((PHONE, False), (PHONE, True), (NARROW, False)):
        page = new_page(size=size, dark=dark, touch=True)
        sign_in(page, live)
        page.goto("/staff/shipping/")
        page.get_by_role("button", name="Sections").click()

        assert [violation["id"] for violation in violations(page)] == []
        assert page.evaluate(CONTROLS) == []
        assert page.evaluate(TOO_WIDE) <= 0


def test_all_sections_stand_in_sight_beside_the_page(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=(1280, 800))
    sign_in(page, live)
    sections = page.get_by_role("navigation", name="Sections")
    settings = sections.get_by_role("group").filter(has_text="Settings")

    page.goto("/staff/")
    expect(settings.get_by_role("link", name="Tax")).to_be_hidden()
    page.goto("/staff/tax/")

    expect(settings.get_by_role("link", name="Tax")).to_have_attribute("aria-current", "page")
    for link in sections.get_by_role("link").all():
        expect(link).to_be_in_viewport(ratio=0.99)


def test_where_the_window_is_low_the_section_of_the_page_stands_in_sight(
    live: LiveShop, new_page: NewPage
) -> None:
    page = new_page(size=(1280, 500))
    sign_in(page, live)
    page.goto("/staff/people/")

    expect(page.locator(".sections [aria-current]")).to_be_in_viewport(ratio=0.99)


def test_letters_lead_into_what_is_folded(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/")

    page.keyboard.press("g")
    page.keyboard.press("x")

    page.wait_for_url("**/staff/tax/")


def test_everything_is_found_and_opened_by_keys_alone(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/")
    page.keyboard.press("Tab")
    before = page.evaluate("document.activeElement.outerHTML")
    line = page.get_by_role("combobox")

    page.keyboard.press("Control+k")
    expect(line).to_be_focused()
    expect(page.get_by_role("option", name="Home")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.outerHTML") == before

    page.keyboard.press("Control+k")
    page.keyboard.type("count")
    chosen = page.get_by_role("option", selected=True)
    expect(page.get_by_role("option")).to_have_count(1)
    expect(line).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")
    faults = violations(page)
    assert [violation["id"] for violation in faults] == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/staff/stock/count")


def test_arrows_go_round_what_was_found(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/")
    page.keyboard.press("Control+k")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text("Home")

    page.keyboard.press("ArrowUp")
    expect(chosen).to_have_text("Your account")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chosen).to_have_text("Status")


def test_letters_lead_about_and_never_while_somebody_types(
    live: LiveShop, new_page: NewPage
) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/stock/")

    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="By keyboard")
    expect(sheet).to_contain_text("Under stories")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()

    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="Product or SKU")
    expect(search).to_be_focused()
    page.keyboard.type("gh?/jk")
    expect(search).to_have_value("gh?/jk")
    expect(sheet).to_be_hidden()

    search.blur()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Late Edition tee · S")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/staff/stock/\d+$"))
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/staff/")


def test_what_is_not_saved_is_said_and_not_left_unasked(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/shop/pages/shipping")
    bar, title = page.locator(".save_bar__words"), page.get_by_label("Title", exact=True)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)

    was = title.input_value()
    title.fill("Parcels")
    expect(bar).to_have_text("Unsaved changes")
    title.fill(was)
    expect(bar).to_have_text("")
    title.fill("Parcels")
    with page.expect_event("dialog"):
        page.get_by_role("link", name="Home", exact=True).click()
    assert asked == ["beforeunload"]
    expect(title).to_have_value("Parcels")

    page.keyboard.press("Control+s")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    expect(bar).to_have_text("")
    page.get_by_role("link", name="Home", exact=True).click()
    page.wait_for_url("**/staff/")
    assert asked == ["beforeunload"]


def test_every_way_about_is_a_link_without_scripts(live: LiveShop, new_page: NewPage) -> None:
    page = new_page(size=DESK, scripts=False)
    sign_in(page, live)
    page.goto("/staff/")

    page.get_by_role("link", name="Find").click()
    page.get_by_role("searchbox").fill("delivery")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Receive a delivery").click()
    page.get_by_role("link", name="Keyboard").click()
    expect(page.get_by_role("heading", name="By keyboard")).to_be_visible()


def test_the_brand_is_seen_in_both_editions_before_it_is_saved(
    new_page: NewPage, live: LiveShop
) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/brand/")

    page.locator("[name=name]").fill("The Late Edition")
    page.locator("[name=accent]").fill("#8a1c4f")

    for edition, colour in (("day", "rgb(138, 28, 79)"), ("night", None)):
        sheet = page.locator(f".brand_sheet--{edition}")
        expect(sheet).to_contain_text("The Late Edition")
        if colour:
            expect(sheet.locator(".brand_sheet__link")).to_have_css("color", colour)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("every mail from now on says so")).to_be_visible()
    page.goto("/cart")
    expect(page.locator(".masthead__nameplate")).to_have_text("The Late Edition")
    assert page.evaluate("getComputedStyle(document.documentElement).accentColor") == (
        "rgb(138, 28, 79)"
    )


def test_looking_at_a_mail_beside_the_form_leaves_it_unsaved(
    new_page: NewPage, live: LiveShop
) -> None:
    page = new_page(size=DESK)
    sign_in(page, live)
    page.goto("/staff/wording/orders/confirmed")
    page.get_by_label("Opening").fill("We have **your order**.")
    expect(page.locator(".mail_text")).to_contain_text("We have your order.")

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="As a mailbox shows it").click()

    expect(opened.value.locator("strong")).to_have_text("your order")
    expect(page.get_by_text("Unsaved changes")).to_be_visible()

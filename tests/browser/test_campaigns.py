"""Campaigns in a browser: seen by axe, a proof that follows the words, letters that run nothing."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from store.database import db, writing
from store.newsletter.campaigns.models import Campaign, CampaignState, Delivery, DeliveryState
from store.newsletter.campaigns.starting import begin
from store.newsletter.campaigns.visits import visits_of
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE, NewPage
from tests.browser.live import LiveShop
from tests.browser.signing_in import sign_in
from tests.browser.test_staff_desk import CONTROLS, TOO_WIDE
from tests.builders import a_product
from tests.campaigns import a_campaign
from tests.newsletter.campaigning import a_reader
from tests.shop import Shop

DRAFT, SENT = "/staff/newsletter/1", "/staff/newsletter/2"
DESK_PATHS = (
    "/staff/newsletter/",
    "/staff/newsletter/drops",
    DRAFT,
    f"{DRAFT}/send",
    f"{DRAFT}/preview",
    f"{DRAFT}/preview?look=text",
    SENT,
)
SHOP_PATHS = ("/newsletter/archive", "/newsletter/archive/spring")
HOSTILE = (
    "<script>hit()</script>",
    "<img src=x onerror=hit()>",
    '"><svg onload=hit()>',
    "[x](javascript:hit())",
    "[x](data:text/html,<script>hit()</script>)",
    '![x](x" onerror="hit())',
    "<javascript:hit()>",
    "[a]: javascript:hit()\n\n[a]",
    "`</code><script>hit()</script>`",
    "<iframe srcdoc='<script>parent.hit()</script>'>",
    "<a href='java&#10;script:hit()'>x</a>",
    '{{leave}}"><script>hit()</script>',
    "<!--letter--><script>hit()</script><!--/letter-->",
    "# <details open ontoggle=hit()>",
    "<math><mtext><style><img src=x onerror=hit()></style>",
)
"""Each is a way by which a letter could come to run; together they are one."""


@pytest.fixture(autouse=True)
def campaigns(live: LiveShop) -> None:
    """A draft and a letter that was sent, both with a card in it."""
    doors = live.services
    with live.app.app_context(), writing():
        a_product(doors.clock, handle="late-mug", title="Late mug")
        a_product(doors.clock, handle="other-mug", title="Other mug")
        shop = Shop(live.app, doors, doors.clock)  # type: ignore[arg-type] # it moves no clock
        reader = a_reader(shop, section="Sport")
        a_campaign(doors.clock, preview="", body="# Hello\n\n[[product:late-mug]]")
        sent = a_campaign(doors.clock, title="Sent", slug="spring", body="[[product:late-mug]]")
        begin(sent, doors)
        refused = Delivery(
            campaign_id=sent.id,
            subscriber_id=reader,
            domain="example.org",
            state=DeliveryState.REFUSED,
            answer="550 5.1.1 " + "no such user " * 12,
            due_at=doors.clock.now(),
        )
        db.session.add(refused)
        sent.state = CampaignState.PAUSED


def signed_in(page: Page, live: LiveShop) -> Page:
    sign_in(page, live)
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["paper", "night"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_of_letters_are_accessible_and_fit(
    live: LiveShop, new_page: NewPage, size: tuple[int, int], *, dark: bool
) -> None:
    page = signed_in(new_page(size=size, dark=dark), live)
    found = {}
    for path in (*DESK_PATHS, *SHOP_PATHS):
        page.goto(path)
        rules = [(fault["id"], fault["nodes"][0]["html"][:160]) for fault in violations(page)]
        if rules or page.evaluate(TOO_WIDE) > 0:
            found[path] = (rules, page.evaluate(TOO_WIDE))
    assert found == {}


def test_a_thumb_hits_every_control_of_the_newsletter(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(new_page(touch=True), live)
    found = {}
    for path in DESK_PATHS:
        page.goto(path)
        if small := page.evaluate(CONTROLS):
            found[path] = small
    assert found == {}


def test_proof_and_checks_follow_what_is_typed(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(new_page(size=DESK), live)
    page.goto(DRAFT)
    proof = page.frame_locator(".letter_frame")
    expect(proof.get_by_text("Late mug")).to_be_visible()

    page.get_by_label("Letter", exact=True).fill("# Another\n\n[x](/nowhere)")

    expect(page.locator(".letter_said")).to_contain_text("No page of the shop has the address")
    expect(proof.get_by_role("heading", name="Another")).to_be_visible()
    page.get_by_role("link", name="Plain text").click()
    expect(proof.get_by_text("=======")).to_be_visible()
    assert page.url.endswith(DRAFT)


def test_card_is_found_while_typed_and_put_where_the_letter_is_written(
    live: LiveShop, new_page: NewPage
) -> None:
    page = signed_in(new_page(size=DESK), live)
    page.goto(DRAFT)

    page.get_by_label("Find a product for a card").press_sequentially("other")
    page.get_by_role("button", name="Put its card in Other mug").click()

    expect(page.get_by_label("Letter", exact=True)).to_have_value(
        re.compile(r"\[\[product:other-mug\]\]")
    )
    expect(page.frame_locator(".letter_frame").get_by_text("Other mug")).to_be_visible()


def test_hostile_letter_runs_nowhere(live: LiveShop, chromium: Browser) -> None:
    with live.app.app_context(), writing():
        draft, sent = db.session.get_one(Campaign, 1), db.session.get_one(Campaign, 2)
        draft.title = draft.subject = sent.sent_subject = HOSTILE[0]
        draft.preview = sent.preview = HOSTILE[2]
        draft.body = "\n\n".join(HOSTILE)
        # As if all of it had come past everything that reads a letter, and been sent.
        words = "".join(HOSTILE)
        sent.sent_html = f"<html><body><!--letter-->{words}<!--/letter--></body></html>"
    sheets = (f"{DRAFT}/sheet", f"{DRAFT}/sheet?look=dark", f"{SENT}/sheet", f"{SENT}/preview")
    hits: list[str] = []
    # A context of its own: what policies refuse is told on the console, and is no fault here.
    with chromium.new_context(base_url=live.url) as context:
        page = signed_in(context.new_page(), live)
        context.expose_function("hit", lambda: hits.append(page.url))
        for path in (*DESK_PATHS, *sheets, *SHOP_PATHS):
            page.goto(path)
            page.wait_for_load_state("networkidle")
        page.goto("/")
        page.evaluate("hit()")

    # Only what the test ran itself: it would have heard of any other.
    assert hits == [f"{live.url}/"]


def test_letter_that_led_here_is_counted_once_and_leaves_no_mark(
    live: LiveShop, new_page: NewPage
) -> None:
    page = new_page()
    with page.expect_response("**/newsletter/visits") as counted:
        page.goto("/products/late-mug?campaign=2&variant=1")

    assert counted.value.status == 204
    expect(page).to_have_url(re.compile(r"/products/late-mug\?variant=1$"))
    page.reload()
    page.wait_for_load_state("networkidle")
    with live.app.app_context():
        assert visits_of(2) == 1


def test_pages_work_without_scripts(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(new_page(size=DESK, scripts=False), live)
    page.goto(DRAFT)

    page.get_by_label("Find a product for a card").fill("other")
    page.get_by_role("button", name="Find Find a product for a card").click()
    page.get_by_role("button", name="Put its card in Other mug").click()
    page.get_by_role("button", name="Save").last.click()
    page.get_by_role("link", name="See the letter").click()
    page.get_by_role("link", name="Phone, 390 px").click()

    expect(page.frame_locator(".letter_frame").get_by_text("Other mug")).to_be_visible()

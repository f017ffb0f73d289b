"""A reader signs up, answers, chooses and pauses without a script; staff look after it.

PICTURES=folder keeps the pictures, for somebody to look at: nothing else sees what is ugly.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from store.database import db, writing
from store.jobs.outbox import due_row_ids, run_row
from store.mail.models import Message
from store.newsletter.limits import MOST_OF_ALL, WARM
from store.newsletter.models import SignupAttempt, Subscriber
from store.newsletter.second_step.asking import SHORTEST
from store.newsletter.second_step.questions import ASKED, WORDS
from store.newsletter.tasks import handlers
from tests.browser.axe import violations
from tests.browser.conftest import DESK, PHONE
from tests.browser.live import LiveShop
from tests.browser.signing_in import sign_in
from tests.newsletter.signing_up import leave_unsent

ADDRESS = "river@example.org"
Seen = Callable[[Page, str], None]


@pytest.fixture(params=[(PHONE, False), (PHONE, True), (DESK, False), (DESK, True)])
def shape(request: pytest.FixtureRequest) -> tuple[tuple[int, int], bool]:
    """A phone or a desk, by day or by night."""
    found: tuple[tuple[int, int], bool] = request.param
    return found


@pytest.fixture
def open_page(
    chromium: Browser, live: LiveShop, shape: tuple[tuple[int, int], bool]
) -> Iterator[Callable[[bool], Page]]:
    (width, height), dark = shape
    contexts = []

    def opened(scripts: bool) -> Page:  # noqa: FBT001 - the one thing that a page is opened by
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            reduced_motion="reduce",
            base_url=live.url,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def seen(shape: tuple[tuple[int, int], bool]) -> Seen:
    """Keep a picture where somebody wants to look, and see that nothing runs over its edge."""
    (width, _height), dark = shape
    wished = os.environ.get("PICTURES", "")

    def look(page: Page, name: str) -> None:
        if wished:
            scheme = "dark" if dark else "light"
            path = Path(wished) / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
        measure = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(measure) <= 0, name

    return look


def newest_link(live: LiveShop, act: str) -> str:
    with live.app.app_context():
        for text in db.session.scalars(select(Message.text).order_by(Message.id.desc())):
            if found := re.search(rf"/newsletter/{act}/\S+", text):
                return found[0]
    raise AssertionError(act)


def run_jobs(live: LiveShop) -> None:
    known = {**handlers(live.services), "mail.send": leave_unsent}
    with live.app.app_context():
        for row in due_row_ids(live.services.clock.now()):
            run_row(row, known, live.services.clock)


def heat(live: LiveShop) -> None:
    with live.app.app_context(), writing():
        now = live.services.clock.now()
        db.session.add_all(
            SignupAttempt(network="n", domain="d", email_hash="", at=now)
            for _ in range(MOST_OF_ALL // WARM)
        )


def answer(page: Page) -> None:
    asked = page.locator("legend").inner_text()
    kind = next(kind for kind, words in ASKED.items() if str(words) == asked)
    fitting = {str(word) for word in WORDS[kind]}
    offered = page.locator("main .checkbox__label").all_inner_texts()
    page.get_by_label(next(word for word in offered if word in fitting), exact=True).check()
    page.wait_for_timeout(SHORTEST.total_seconds() * 1000)
    page.get_by_role("button", name="Go on").click()


def test_reader_signs_up_and_looks_after_it_without_a_script(
    live: LiveShop, open_page: Callable[[bool], Page], seen: Seen
) -> None:
    heat(live)
    page = open_page(False)
    page.goto("/newsletter")
    seen(page, "newsletter")
    for topic in ("New things in the shop", "Sales", "What is back in stock"):
        page.get_by_label(topic).uncheck()
    page.get_by_label("Email").first.fill(ADDRESS)
    page.get_by_role("button", name="Sign me up").first.click()
    expect(page.get_by_text("Choose at least one.")).to_be_visible()
    seen(page, "newsletter-no-topic")
    page.get_by_label("Sales").check()
    page.get_by_role("button", name="Sign me up").first.click()

    expect(page.get_by_role("heading", name="One question first")).to_be_visible()
    seen(page, "step")
    answer(page)
    expect(page.get_by_text("Look into your mailbox").first).to_be_visible()
    run_jobs(live)

    page.goto(newest_link(live, "confirm"))
    expect(page.get_by_text("What it would be about: Sales.")).to_be_visible()
    seen(page, "confirm")
    page.get_by_role("button", name="Yes, put me on the list").click()
    expect(page.get_by_role("heading", name="You are on the list")).to_be_visible()

    page.goto(newest_link(live, "preferences"))
    seen(page, "preferences")
    page.get_by_label("What is back in stock").check()
    page.get_by_role("button", name="Keep these topics").click()
    expect(page.get_by_text("From now on we mail you about these.")).to_be_visible()
    page.get_by_role("button", name="3 months").click()
    expect(page.get_by_text("We leave you alone until").first).to_be_visible()
    seen(page, "preferences-paused")
    page.get_by_role("button", name="Mail me again now").click()
    expect(page.get_by_text("The next mail goes to you too.")).to_be_visible()
    page.get_by_role("button", name="Take me off the list").click()
    expect(page.get_by_role("heading", name="You are off the list")).to_be_visible()
    with live.app.app_context():
        row = db.session.scalars(select(Subscriber)).one()
        assert (row.state, row.topics) == ("left", ["sales", "back_in_stock"])


def test_staff_look_after_subscribers_without_a_script(
    live: LiveShop, open_page: Callable[[bool], Page], seen: Seen, tmp_path: Path
) -> None:
    page = open_page(False)
    for email in (ADDRESS, "a.rather.long.name.of.somebody@a-mail-server.example.org"):
        page.goto("/newsletter")
        page.get_by_label("Email").first.fill(email)
        page.get_by_role("button", name="Sign me up").first.click()
    run_jobs(live)
    page.goto(newest_link(live, "confirm"))
    page.get_by_role("button", name="Yes, put me on the list").click()
    page.goto(newest_link(live, "preferences"))
    page.get_by_role("button", name="One month").click()
    sign_in(page, live)

    page.goto("/staff/subscribers/")
    seen(page, "staff-subscribers")
    page.get_by_role("link", name="a.rather.long").click()
    page.get_by_text("What she read").first.click()
    seen(page, "staff-subscriber")
    page.goto("/staff/subscribers/?q=nobody@example.org")
    seen(page, "staff-subscriber-nobody")

    page.goto("/staff/subscribers/lists")
    file = tmp_path / "list.csv"
    file.write_text(f"Email\n{ADDRESS}\nsky@example.org\nno address\n")
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_label("Where they agreed").fill("Paper list at the stall on Fair Day")
    page.get_by_role("button", name="Look at it first").click()
    seen(page, "staff-lists-refused")
    page.get_by_label("When they agreed").fill("2026-02-15")
    page.get_by_label("Each of them agreed").check()
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Known already, and unchanged")).to_be_visible()
    seen(page, "staff-list")


def test_pages_are_accessible(live: LiveShop, open_page: Callable[[bool], Page]) -> None:
    page = open_page(True)
    page.goto("/newsletter")
    page.get_by_label("Email").first.fill(ADDRESS)
    page.get_by_role("button", name="Sign me up").first.click()
    run_jobs(live)
    page.goto(newest_link(live, "confirm"))
    page.get_by_role("button", name="Yes, put me on the list").click()
    found = {}
    paths = ["/newsletter", newest_link(live, "preferences"), newest_link(live, "leave")]
    for path in paths:
        page.goto(path)
        found[path] = [fault["id"] for fault in violations(page)]
    heat(live)
    page.goto("/newsletter")
    page.get_by_label("Email").first.fill("sky@example.org")
    page.get_by_role("button", name="Sign me up").first.click()
    expect(page.get_by_role("heading", name="One question first")).to_be_visible()
    found["step"] = [fault["id"] for fault in violations(page)]
    sign_in(page, live)
    for path in ("/staff/subscribers/", "/staff/subscribers/1", "/staff/subscribers/lists"):
        page.goto(path)
        found[path] = [fault["id"] for fault in violations(page)]

    assert not {path: faults for path, faults in found.items() if faults}

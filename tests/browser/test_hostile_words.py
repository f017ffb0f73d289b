"""Whatever anybody writes anywhere, no page of shop or desk runs it: every page, in a browser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Page,
    Request,
    Route,
)

from store.database import bump_public_version, writing
from tests.browser.conftest import ALL_THERE
from tests.browser.every_column import EXEMPT, seed_everything, text_columns
from tests.browser.hostile_mails import hostile_mails
from tests.browser.live import on_a_socket
from tests.everything import fill
from tests.fuzz.routes import Atlas, links_of, near
from tests.markup import CANARY, ELEMENT, EVERY, RAN
from tests.shop import Shop, forget_what_was_read
from tests.staffing import at_the_desk

WATCH = f"""
window.{RAN} = () => {{ (window.zqTold ??= []).push("ran"); }};
window.alert = window.confirm = window.prompt = window.{RAN};
document.addEventListener("securitypolicyviolation", (told) => {{
    const {{ violatedDirective, blockedURI, sample }} = told;
    (window.zqTold ??= []).push(`${{violatedDirective}} ${{blockedURI}} ${{sample}}`);
}});
"""
LOOK = f"""() => {{
    const brought = [...document.querySelectorAll("{ELEMENT}, [on{RAN}]")]
        .map((one) => one.outerHTML);
    const runs = ["href", "src", "action", "formaction"].flatMap((name) =>
        [...document.querySelectorAll(`[${{name}}]`)].filter((one) =>
            /^(javascript|data:text)/i.test(one.getAttribute(name).replace(/\\s/g, "")))
    ).map((one) => one.outerHTML.slice(0, 200));
    const links = [...document.querySelectorAll("a[href]")].map((one) => one.getAttribute("href"));
    const fields = [...document.querySelectorAll("input, textarea")].map((one) => one.value);
    return {{
        told: [...(window.zqTold ?? []), ...brought, ...runs], links,
        words: [document.body?.innerText, document.title, ...fields].join(" "),
    }};
}}"""
MOST_PAGES = 400
ASKED_AS_IN_LIFE = " http://localhost/"
"""An address of ours as pages of other sites are given it: without the port of this test."""
MOST_WAITS = 10
NO_PAGE = re.compile(
    r"\.(pdf|csv|zip|json|jpg|png|css|js|xml|atom|webp|ico)$|/(static|media|downloads)/|/file(s/\d+)?$"
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """A shop in which every text is an attack, on a real socket; what was mailed, and who looks."""

    url: str
    atlas: Atlas
    starts: tuple[str, ...]
    mails: tuple[str, ...]
    clients: tuple[FlaskClient, ...]
    seeded: dict[str, int]


@dataclass(slots=True)
class Seen:
    """What was found out on the way."""

    pages: list[str] = field(default_factory=list)
    told: dict[str, list[str]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def note(self, name: str, told: list[str], words: str) -> None:
        self.pages.append(name)
        self.words.append(words)
        strange = [one for one in told if ASKED_AS_IN_LIFE not in one]
        if strange:
            self.told.setdefault(name, []).extend(strange)


@pytest.fixture
def hostile(shop: Shop, app: Flask) -> Iterator[Hostile]:
    everything = fill(shop)
    owner = at_the_desk(shop)
    with writing():
        seeded = seed_everything()
        mails = tuple(hostile_mails(shop.services))
        bump_public_version()
    forget_what_was_read(app)
    with on_a_socket(app) as url:
        yield Hostile(
            url,
            Atlas(shop),
            ("/", "/cart", "/staff/", *links_of(everything.texts)),
            mails,
            (everything.reader, owner),
            seeded,
        )


def test_every_column_is_hostile_or_says_why_not(hostile: Hostile) -> None:
    """A new column of text is one or the other, and a reason is of a column that there is."""
    columns = [f"{column.table.name}.{column.name}" for column in text_columns()]

    assert [name for name, rows in hostile.seeded.items() if not rows] == []
    assert [one for one in EXEMPT if not any(fnmatchcase(name, one) for name in columns)] == []
    assert len(hostile.seeded) > 100


def test_no_page_runs_what_anybody_wrote(hostile: Hostile, chromium: Browser) -> None:
    seen = Seen()
    with chromium.new_context(base_url=hostile.url, reduced_motion="reduce") as context:
        give_cookies(context, hostile)
        page = watched(context, seen)
        assert_the_net_holds(page)
        seen.told.clear()
        walk(page, hostile, seen)
        for number, html in enumerate(hostile.mails):
            # As in a mail program that knows of no policy.
            found = shown(page, html)
            seen.note(f"mail {number}", found["told"], found["words"])

    assert seen.told == {}
    assert unseen(hostile, seen) == []
    words = "\n".join(seen.words)
    assert [payload for payload in EVERY if payload[:24] not in words] == []


def give_cookies(context: BrowserContext, hostile: Hostile) -> None:
    """Let one browser be the reader of the shop and the owner at the desk."""
    host = urlsplit(hostile.url).hostname or ""
    for client in hostile.clients:
        for cookie in (client._cookies or {}).values():
            context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "domain": host, "path": cookie.path}]
            )


def watched(context: BrowserContext, seen: Seen) -> Page:
    """Open a page that notes what runs, what the policy refuses and who is asked for anything."""
    page = context.new_page()
    page.add_init_script(WATCH)

    def note(request: Request) -> None:
        if CANARY in request.url:
            seen.told.setdefault(page.url, []).append(f"asked {request.url}")

    page.on("request", note)
    page.route(re.compile(r"\.(jpg|png|webp|avif)(\?|$)"), lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.dismiss())
    return page


def assert_the_net_holds(page: Page) -> None:
    """Show that what is looked for is found: the same words as markup."""
    # One of them would lead away before anybody looks.
    markup = "".join(one for one in EVERY if "refresh" not in one)
    for policy, wanted in (("", "ran"), ("script-src 'self'", "script-src")):
        found = shown(page, f"<!doctype html>{markup}", policy)
        assert any(one.startswith(wanted) for one in found["told"]), found["told"]
        assert any(ELEMENT in one for one in found["told"]), found["told"]


def look(page: Page) -> dict[str, Any]:
    """Return what a page tells, once its elements have come or had the time for it."""
    # Asked from here: where a policy lets no script run, no timer of the page's own would.
    for _ in range(MOST_WAITS):
        if page.evaluate(ALL_THERE):
            break
        page.wait_for_timeout(50)
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def shown(page: Page, html: str, policy: str = "") -> dict[str, Any]:
    """Open a page that no shop answers, under this policy alone."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}

    def answer(route: Route) -> None:
        route.fulfill(body=html, headers=headers)

    page.route("**/not-of-the-shop", answer)
    page.goto("/not-of-the-shop")
    found = look(page)
    page.unroute("**/not-of-the-shop")
    return found


def walk(page: Page, hostile: Hostile, seen: Seen) -> None:
    """Open a page of each kind, from link to link; then what nothing leads to."""
    waiting, known, kinds = list(hostile.starts), set(hostile.starts), set[str]()
    while waiting and len(seen.pages) < MOST_PAGES:
        path = waiting.pop(0)
        rules = hostile.atlas.note(path)
        kind = f"{rules} {'?' in path}"
        if rules and kind not in kinds and not NO_PAGE.search(path.partition("?")[0]):
            kinds.add(kind)
            found = [own for link in open_page(page, path, seen) if (own := near(link, path))]
            waiting += [own for own in dict.fromkeys(found) if own not in known]
            known.update(found)
    for name, path in hostile.atlas.addresses():
        is_new = not any(kind.startswith(f"{name} ") for kind in kinds)
        if is_new and not NO_PAGE.search(path.partition("?")[0]):
            open_page(page, path, seen)


def open_page(page: Page, path: str, seen: Seen) -> list[str]:
    try:
        page.goto(path)
        found = look(page)
    except Error as error:
        if "Download is starting" in str(error) or "ERR_ABORTED" in str(error):
            return []
        raise
    seen.note(path, found["told"], found["words"])
    return list(found["links"])


def unseen(hostile: Hostile, seen: Seen) -> list[str]:
    """Return the rules with a page that was not opened."""
    opened = {hostile.atlas.note(path) for path in seen.pages if path.startswith("/")}
    return [
        name
        for name, path in hostile.atlas.addresses()
        if name not in opened and not NO_PAGE.search(path.partition("?")[0])
    ]

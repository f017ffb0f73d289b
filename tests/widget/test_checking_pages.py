"""Promises to editors about the page of a story: what the tag says on it, and what to mend."""

import json
import threading
from socket import socket

import pytest
from flask.testing import FlaskClient

from store.database import db, writing
from store.widget.counting import count_click
from store.widget.loader import loader
from store.widget.models import Article
from store.widget.reading import fetching
from store.widget.snippets import tag
from tests.builders import a_product
from tests.pages import Page
from tests.shop import Shop
from tests.widget.paper import Paper, a_page, a_paper, a_redirect, an_answer, dripping, endless

SCRIPT = '<script type="module" src="http://localhost/widget/v1.js"></script>'
OLD_SCRIPT = "<script src=http://localhost/widget/0.9.0/abc.js></script>"
LINKED = '<script type="application/ld+json">%s</script>'
ONE_TAG = "<meta property=article:tag content=%s>"
HUGE_STORY = json.dumps({"@type": "Article", "headline": "\ud800", "keywords": "k," * 99_000})
TAG, END = "<store-widget store=http://localhost", "</store-widget>"
LINES = '<a href="http://localhost/">Visit the store</a> <a href="/tips">Tell us</a>'
STRANGER = {"REMOTE_ADDR": "203.0.113.9"}
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def story(
    attributes: str = 'store="http://localhost"', head: str = "", inside: str = LINES
) -> bytes:
    """Return a page on which everything is in order, but for what a test changes."""
    head = f'<meta property="og:title" content="The pool reopens">{head}{SCRIPT}'
    return a_page(head, f"<store-widget {attributes}>{inside}</store-widget>")


def check(editor: FlaskClient, paper: Paper, **more: str) -> Page:
    asked = {"url": f"{paper.url}/pool"} | more
    return Page(editor.get("/widget/check", query_string=asked))


def typed(page: Page) -> dict[str, str]:
    """Return what the form would send again."""
    fields = {
        attributes["name"]: attributes["value"]
        for attributes in page.all("input", class_="field__input")
    }
    fields["quiet"] = next(a["value"] for a in page.all("option") if "selected" in a)
    return {name: value for name, value in fields.items() if value and name != "email"}


def test_address_alone_is_enough(paper_shop: Shop, paper: Paper, editor: FlaskClient) -> None:
    with paper_shop.app.app_context(), writing():
        a_product(paper_shop.clock, title="Swimming towel", tags=["swimming"])
    paper.pages["/pool"] = story(
        head='<meta property="article:section" content="Sport">'
        '<script type="application/ld+json">{"@type":"NewsArticle","keywords":"swimming"}</script>'
        f'<link rel="canonical" href="{paper.url}/pool">'
    )

    page = check(editor, paper)

    assert "No corrections" in page.text
    assert "Swimming towel" in page.text
    assert "the story says “swimming”" in page.text
    assert "title The pool reopens meta og:title" in page.text
    assert "section Sport meta article:section" in page.text
    assert "tags swimming JSON-LD keywords" in page.text
    assert f"url {paper.url}/pool canonical link" in page.text
    assert "locale en-AU lang of the page" in page.text
    assert "count 3 unless the tag says otherwise" in page.text
    assert "quiet no unless the tag says otherwise" in page.text
    assert "products – not on the page" in page.text


def test_snippet_that_we_give_is_in_order(
    paper_shop: Shop, paper: Paper, editor: FlaskClient
) -> None:
    settings = paper_shop.services.settings
    for is_pinned in (False, True):
        paper.pages["/pool"] = a_page("<title>A</title>", tag(settings, is_pinned=is_pinned))

        assert "No corrections" in check(editor, paper).text


def test_own_words_stand_in_for_those_of_the_page(paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = story('store="http://localhost" quiet count="2"')

    page = check(editor, paper, read="1", title="Choir sings", quiet="0", count="4")

    assert "title Choir sings your form, instead of “The pool reopens”" in page.text
    assert "quiet no your form, instead of “yes”" in page.text
    assert "count 4 your form, instead of “2”" in page.text
    assert "The tag says quiet" not in page.text


def test_words_without_the_wish_to_read_ask_nobody(paper: Paper, editor: FlaskClient) -> None:
    page = check(editor, paper, title="Choir sings")

    assert page.status == 200
    assert paper.asked == []


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ('setcion="x"', "setcion The tag knows no such attribute: did you mean “section”?"),
        ('heading_level="3"', "did you mean “heading-level”?"),
        ('colour="x"', "colour The tag knows no such attribute and"),
        ('count="5"', "count “5” is none of its values, which are 0 to 4"),
        ('heading-level="1"', "which are 2 to 6"),
        ('theme="Dark"', "which are auto, light or dark"),
        ('newsletter="no"', "which are on or off"),
        ('locale="klingon"', "“klingon” is no locale"),
        ('title=""', "hides what the page says: “The pool reopens”"),
        ('quiet="false"', "It counts as soon as it is there"),
        ('products="no-such"', "“no-such” is not for sale here"),
        ('products="&lt;b&gt;"', "“&lt;b&gt;” is no handle"),
        ('url="https://other.example/"', "It is on none of our news sites"),
        ('url="/pool"', "It is no web address"),
        ('tags="' + "a," * 5 + "x" * 90 + '"', "are they separated by commas?"),
    ],
)
def test_each_wrong_attribute_is_named(
    paper: Paper, editor: FlaskClient, attributes: str, said: str
) -> None:
    paper.pages["/pool"] = story(f'store="http://localhost" {attributes}')

    page = check(editor, paper)

    assert said.replace("&lt;", "<").replace("&gt;", ">") in page.text
    assert '<b>"' not in page.source


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("", "It is missing, so the tag asks nobody: give it http://localhost."),
        ('store="shop"', "“shop” is no web address"),
        ('store="https://other.example/x"', "It leads to https://other.example"),
        ("store=“http://localhost”", "typographic"),
    ],
)
def test_tag_that_asks_somebody_else_is_named(
    paper: Paper, editor: FlaskClient, store: str, said: str
) -> None:
    paper.pages["/pool"] = story(store)

    assert said in check(editor, paper).text


def test_what_any_element_may_carry_is_no_fault(paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = story(
        'store="http://localhost" class="x" id="y" data-n="1" aria-label="z" lang="en" theme="dark"'
        ' count="0" newsletter="off" heading-level="3" section="Sport" tags="a"'
    )

    page = check(editor, paper)

    assert "No corrections" in page.text
    assert "theme dark attribute of the tag" in page.text


@pytest.mark.parametrize(
    ("head", "body", "said"),
    [
        (SCRIPT, "", "The page carries no <store-widget>"),
        (SCRIPT, f"{TAG}>{LINES}{END}" * 2, "It stands on the page 2 times"),
        (SCRIPT, f"{TAG} />{LINES}", "It is never closed"),
        (SCRIPT, f"{TAG}>{END}", "No lines with links stand inside"),
        (SCRIPT, f"{TAG}><a href=/x>x</a>{END}", "None of the lines"),
        ("", f"{TAG}>{LINES}{END}", "The script of this store"),
        (OLD_SCRIPT, "", "does not serve that version"),
        (SCRIPT, LINKED % "{oops", "A script of it cannot be read"),
        (
            "<link rel=canonical href=https://other.example/a>",
            "",
            "canonical link leads to https://other.example",
        ),
        ("<link rel=canonical href=/another>", "", "The canonical link names another page"),
        (LINKED % '{"@type":"Article","keywords":[{"name":"x"}]}', "", "the tag cannot read"),
        ("".join(ONE_TAG % n for n in range(31)), "", "There are 31; the first 30 count"),
    ],
)
def test_what_is_wrong_around_the_tag_is_named(
    paper: Paper, editor: FlaskClient, head: str, body: str, said: str
) -> None:
    paper.pages["/pool"] = a_page(head, body)

    assert said in check(editor, paper).text


def test_pinned_script_of_this_store_is_in_order(paper: Paper, editor: FlaskClient) -> None:
    pinned = f"<script src=http://localhost{loader().pinned}></script>"
    paper.pages["/pool"] = a_page(pinned, f"{TAG}>{LINES}{END}")

    assert "No corrections" in check(editor, paper).text


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (an_answer(b"", status="404 Not Found"), "The news site knows no such page (404)."),
        (an_answer(b"", status="403 Forbidden"), "does not show this page to us (403)"),
        (an_answer(b"", status="503 Busy"), "answers 503 instead of the page"),
        (an_answer(b"%PDF", kind="application/pdf"), "no web page but application/pdf"),
        (an_answer(b"x", Content_Encoding="gzip"), "no web page but gzip"),
        (endless(HTML + b"\r\n"), "larger than 512 kB"),
        (
            a_redirect("http://169.254.169.254/latest/"),
            "The site leads on to http://169.254.169.254",
        ),
        (a_redirect("/pool"), "from one address to the next"),
        (b"garbage\r\n\r\n", "The news site does not answer"),
    ],
)
def test_page_that_cannot_be_read_says_why_and_nothing_typed_is_lost(
    paper: Paper, editor: FlaskClient, answer: bytes, said: str
) -> None:
    paper.pages["/pool"] = answer
    words = {
        "title": "Swim <b>",
        "section": "Sport",
        "tags": "a, b",
        "products": "x, Y",
        "quiet": "1",
    }
    words |= {"count": "twelve", "locale": "xx-YY"}

    page = check(editor, paper, read="1", **words)

    assert page.status == 200
    assert said in page.text
    assert typed(page) == {"url": f"{paper.url}/pool", **words}


def test_address_that_is_none_stays_in_the_form(editor: FlaskClient) -> None:
    page = Page(editor.get("/widget/check?url=not+an+address&read=1"))

    assert typed(page) == {"url": "not an address"}
    assert "It is no web address" in page.text


def test_other_sites_are_never_asked(editor: FlaskClient) -> None:
    with a_paper() as other:
        other.pages["/a"] = story()

        page = Page(
            editor.get("/widget/check", query_string={"url": f"{other.url}/a", "read": "1"})
        )

        assert other.asked == []
    assert "It is on none of our news sites, so it is not read" in page.text


def test_story_is_read_where_its_site_moved_it(paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = a_redirect("/2026/pool/?utm_source=x")
    paper.pages["/2026/pool/?utm_source=x"] = story()

    page = check(editor, paper)

    assert f"url {paper.url}/2026/pool/ the page’s own address" in page.text
    assert "No corrections" in page.text


@pytest.mark.slow
def test_page_that_drips_is_given_up_after_three_seconds(paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = dripping(HTML + b"\r\n", seconds=8)

    page = check(editor, paper)

    assert "not here within three seconds" in page.text


@pytest.mark.slow
def test_slow_site_keeps_no_more_than_two_readers_waiting(
    paper_shop: Shop, paper: Paper, editor: FlaskClient
) -> None:
    waiting = threading.Semaphore(0)

    def keep_waiting(line: socket) -> None:
        waiting.release()
        line.recv(1)

    paper.pages["/pool"] = keep_waiting
    others = [threading.Thread(target=check, args=(paper_shop.browser(), paper)) for _ in range(2)]
    for other in others:
        other.start()
        assert waiting.acquire(timeout=20)

    page = check(editor, paper)

    assert "Other pages are being read just now" in page.text
    for other in others:
        other.join()


@pytest.mark.parametrize(
    "answer",
    [
        a_page("<title>" + "Pool " * 2_000 + "</title>"),
        a_page("<title>x", "<![if x]><!-- <store-widget <a <b 'x\" &#xD800; \0</p></html>"),
        a_page(LINKED % ("[" * 400_000)),
        a_page(LINKED % HUGE_STORY),
        a_page("<title>Piscine réouverte</title>", charset="cp1252"),
        an_answer(b"<title>\xff\xfe\x81</title>", kind="text/html; charset=utf-8"),
        an_answer(b"", kind="text/html"),
        a_page("", "<store-widget " + "a" * 300_000 + "=1 " + "b='2' " * 20_000 + ">"),
    ],
    ids=["title", "broken", "deep", "keywords", "cp1252", "bytes", "empty", "attributes"],
)  # fmt: skip
def test_nothing_on_a_page_breaks_ours(paper: Paper, editor: FlaskClient, answer: bytes) -> None:
    paper.pages["/pool"] = answer

    page = check(editor, paper)

    assert page.status == 200
    assert "What the tag says" in page.text
    assert len(page.source) < 60_000


def test_words_that_fit_in_no_address_are_a_fault(paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = story(head=f"<meta property='article:tag' content='{'é ' * 2_000}'>")

    assert "make an address of 14 kB, which many servers refuse" in check(editor, paper).text


def test_what_a_page_says_stays_text(paper: Paper, editor: FlaskClient) -> None:
    evil = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    paper.pages["/pool"] = story(f'store="{evil}" title="{evil}" tags="{evil}" x{"&lt;"}y="{evil}"')

    page = check(editor, paper)

    assert "<script>alert(1)" not in page.source
    assert "<script>alert(1)" in page.text


def test_reading_a_page_writes_nothing(paper_shop: Shop, paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = story()
    with paper_shop.app.app_context():
        with writing():
            count_click(f"{paper.url}/pool", paper_shop.services.settings, paper_shop.clock)

        check(editor, paper)

        db.session.rollback()
        assert [(found.url, found.title) for found in db.session.scalars(db.select(Article))] == [
            (f"{paper.url}/pool", "")
        ]


def test_nobody_makes_us_hammer_the_news_site(paper: Paper, editor: FlaskClient) -> None:
    paper.pages["/pool"] = story()
    statuses = [
        editor.get(
            "/widget/check", query_string={"url": f"{paper.url}/pool"}, environ_overrides=STRANGER
        ).status_code
        for _ in range(22)
    ]

    assert statuses == [200] * 20 + [429] * 2
    assert editor.head("/widget/check?url=x", environ_overrides=STRANGER).status_code == 429
    assert len(paper.asked) == 20


def test_limit_of_a_page_is_the_one_that_is_told() -> None:
    assert fetching.LARGEST_BYTES == 512 * 1024

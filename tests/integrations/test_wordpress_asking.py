"""A WordPress site that asks the store itself: once for many readers, and never for long."""

import re
import time
from pathlib import Path
from typing import Any

import pytest

from store.database import writing
from store.widget.asking import canonical_query
from tests.browser.live import live_shop
from tests.builders import a_product, an_image
from tests.integrations.markup import Elements
from tests.integrations.wordpress_site import (
    ASKED,
    VISIT_LINE,
    WANTS_PHP,
    MadeStore,
    Site,
)

pytestmark = WANTS_PHP
BAD_ANSWERS: dict[str, dict[str, Any]] = {
    "down": {"status": 503},
    "refused": {"status": 403},
    "led on": {"status": 302, "headers": {"Location": "/elsewhere"}},
    "no card": {"body": "<h1>It works</h1>"},
    "empty": {"body": ""},
    "another kind": {"headers": {"Content-Type": "application/json"}},
    "a stopgap": {"headers": {"Cache-Control": "no-store"}},
}
STRIPPED = (
    "<script>alert(1)</script>",
    "<p onclick='alert(1)'>Words</p>",
    "<img src='{store}/x.webp' onerror='alert(1)'>",
    "<iframe src='{store}/embed'></iframe>",
    "<style>body {{ display: none }}</style>",
    "<p style='position: fixed'>Words</p>",
    "<a href='javascript:alert(1)'>Words</a>",
    "<a href='JAVA&#115;cript:alert(1)'>Words</a>",
    "<button formaction='https://evil.example'>Words</button>",
    "<link rel='preload' href='https://evil.example/x.js'>",
    "<svg onload='alert(1)'></svg>",
    "<object data='{store}/x'></object>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv='refresh' content='0;url=https://evil.example/'>",
    "<img src='https://evil.example/x.webp' alt=\" src='{store}/x.webp'\">",
    "<img srcset='{store}/x.webp 320w,https://evil.example/x.webp 640w'>",
    "<img src='{store}.evil.example/x.webp'>",
    "<link rel='stylesheet' href='https://evil.example/x.css'>",
    "<link rel='stylesheet' href='{store}/media/evil.css'>",
)
ELSEWHERE = ("https://evil.example/", "{store}.evil.example/", "//evil.example/", "/", "")


def test_store_is_asked_once_for_many_readers(asking: Site, shop_made: MadeStore) -> None:
    first, second = asking.read(), asking.read(seconds_later=50)

    assert "<p>Late Edition tee</p>" in first.html
    assert second.html == first.html
    assert first.footer == ""
    assert len(shop_made.asked) == 1


def test_card_is_asked_for_anew_when_its_time_is_over(asking: Site, shop_made: MadeStore) -> None:
    asking.read()
    shop_made.body = shop_made.card("Night cap")

    assert "Night cap" in asking.read(seconds_later=61).html


def test_question_is_in_the_form_that_the_store_keeps(asking: Site, shop_made: MadeStore) -> None:
    asking.read()
    asking.read(story={"post_content": '[store_widget products="b-tee" count="1"]'})
    asking.read(story={"post_content": "[store_widget quiet]"})

    usual, chosen, quiet = shop_made.asked
    for asked in shop_made.asked:
        assert canonical_query(asked) == asked.replace("pool-reopens%2F", "pool-reopens")
    assert usual == (
        "url=https%3A%2F%2Fnews.example%2F2026%2F11%2Fpool-reopens%2F"
        "&title=The+pool+reopens+%E2%80%94+at+last+%26+in+time"
        "&section=Sport+%26+Pride&tags=R%26B%2Cswimming&locale=en-AU"
    )
    assert "&products=b-tee&count=1&" in chosen
    assert quiet.endswith("pool-reopens%2F&quiet=1&locale=en-AU")


def test_question_is_bounded(asking: Site, shop_made: MadeStore) -> None:
    tags = [f"tag {n:03} " + "x" * 200 for n in range(100)]
    asking.read(story={"post_title": "é" * 5000, "tags": tags, "categories": ["y" * 500]})

    assert len(shop_made.asked[0]) < 2500


def test_newsletter_can_be_left_out(site: Site, shop_made: MadeStore) -> None:
    signup = f'<form action="{shop_made.url}/widget/v1/newsletter" method="post"><p>Mail</p></form>'
    shop_made.body = shop_made.card(more=signup)
    site.set_up(store=shop_made.url, mode="server")
    with_it = site.read().html
    site.set_up(store=shop_made.url, mode="server", newsletter=False)
    without_it = site.read().html

    assert signup in with_it
    assert "Mail" not in without_it
    assert "Late Edition tee" in without_it


@pytest.mark.parametrize("bad", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_last_card_stands_in_for_a_bad_answer(
    asking: Site, shop_made: MadeStore, bad: dict[str, Any]
) -> None:
    good = asking.read().html
    for name, value in bad.items():
        setattr(shop_made, name, value)

    assert asking.read(seconds_later=61).html == good
    assert asking.read(seconds_later=61 + 86_400).html != good


@pytest.mark.parametrize("bad", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
def test_lines_stand_in_where_there_never_was_a_card(
    asking: Site, shop_made: MadeStore, bad: dict[str, Any]
) -> None:
    for name, value in bad.items():
        setattr(shop_made, name, value)

    html = asking.read().html

    assert VISIT_LINE in html
    assert "<aside" not in html


def test_card_that_was_cut_off_is_none(asking: Site, shop_made: MadeStore) -> None:
    shop_made.body = shop_made.card("x" * 70_000)

    assert "<aside" not in asking.read().html


@pytest.mark.parametrize("status", [403, 503])
def test_store_in_trouble_is_left_alone_for_half_a_minute(
    asking: Site, shop_made: MadeStore, status: int
) -> None:
    shop_made.status = status
    for seconds in (0, 1, 25):
        asking.read(seconds_later=seconds)
    before = len(shop_made.asked)
    shop_made.status = 200

    html = asking.read(seconds_later=32).html

    assert before == 1
    assert "Late Edition tee" in html


def test_one_bad_question_silences_no_other_story(asking: Site, shop_made: MadeStore) -> None:
    other = {"story": {"link": "https://news.example/other/"}}
    shop_made.status = 403
    asking.read()
    shop_made.status = 200

    assert "Late Edition tee" in asking.read(**other).html


def test_store_that_is_down_is_asked_for_no_story(asking: Site, shop_made: MadeStore) -> None:
    asking.read(story={"link": "https://news.example/other/"})
    shop_made.status = 500
    asking.read()

    asking.read(seconds_later=25, story={"link": "https://news.example/third/"})

    assert len(shop_made.asked) == 2


@pytest.mark.slow
def test_nobody_waits_longer_than_a_second(asking: Site, shop_made: MadeStore) -> None:
    good = asking.read().html
    shop_made.seconds = 2.5
    started = time.monotonic()

    slow, next_reader = asking.read(seconds_later=61), asking.read(seconds_later=62)

    assert time.monotonic() - started < 2.4
    assert slow.html == next_reader.html == good
    assert len(shop_made.asked) == 2


@pytest.mark.slow
def test_one_reader_asks_anew_while_others_see_the_last_card(
    asking: Site, shop_made: MadeStore
) -> None:
    asking.read()
    shop_made.body, shop_made.seconds = shop_made.card("Night cap"), 0.7
    with asking.begin_reading(seconds_later=61) as asker:
        until = time.monotonic() + 10
        while len(shop_made.asked) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        others = [asking.read(seconds_later=61).html for _reader in range(3)]
        said = asker.stdout.read() if asker.stdout else ""

    assert "Night cap" in said
    assert all("Late Edition tee" in html for html in others)
    assert len(shop_made.asked) == 2


def test_what_a_card_is_not_made_of_is_left_out(asking: Site, shop_made: MadeStore) -> None:
    shop_made.body = shop_made.card(more="".join(STRIPPED).format(store=shop_made.url))

    shown = Elements(asking.read().html)

    made_of = {"link", "aside", "p", "a", "img", "button", "div"}
    harmful = re.compile(r"^(on|style|formaction)|script:|preload|evil")
    assert "tee" in shown.words
    assert {name for name, _given in shown.found} <= made_of
    for _name, given in shown.found:
        assert not [pair for pair in given if harmful.search("=".join(map(str, pair)))]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_card_whose_form_leads_elsewhere_is_none(
    asking: Site, shop_made: MadeStore, address: str
) -> None:
    action = address.format(store=shop_made.url)
    shop_made.body = shop_made.card(more=f'<form action="{action}" method="post"></form>')

    html = asking.read().html

    assert VISIT_LINE in html
    assert "evil" not in html
    assert "<aside" not in html


def test_card_cannot_call_the_shortcodes_of_the_site(asking: Site, shop_made: MadeStore) -> None:
    shop_made.body = shop_made.card("[store_widget]")

    html = asking.read(story={"post_content": "<!-- wp:store-widget/card /-->"}).html

    assert "&#91;store_widget&#93;" in html
    assert html.count("<aside") == 1


def test_card_of_the_real_store_arrives_whole(
    site: Site, tmp_path: Path, database_url: str
) -> None:
    with live_shop(tmp_path / "var", database_url) as live:
        with live.app.app_context(), writing():
            tee = a_product(live.services.clock, title="Late Edition tee")
            an_image(tee, content_hash="a" * 64).has_renditions = True
        site.set_up(store=live.url, mode="server")
        # Asked here first: a store that is just made takes longer than a site waits.
        card = live.app.test_client().get(
            "/widget/v1/card.html", base_url=live.url, query_string=ASKED
        )
        shown = Elements(site.read().html)

    sent = Elements(card.text)
    assert {"link", "img", "form", "input", "button"} <= {name for name, _given in sent.found}
    assert [found for found in shown.found if found[0] != "div"] == [("p", ()), *sent.found]
    assert shown.words == ["Words", "of", "the", "story.", *sent.words]

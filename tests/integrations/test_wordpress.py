"""The WordPress plugin: what stands under stories, whatever becomes of the store."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from store.database import writing
from store.widget.asking import canonical_query
from store.widget.loader import RESERVE, loader
from tests.browser.live import live_shop
from tests.builders import a_product, an_image
from tests.integrations.wordpress_site import (
    ADMINISTRATOR,
    EDITOR,
    LINK,
    PLUGIN,
    MadeStore,
    Site,
    made_store,
)

PHP = shutil.which("php")
FILES = sorted(PLUGIN.rglob("*.php"))
SHOP = "https://shop.example"
VISIT_LINE = "Visit the Gay Nation store now"
ATTACKS = ('"><script>alert(1)</script>', "' onmouseover='alert(1)", '" onmouseover="alert(1)')
OPTIONS = (
    *("store", "store_name", "tips", "footer", "mode", "count"),
    *("newsletter", "theme", "cache_seconds", "script", "integrity"),
)
FAR_LATER = 2 * 86_400
ASKED = {
    "url": LINK,
    "title": "The pool reopens — at last & in time",
    "section": "Sport & Pride",
    "tags": "R&B,swimming",
    "locale": "en-AU",
}

pytestmark = pytest.mark.skipif(PHP is None, reason="php is not installed (Debian: php-cli)")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(php=str(PHP), memory=tmp_path / "memory.json")


@pytest.fixture
def tagged(site: Site) -> Site:
    """A site whose readers' browsers ask the store."""
    site.set_up(store=SHOP)
    return site


@pytest.fixture
def shop_made() -> Iterator[MadeStore]:
    with made_store() as made:
        yield made


@pytest.fixture
def asking(site: Site, shop_made: MadeStore) -> Site:
    """A site that asks the store itself."""
    site.set_up(store=shop_made.url, mode="server")
    return site


class _Elements(HTMLParser):
    """Gathers elements with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(sorted((name, value or None) for name, value in attrs))))

    def handle_data(self, data: str) -> None:
        self.words.extend(data.split())


def attributes(html: str) -> dict[str, str | None]:
    """Return the attributes of the tag."""
    (found,) = [given for name, given in _Elements(html).found if name == "store-widget"]
    return dict(found)


def fields(html: str) -> dict[str | None, str | None]:
    """Return what stands in the fields of a form, by their names."""
    inputs = [dict(given) for name, given in _Elements(html).found if name in {"input", "select"}]
    return {given.get("name"): given.get("value") for given in inputs}


def assert_harmless(html: str) -> None:
    """Fail where anything that was fed in has become an element or a handler."""
    for name, given in _Elements(html).found:
        assert name != "script"
        assert not [key for key, _value in given if key.startswith("on")]


# -- The papers of the plugin.


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGIN)))
def test_every_file_is_php_that_runs_inside_wordpress_alone(path: Path) -> None:
    linted = subprocess.run(
        [str(PHP), "-l", path], capture_output=True, text=True, timeout=20, check=False
    )
    opened = subprocess.run(
        [str(PHP), path], capture_output=True, text=True, timeout=20, check=False
    )

    assert linted.returncode == 0, linted.stdout
    assert (opened.returncode, opened.stdout) == (0, "")


def test_version_is_the_same_wherever_it_stands() -> None:
    main, paper = (PLUGIN / "store-widget.php").read_text(), (PLUGIN / "readme.txt").read_text()
    (version,) = re.findall(r"\* Version: +(\S+)", main)

    assert f"const VERSION = '{version}';" in main
    assert f"Stable tag: {version}\n" in paper
    assert f"= {version} =" in paper
    for header in ("Requires at least", "Requires PHP", "License"):
        assert re.findall(rf"{header}: +(.+)", main) == re.findall(
            rf"^{header}: (.+)", paper, re.MULTILINE
        )


def test_stylesheet_reserves_the_room_of_the_tag() -> None:
    assert RESERVE in (PLUGIN / "assets" / "store-widget.css").read_text()


# -- The tag.


def test_story_ends_with_the_tag_and_two_lines_that_need_nobody(tagged: Site) -> None:
    shown = tagged.read()

    assert shown.html.startswith("<p>Words of the story.</p><div class=")
    assert attributes(shown.html) == {
        "store": SHOP,
        "url": LINK,
        "title": "The pool reopens — at last & in time",
        "section": "Sport & Pride",
        "tags": "R&B,swimming",
    }
    assert f'<p><a href="{SHOP}/">{VISIT_LINE}</a></p>' in shown.html
    assert f'<a href="{SHOP}/tips">Tell us</a>' in shown.html
    assert shown.footer == f'<script type="module" src="{SHOP}/widget/v1.js"></script>\n'
    assert shown.styles == ["store-widget"]


def test_tag_says_what_was_set(site: Site) -> None:
    tips = "https://news.example/tips"
    site.set_up(store=SHOP, store_name="Corner", tips=tips, count=1, newsletter=False, theme="dark")

    shown = site.read()

    given = attributes(shown.html)
    assert (given["count"], given["newsletter"], given["theme"]) == ("1", "off", "dark")
    assert "Visit the Corner store now" in shown.html
    assert f'<a href="{tips}">' in shown.html


def test_pinned_script_carries_its_integrity(site: Site) -> None:
    pinned = loader()
    script = SHOP + pinned.pinned
    site.set_up(store=SHOP, script=script, integrity=pinned.integrity)

    footer = site.read().footer

    assert f'src="{script}" integrity="{pinned.integrity}" crossorigin="anonymous"' in footer


def test_lines_are_in_the_language_of_the_site(tagged: Site) -> None:
    words = {"Visit the %s store now": "Zum Laden von %s", "Tell us": "Sag es uns"}

    html = tagged.read(translations=words).html

    assert "Zum Laden von Gay Nation" in html
    assert "Sag es uns" in html


def test_nothing_is_shown_until_there_is_a_store(site: Site) -> None:
    shown = site.read()

    assert shown.html == "<p>Words of the story.</p>"
    assert shown.footer == ""


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("mode", ["tag", "server"])
def test_no_option_breaks_out_of_the_page(site: Site, mode: str, attack: str) -> None:
    hostile = dict.fromkeys(("store_name", "theme", "count", "integrity"), f"x{attack}")
    addresses = dict.fromkeys(("store", "tips", "script"), f"http://127.0.0.1:9/{attack}")
    site.set_up(mode=mode, **hostile, **addresses)

    shown = site.read()

    assert VISIT_LINE[:5] in shown.html
    assert_harmless(shown.html)
    assert [name for name, _given in _Elements(shown.footer).found] == ["script"] * (mode == "tag")
    assert_harmless(shown.footer.replace("<script ", "<i "))


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_word_of_a_story_breaks_out_of_the_page(tagged: Site, attack: str) -> None:
    hostile = {
        "post_title": attack,
        "categories": [attack],
        "tags": [attack],
        "link": SHOP + attack,
    }

    shown = tagged.read(story=hostile)

    assert "title" in attributes(shown.html)
    assert_harmless(shown.html)


def test_words_that_look_like_markup_reach_the_store_as_words(tagged: Site) -> None:
    html = tagged.read(story={"post_title": '5 &lt; 6, "quoted"'}).html

    assert 'title="5 &lt; 6, &quot;quoted&quot;"' in html


# -- Where it stands.


@pytest.mark.parametrize(
    "page", ["feed", "excerpt", "rest", "admin", "embed", "list", "head", "other_query"]
)
def test_footer_stays_out_of_everything_but_the_story_itself(tagged: Site, page: str) -> None:
    assert tagged.read(**{page: True}).html == "<p>Words of the story.</p>"


def test_footer_stays_out_of_other_stories_and_other_kinds(tagged: Site) -> None:
    assert "store-widget" not in tagged.read(queried=13).html
    assert "store-widget" not in tagged.read(story={"post_type": "page"}).html


def test_footer_can_be_switched_off(site: Site) -> None:
    site.set_up(store=SHOP, footer=False)

    assert "store-widget" not in site.read().html


def test_draft_is_told_to_nobody(tagged: Site) -> None:
    shown = tagged.read(story={"post_status": "draft"})

    assert VISIT_LINE in shown.html
    assert "<store-widget" not in shown.html
    assert "pool" not in shown.html


def test_story_behind_a_password_carries_nothing(tagged: Site) -> None:
    assert "store-widget" not in tagged.read(story={"post_password": "secret"}).html


@pytest.mark.parametrize(
    "content",
    [
        '[store_widget products="b-tee,a-tee" quiet="1" count="2"]',
        '<!-- wp:store-widget/card {"products":"b-tee,a-tee","quiet":true,"count":"2"} /-->',
    ],
    ids=["shortcode", "block"],
)
def test_author_places_it_once_and_chooses(tagged: Site, content: str) -> None:
    html = tagged.read(story={"post_content": f"Before. {content} After."}).html

    given = attributes(html)
    assert (given["products"], given["quiet"], given["count"]) == ("b-tee,a-tee", None, "2")
    assert html.endswith("</div> After.")


@pytest.mark.parametrize("page", ["feed", "excerpt", "rest", "admin"])
def test_placed_block_is_for_readers_only(tagged: Site, page: str) -> None:
    shown = tagged.read(story={"post_content": "Before. [store_widget] After."}, **{page: True})

    assert shown.html == "Before.  After."


def test_shortcode_stands_where_no_footer_would(site: Site) -> None:
    site.set_up(store=SHOP, footer=False)

    given = attributes(site.read(story={"post_content": "[store_widget quiet]"}).html)

    assert "quiet" in given


@pytest.mark.parametrize("attack", ATTACKS)
def test_placed_block_lets_nothing_of_a_wrong_attribute_through(tagged: Site, attack: str) -> None:
    hostile = dict.fromkeys(("products", "quiet", "count"), attack)
    block = f"<!-- wp:store-widget/card {json.dumps(hostile)} /-->"

    html = tagged.read(story={"post_content": block}).html

    assert_harmless(html)
    assert "alert" not in html


# -- What an editor sets.


def test_editor_chooses_beside_the_story(tagged: Site) -> None:
    sent = {
        "store_widget_story_nonce": "nonce-of-store_widget_story",
        "store_widget_products": "B-tee, a-tee,<b>,b-tee",
        "store_widget_quiet": "1",
    }
    tagged.do("send_box", sent=sent, capabilities=EDITOR)

    given = attributes(tagged.read().html)
    box = tagged.do("see_box").html

    assert (given["products"], "quiet" in given) == ("b-tee,a-tee", True)
    assert 'value="b-tee,a-tee"' in box
    assert "checked=" in box


def test_editor_takes_it_back(tagged: Site) -> None:
    nonce = {"store_widget_story_nonce": "nonce-of-store_widget_story"}
    tagged.do("send_box", sent=nonce | {"store_widget_quiet": "1"}, capabilities=EDITOR)

    assert not tagged.do("send_box", sent=nonce, capabilities=EDITOR).meta
    assert "quiet" not in attributes(tagged.read().html)


@pytest.mark.parametrize(
    ("nonce", "capabilities", "page"),
    [
        ("", EDITOR, {}),
        ("nonce-of-another", EDITOR, {}),
        ("nonce-of-store_widget_story", (), {}),
        ("nonce-of-store_widget_story", EDITOR, {"revision": True}),
    ],
)
def test_box_of_somebody_else_changes_nothing(
    tagged: Site, nonce: str, capabilities: tuple[str, ...], page: dict[str, bool]
) -> None:
    sent = {"store_widget_story_nonce": nonce, "store_widget_quiet": "1"}

    assert not tagged.do("send_box", sent=sent, capabilities=capabilities, **page).meta


def test_box_stands_beside_stories_only(tagged: Site) -> None:
    assert tagged.do("see_box", story={"post_type": "page"}).html == ""


# -- The settings.


def test_settings_are_for_administrators(tagged: Site) -> None:
    assert tagged.do("see_settings", capabilities=EDITOR).html == ""
    assert f'value="{SHOP}"' in tagged.do("see_settings", capabilities=ADMINISTRATOR).html


def test_settings_are_kept_as_they_can_be_used(site: Site) -> None:
    sent = {
        "store": "HTTPS://Shop.Example/",
        "store_name": " Corner <b>store</b> ",
        "tips": "https://news.example/tips?from=store",
        "footer": "1",
        "post_types": ["page", "attachment", "nothing"],
        "mode": "server",
        "count": "9",
        "theme": "purple",
        "cache_seconds": "5",
    }

    shown = site.do("save_settings", sent=sent)

    assert shown.saved == shown.once
    assert not shown.errors
    assert shown.saved == {
        "store": SHOP,
        "store_name": "Corner store",
        "tips": "https://news.example/tips?from=store",
        "footer": True,
        "post_types": ["page"],
        "mode": "server",
        "count": 4,
        "newsletter": False,
        "theme": "auto",
        "cache_seconds": 60,
        "script": "",
        "integrity": "",
    }


@pytest.mark.parametrize(
    "address", [SHOP, "https://shop.example:8443", "http://localhost:5000", "http://127.0.0.1:5000"]
)
def test_store_is_reached_over_https_or_on_this_machine(site: Site, address: str) -> None:
    shown = site.do("save_settings", sent={"store": address})

    assert not shown.errors
    assert shown.saved["store"] == address


@pytest.mark.parametrize(
    "typed",
    [
        "http://shop.example",
        "shop.example",
        "https://shop.example/store",
        "https://shop.example/?a=b",
        "https://user:word@shop.example",
        "http://127.0.0.1.evil.example",
        "javascript:alert(1)",
        *(f"https://shop.example{attack}" for attack in ATTACKS),
    ],
)
def test_wrong_address_is_said_and_neither_lost_nor_used(tagged: Site, typed: str) -> None:
    saved = tagged.do("save_settings", sent={"store": typed})
    again = tagged.do("see_settings", capabilities=ADMINISTRATOR).html
    later = tagged.do("see_settings", capabilities=ADMINISTRATOR).html

    assert "https://" in saved.errors["store"]
    assert saved.saved["store"] == SHOP
    assert fields(again)["store_widget[store]"] == typed
    assert_harmless(again)
    assert fields(later)["store_widget[store]"] == SHOP


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("tips", "http://news.example/tips"),
        ("script", "widget/v1.js"),
        ("integrity", "md5-abc"),
        ("integrity", "sha384-abc"),
    ],
)
def test_what_else_is_wrong_is_said(tagged: Site, field: str, typed: str) -> None:
    assert field in tagged.do("save_settings", sent={field: typed}).errors


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_option_breaks_out_of_the_settings(site: Site, attack: str) -> None:
    site.set_up(**dict.fromkeys(OPTIONS, attack))

    html = site.do("see_settings", capabilities=ADMINISTRATOR).html

    assert set(fields(html)) >= {f"store_widget[{name}]" for name in OPTIONS}
    assert fields(html)["store_widget[store_name]"] == attack
    assert_harmless(html)


def test_deleted_plugin_leaves_nothing(asking: Site, shop_made: MadeStore) -> None:
    sent = {"store_widget_story_nonce": "nonce-of-store_widget_story", "store_widget_quiet": "1"}
    asking.read()
    asking.do("send_box", sent=sent, capabilities=EDITOR)
    shop_made.status = 500
    kept = asking.read(seconds_later=FAR_LATER)

    left = asking.do("uninstall")

    assert len(kept.options) > 1
    assert kept.meta
    assert not left.options
    assert not left.meta


# -- The site asks the store.


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


BAD_ANSWERS: dict[str, dict[str, Any]] = {
    "down": {"status": 503},
    "refused": {"status": 403},
    "led on": {"status": 302, "headers": {"Location": "/elsewhere"}},
    "no card": {"body": "<h1>It works</h1>"},
    "empty": {"body": ""},
    "another kind": {"headers": {"Content-Type": "application/json"}},
    "a stopgap": {"headers": {"Cache-Control": "no-store"}},
}


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


# -- A store that was broken into.

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


def test_what_a_card_is_not_made_of_is_left_out(asking: Site, shop_made: MadeStore) -> None:
    shop_made.body = shop_made.card(more="".join(STRIPPED).format(store=shop_made.url))

    shown = _Elements(asking.read().html)

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


# -- The store itself.


def test_card_of_the_real_store_arrives_whole(
    site: Site, tmp_path: Path, database_url: str
) -> None:
    with live_shop(tmp_path / "var", database_url) as live:
        with live.app.app_context(), writing():
            tee = a_product(live.services.clock, title="Late Edition tee")
            an_image(tee, content_hash="a" * 64).has_renditions = True
        site.set_up(store=live.url, mode="server")
        shown = _Elements(site.read().html)
        card = live.app.test_client().get(
            "/widget/v1/card.html", base_url=live.url, query_string=ASKED
        )

    sent = _Elements(card.text)
    assert {"link", "img", "form", "input", "button"} <= {name for name, _given in sent.found}
    assert [found for found in shown.found if found[0] != "div"] == [("p", ()), *sent.found]
    assert shown.words == ["Words", "of", "the", "story.", *sent.words]

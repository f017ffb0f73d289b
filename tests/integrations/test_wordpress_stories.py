"""What stands under the stories of a WordPress site, and what never does."""

import pytest

from store.widget.loader import loader
from tests.integrations.markup import Elements, assert_harmless, attributes
from tests.integrations.wordpress_site import (
    ATTACKS,
    LINK,
    SHOP,
    VISIT_LINE,
    WANTS_PHP,
    Site,
)

pytestmark = WANTS_PHP


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
    assert [name for name, _given in Elements(shown.footer).found] == ["script"] * (mode == "tag")
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

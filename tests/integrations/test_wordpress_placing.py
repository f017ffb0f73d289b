"""Where a WordPress site shows the block: by its author’s hand, and beside the story."""

import json

import pytest

from tests.integrations.markup import assert_harmless, attributes
from tests.integrations.wordpress_site import (
    ATTACKS,
    EDITOR,
    SHOP,
    WANTS_PHP,
    Site,
)

pytestmark = WANTS_PHP


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

"""Promises about the news site of the demonstration."""

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from store.clock import FixedClock
from store.sandbox.news_site.app import create_news_site
from store.sandbox.news_site.pictures import picture_of
from store.sandbox.news_site.stories import SECTIONS, STORIES, Story
from store.widget.loader import RESERVE
from tests.pages import Page

NOW = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
STORE, NEWS = "http://127.0.0.1:5000", "http://localhost:5002"
site = create_news_site(STORE, "Gay Nation", NEWS, FixedClock(NOW))


def page_at(path: str) -> Page:
    return Page(site.test_client().get(path))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_every_story_carries_the_tag_and_lines_that_need_no_script(story: Story) -> None:
    page = page_at(f"/stories/{story.slug}")

    (tag,) = page.all("store-widget")
    assert tag["store"] == STORE
    assert ("quiet" in tag) == story.is_quiet
    assert page.all("script", type="module") == [{"type": "module", "src": f"{STORE}/widget/v1.js"}]
    assert "Visit the Gay Nation store now" in page.text
    assert "Got tips, or a story that you would like published?" in page.text


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_every_story_says_what_it_is_about(story: Story) -> None:
    page = page_at(f"/stories/{story.slug}")

    assert page.canonical == f"{NEWS}/stories/{story.slug}"
    assert page.meta("og:title") == story.title
    assert page.meta("article:section") == story.section
    assert len(page.all("meta", property="article:tag")) == len(story.tags)
    assert "min read" in page.text
    assert "last updated" in page.text


def test_there_is_something_to_read() -> None:
    assert len(STORIES) >= 12
    assert len(SECTIONS) >= 6
    assert any(story.is_quiet for story in STORIES)


def test_site_allows_of_the_store_no_more_than_the_tag_needs() -> None:
    policy = site.test_client().get("/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style-src 'self';" in policy
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy


def test_site_keeps_the_room_that_the_block_needs() -> None:
    assert RESERVE in (Path(site.static_folder or "") / "site.css").read_text()


def test_the_front_page_leads_to_every_story_and_section() -> None:
    links = page_at("/").links

    assert all(f"/stories/{story.slug}" in links for story in STORIES)
    for section in SECTIONS:
        assert site.test_client().get(f"/sections/{section.lower()}").status_code == 200


def test_no_two_stories_have_the_same_picture() -> None:
    pictures = {picture_of(story.slug) for story in STORIES}

    assert len(pictures) == len(STORIES)
    assert all(ET.fromstring(picture).tag.endswith("svg") for picture in pictures)


@pytest.mark.parametrize("path", ["/stories/no-such", "/sections/no-such", "/pictures/no-such.svg"])
def test_what_is_not_there_is_not_found(path: str) -> None:
    assert site.test_client().get(path).status_code == 404


def test_a_partner_who_is_told_something_has_heard_it() -> None:
    assert site.test_client().post("/partner", json={"type": "order.paid"}).status_code == 204

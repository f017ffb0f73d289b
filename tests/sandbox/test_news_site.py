"""Promises about the news site of the demonstration."""

import pytest

from store.sandbox.news_site.app import create_news_site
from store.sandbox.news_site.stories import STORIES, Story

site = create_news_site("http://127.0.0.1:5000", "Gay Nation")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_every_story_ends_with_the_store_and_the_tips_line(story: Story) -> None:
    page = site.test_client().get(f"/stories/{story.slug}").get_data(as_text=True)

    assert "Visit the <em>Gay Nation</em> store now" in page
    assert "Got tips, or a story that you would like published?" in page


def test_the_front_page_leads_to_every_story() -> None:
    page = site.test_client().get("/").get_data(as_text=True)

    assert all(f"/stories/{story.slug}" in page for story in STORIES)


def test_an_unknown_story_is_not_found() -> None:
    assert site.test_client().get("/stories/no-such").status_code == 404

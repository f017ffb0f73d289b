"""Whatever is written, a letter keeps its promises in both parts."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from store.database import writing
from store.newsletter.campaigns import body
from store.newsletter.campaigns.archive import story_of
from store.newsletter.campaigns.checking import faults_of, links_in
from store.newsletter.campaigns.leading import Campaigned
from store.newsletter.campaigns.letters import addressed, draft_of, letter_of
from store.newsletter.campaigns.writing import CampaignWanted, as_wanted
from store.newsletter.topics import Topic
from store.staff.campaign_checks import SAMPLE_LINK, size_of
from tests.builders import a_product
from tests.shop import Shop

HANDLES = ("late-mug", "tee", "彩虹-t恤", "a-very-long-handle-" + "x" * 60)
LINKS = (
    "/products",
    "/pages/about",
    "/products?q=mug&sort=new#top",
    "https://example.org/a?b=1&c=%20d",
    "https://example.org/(brackets)",
    "mailto:shop@example.org",
    "http://localhost/cart?campaign=77",
)
MARKUP = "*_`#>-+1.[]()!<>&\"'\\|~{}:/ \n\t"
NUMBER = 7
# The shop is only read; each example may find it as the last one left it.
relaxed = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=30)
paragraphs = st.one_of(
    words.map(lambda text: f"Say {text.strip('[]{}<>`|')} so"),
    st.sampled_from(LINKS).map(lambda link: f"Look [here](<{link}>) now."),
    st.sampled_from(LINKS).map(lambda link: f"- [one](<{link}>)\n- two"),
    st.sampled_from(HANDLES).map(lambda handle: f"[[product:{handle}]]"),
)
letters = st.lists(paragraphs, min_size=1, max_size=12).map("\n\n".join)
anything = st.text(st.one_of(st.sampled_from(MARKUP), st.characters(codec="utf-8")), max_size=200)


@pytest.fixture
def goods(app: Flask, shop: Shop) -> Shop:
    with writing():
        for handle in HANDLES:
            a_product(shop.clock, handle=handle, title=f"A <b>{handle[:20]}</b>")
    return shop


def wanted(text: str, subject: str = "Something new", preview: str = "") -> CampaignWanted:
    return CampaignWanted("Spring", Topic.DROPS, subject, preview, text, slug="spring")


@relaxed
@given(text=letters)
def test_every_card_and_every_link_stands_in_both_parts(goods: Shop, text: str) -> None:
    campaign = as_wanted(wanted(text), NUMBER)
    lead = Campaigned("http://localhost", NUMBER)

    letter = draft_of(campaign, goods.services)

    assert len(body.handles(text)) <= len(HANDLES)
    for handle in body.handles(text):
        assert lead.shop(f"/products/{handle}") in letter.text
        assert f"[[product:{handle}]]" not in letter.text + letter.html
    for link in links_in(text):
        assert lead(link) in letter.text
    marked = [h for h in hrefs(letter.html) if urlsplit(h).netloc == "localhost"]
    assert all(href.count("campaign=") <= 1 for href in marked)


@relaxed
@given(text=letters)
def test_finished_letter_has_no_placeholder_left(goods: Shop, text: str) -> None:
    campaign = as_wanted(wanted(text), NUMBER)
    if faults_of(campaign, goods.services.settings, now=goods.clock.now()):
        return

    mail = addressed(letter_of(campaign, goods.services), "http://a/l?x=1&y=2", "http://a/p")

    for part in (mail.text, mail.html):
        assert "{{" not in part
    assert mail.text.count("http://a/l?x=1&y=2") == 1
    assert mail.html.count("http://a/l?x=1&amp;y=2") == 1


@relaxed
@given(text=letters)
def test_size_is_that_of_the_mail_that_a_reader_gets(goods: Shop, text: str) -> None:
    letter = draft_of(as_wanted(wanted(text), NUMBER), goods.services)
    link = f"http://localhost{SAMPLE_LINK}"

    told = size_of(letter, goods.services.settings)

    assert told == len(addressed(letter, link, link).html.encode())


@relaxed
@given(text=anything, subject=anything, preview=anything)
@example("<script>x</script>", "<script>x</script>", "<script>x</script>")
@example("[a](javascript:x)\n\n[b]: data:x\n[b]", "", "")
@example("[[product:late-mug]]\r\n```\n[[product:tee]]\n", "\x00", "")
def test_nothing_that_is_typed_becomes_markup_of_its_own(
    goods: Shop, text: str, subject: str, preview: str
) -> None:
    letter = draft_of(as_wanted(wanted(text, subject, preview), NUMBER), goods.services)

    seen = Elements(letter.html)
    assert seen.tags <= MAIL_TAGS
    assert not any(name.startswith("on") for name in seen.attributes)
    assert {urlsplit(href).scheme for href in hrefs(letter.html)} <= SCHEMES
    story = Elements(str(story_of(letter.html, "http://localhost")))
    assert not story.tags & {"script", "style", "head", "body"}
    assert "style" not in story.attributes


MAIL_TAGS = body.TAGS | set(
    "html head meta title style body div table tbody tr td img s br a i b".split()
)
SCHEMES = {"http", "https", "mailto", ""}


class Elements(HTMLParser):
    """What elements and attributes a document has."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.found: list[tuple[str, str]] = []
        self.feed(document)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.found += [(name, value or "") for name, value in attrs]


def hrefs(document: str) -> Iterator[str]:
    for name, value in Elements(document).found:
        if name == "href" and value not in {"{{leave}}", "{{preferences}}"}:
            yield value

"""Promises that a page is read as the tag reads it, whatever somebody wrote into it."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.widget.loader import SCRIPT
from store.widget.reading.fetching import FetchedPage
from store.widget.reading.pages import StoryPage, Tag, story_page
from store.widget.reading.words import ATTRIBUTES, LIMITS, words_of

URL = "https://news.example/a"
SECTION = '<meta property="article:section" content="S">'
BASE = "<base href='https://o.example/x/'>"
PIECES = (
    *"<>/!?&'\"=-[] \n\0",
    "<!--", "-->", "<![CDATA[", "<![if IE]>", "<!doctype", "<?xml", "</", "/>", "&#xD800;", "&#0;",
    "<title>", "</title>", "<script type='application/ld+json'>", "</script>", "<noscript>",
    "<template>", "</template>", "<svg>", "</svg>", "<store-widget ", "</store-widget>", "<a href=",
    "<base href='http://['>", "<link rel=canonical href='//['>", "<meta property=og:title content=",
    "quiet", "count", '{"@graph":[null]}', '{"@type":["Article"],"keywords":[[1,{}],null]}', "é",
)  # fmt: skip


def read(html: str | bytes, charset: str = "") -> StoryPage:
    body = html.encode() if isinstance(html, str) else html
    return story_page(FetchedPage(URL, body, charset))


def asked(page: StoryPage) -> dict[str, tuple[str, str]]:
    tag = page.tags[0] if page.tags else Tag()
    return {
        word.name: (word.value, f"{word.source}{' ' if word.inside else ''}{word.inside}")
        for word in words_of(page, tag)
        if word.value
    }


def linked(**values: object) -> str:
    story = {"@type": "NewsArticle", **values}
    return f'<script type="application/ld+json">{json.dumps(story)}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_attributes_and_their_limits_are_those_of_the_script() -> None:
    script = SCRIPT.read_text(encoding="utf-8")
    (listed,) = re.findall(r'observedAttributes = (\[.*?\]|".*?")', script)
    (limits,) = re.findall(r"const LIMITS = \{(.*?)\};", script)

    assert set(re.findall(r"[\w-]+", listed)) == set(ATTRIBUTES)
    assert {
        name.strip('"'): pattern.strip("()")
        for name, pattern in re.findall(r"([\w\"-]+): /\^(.*?)\$/", limits)
    } == dict(LIMITS)


@pytest.mark.parametrize(
    ("html", "name", "value", "source"),
    [
        (meta("og:title", "Og") + linked(headline="Ld"), "title", "Og", "meta og:title"),
        (meta("og:title", "") + linked(headline="Ld"), "title", "Ld", "linked_data headline"),
        (linked(headline="") + "<title> A\n story </title>", "title", "A story", "title"),
        ("<store-widget title='Mine'>" + meta("og:title", "Og"), "title", "Mine", "attribute"),
        (meta("og:title", "First") + meta("og:title", "Second"), "title", "First", "meta og:title"),
        (SECTION + linked(articleSection="L"), "section", "S", "meta article:section"),
        (linked(articleSection=["One", "Two"]), "section", "One", "linked_data articleSection"),
        (meta("article:tag", "a") + meta("article:tag", "b"), "tags", "a,b", "meta article:tag"),
        (linked(keywords=["a", "b"]), "tags", "a,b", "linked_data keywords"),
        (linked(keywords="a, b"), "tags", "a, b", "linked_data keywords"),
        (linked(keywords=[{"name": "a"}]), "tags", "[object Object]", "linked_data keywords"),
        ("<html lang=de><store-widget locale=fr>", "locale", "fr", "attribute"),
        ("<html lang=de>", "locale", "de", "language"),
        ("<link rel=canonical href='/b?x=1'>", "url", "https://news.example/b?x=1", "canonical"),
        (BASE + "<link rel=CANONICAL href=b>", "url", "https://o.example/x/b", "canonical"),
        ("<link rel='canonical nofollow' href=/b>", "url", URL, "address"),
        ("<link rel=canonical>", "url", URL, "address"),
        ("<store-widget url=/c>", "url", "/c", "attribute"),
        ("<store-widget products=tee,mug>", "products", "tee,mug", "attribute"),
        ("<store-widget quiet>", "quiet", "1", "attribute"),
        ("<store-widget count=4>", "count", "4", "attribute"),
    ],
)  # fmt: skip
def test_value_comes_from_the_first_place_that_has_it(
    html: str, name: str, value: str, source: str
) -> None:
    assert asked(read(html))[name] == (value, source)


@pytest.mark.parametrize(
    ("html", "name"),
    [
        ("<store-widget title=''>" + meta("og:title", "Og"), "title"),
        ("<store-widget tags>" + meta("article:tag", "a"), "tags"),
        ("<store-widget count=9>", "count"),
        ("<title></title>", "title"),
        ("<svg><title>A picture</title></svg>", "title"),
        ("<noscript>" + meta("og:title", "Og") + "</noscript>", "title"),
        ("<template>" + meta("og:title", "Og") + "</template>", "title"),
        ("<!-- " + meta("og:title", "Og") + " -->", "title"),
        (meta("OG:title", "Og"), "title"),
        ("<meta name='og:title' content='Og'>", "title"),
        (linked(headline="x", **{"@type": "Recipe"}), "title"),
        (linked(headline="x").replace("}<", ",}<"), "title"),
    ],
)
def test_what_the_script_would_not_see_is_not_read(html: str, name: str) -> None:
    assert name not in asked(read(html))


def test_story_is_found_in_a_graph_after_scripts_that_are_broken() -> None:
    graph = json.dumps(
        [
            {"@type": "Person"},
            {"@graph": [{"@type": ["Thing", "BlogPosting"], "headline": "Found"}]},
        ]
    )
    broken = ["{,}", "[null]", "NaN", "[" * 100_000, '{"a":' * 100_000]
    scripts = "".join(
        f"<script type='application/LD+json'>{text}</script>" for text in [*broken, graph]
    )

    page = read(scripts)

    assert asked(page)["title"] == ("Found", "linked_data headline")
    assert page.broken_linked_data == len(broken)


def test_half_a_character_in_json_harms_nobody() -> None:
    page = read(linked(headline="Half \ud83c of it"))

    assert asked(page)["title"][0] == "Half � of it"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("<title>Café “Süd”</title>".encode(), ""),
        ("<title>Café “Süd”</title>".encode(), "utf-8"),
        ("<title>Café “Süd”</title>".encode("cp1252"), "windows-1252"),
        ("<title>Café “Süd”</title>".encode("cp1252"), "iso-8859-1"),
        ("<title>Café “Süd”</title>".encode("cp1252"), ""),
        ("<title>Café “Süd”</title>".encode("cp1252"), "no-such-charset"),
        ("<title>Café “Süd”</title>".encode("cp1252"), "zlib"),
        ("<meta charset='windows-1252'><title>Café “Süd”</title>".encode("cp1252"), ""),
        ("<title>Café “Süd”</title>".encode("utf-8-sig"), "windows-1252"),
        ("<title>Café “Süd”</title>".encode("utf-16"), "utf-8"),
    ],
)
def test_words_survive_their_charset(body: bytes, charset: str) -> None:
    assert read(body, charset).title == "Café “Süd”"


def test_bytes_of_no_charset_become_something() -> None:
    page = read(b"<title>\xff\xfe\x81 \x00</title>", "utf-8")

    assert "�" in page.title


def test_tag_that_looks_closed_is_open_and_takes_what_follows() -> None:
    page = read("<store-widget store='x' /><p><a href='/tips'>Tips</a></p>")

    (tag,) = page.tags
    assert not tag.is_closed
    assert tag.links == ("https://news.example/tips",)


def test_links_of_a_tag_are_those_inside() -> None:
    page = read(
        "<a href=/1></a><store-widget STORE=x store=y><a href=/2></a></store-widget><a href=/3></a>"
    )

    assert page.tags == (Tag({"store": "x"}, ("https://news.example/2",)),)


def test_title_is_text_alone() -> None:
    assert read("<title>A <b>bold</b> &amp; short one</title>").title == "A <b>bold</b> & short one"


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<!",
        "<?",
        "</",
        "<a ",
        "<a a='",
        "<![CDATA[",
        "<title>",
        "<script>",
        "&#",
        "<store-widget>",
    ],
)
def test_half_a_megabyte_of_anything_is_read(unit: str) -> None:
    page = read(unit * (500_000 // len(unit)))

    assert page.url == URL


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_whatever_stands_on_a_page_it_is_read(html: str) -> None:
    page = read(html.encode(errors="replace"))

    tags = [*page.tags, Tag()]
    assert all(len(words_of(page, tag)) == len(ATTRIBUTES) - 4 for tag in tags)
    assert replace(page) == page

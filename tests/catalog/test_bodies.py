"""Promises about the descriptions that come in as HTML."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.catalog.importing.bodies import foreign_elements, markdown_from_html
from store.catalog.importing.notes import RowRefusedError
from store.web.markdown import rendered_markdown


def rendered(body: str) -> str:
    return " ".join(str(rendered_markdown(markdown_from_html(body))).split())


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("", ""),
        ("Plain  text", "Plain text"),
        ("One\ntwo\n\nthree", "One two\n\nthree"),
        ("<p>A <b>bold</b> and <i>fine</i> tee</p>", "A **bold** and *fine* tee"),
        ("<p>A<br>B</p><p></p><p>C</p>", "A\\\nB\n\nC"),
        ("<h2>Care</h2>Wash cold", "## Care\n\nWash cold"),
        ("<p>x</p><ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "x\n\n- a\n- b\n  - c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ('<a href="https://x.test/a b">link</a>', "[link](<https://x.test/a%20b>)"),
        ("a<hr>b", "a\n\n***\n\nb"),
        ("AT&amp;T &copy; 2026", "AT&T © 2026"),
        ("<p><strong>Note:</strong>it</p>", "<strong>Note:</strong>it"),
    ],
)
def test_markup_becomes_markdown(body: str, markdown: str) -> None:
    assert markdown_from_html(body) == markdown


def test_size_chart_stays_a_table() -> None:
    chart = "<table><tr><th>Size</th></tr>\n\n<tr><td colspan=2>S</td></tr></table>"

    assert '<td colspan="2">S</td>' in rendered(chart)


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        "<p>[x](javascript:alert(1))</p>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&lt;img src=x onerror=alert(1)&gt;",
        "<svg/onload=alert(1)>",
        '<p style="background:url(javascript:alert(1))" onclick="alert(1)">x</p>',
        "<table><tr><td><script>alert(1)</script><img onerror=alert(1) src=x></table>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    ],
)
def test_nothing_executable_is_left(body: str) -> None:
    markup = rendered(body)

    assert "<script" not in markup
    assert "<img" not in markup
    assert "<svg" not in markup
    assert 'href="javascript' not in markup
    assert " on" not in markup.replace("&lt;img src=x onerror", "")


@given(text=st.text(max_size=60))
def test_plain_words_are_rendered_as_words(text: str) -> None:
    markup = rendered(text.replace("<", "").replace("&", ""))

    assert "<h" not in markup
    assert "<li" not in markup
    assert "<a " not in markup
    assert "<em" not in markup


@given(body=st.text(alphabet="<>/abiplu&;# \n*_[]()!-=`", max_size=120))
def test_any_markup_is_turned(body: str) -> None:
    assert "<script" not in rendered(body)


def test_what_a_description_loses_is_named() -> None:
    body = "<IMG><p><script></script><iframe><style>p{}</style><math><mi>x</mi></math>"

    assert foreign_elements(body) == ["iframe", "img", "math", "script", "style"]


@pytest.mark.parametrize(
    "piece", ["<div>", "<ul><li>", "<b>", "<a><p>", "<!--", "<", "&", "[", "*"]
)
def test_hostile_markup_is_refused_or_turned_quickly(piece: str) -> None:
    began = time.process_time()

    markdown_from_html(
        piece * (4_900 // piece.count("<") if "<" in piece else 100_000 // len(piece))
    )
    with pytest.raises(RowRefusedError):
        markdown_from_html(piece * 100_001)

    assert time.process_time() - began < 5

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
        ("a<hr>b", "a\n\n___\n\nb"),
        ("AT&amp;T &copy; 2026", "AT&T © 2026"),
        ("<p><strong>Note:</strong>it</p>", "<strong>Note:</strong>it"),
        ("<b>S</b><b>ilver</b> <i>pl</i><em>ate</em>", "**Silver** *plate*"),
        ("<b>a</b>*<strong>b</strong>", "**a**\\***b**"),
        ("<dl><dt>Size</dt><dd>40</dd></dl>", "Size\n\n40"),
        ("<details><summary>Care</summary>Cold</details>", "Care\n\nCold"),
        ("<section>One</section><header>Two</header>", "One\n\nTwo"),
        ("<pre>S 10\nM  20</pre>z", "S 10\\\nM 20\n\nz"),
        ('x<ol start="2"><li>b</li><li>c</li></ol>', "x\n\n2. b\n3. c"),
        ("<p>x</p><li>a</li><li>b</li>y", "x\n\n- a\n- b\n\ny"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b"),
        ("<ol><li>a</li></ol><ol><li>b</li></ol>", "1. a\n\n1) b"),
        (
            "<table> <caption>In <b>cm</b></caption>\n<tr><td>1</td></tr></table>",
            "In **cm**\n\n<table> <tbody><tr><td>1</td></tr></tbody></table>",
        ),
    ],
)
def test_markup_becomes_markdown(body: str, markdown: str) -> None:
    assert markdown_from_html(body) == markdown


@pytest.mark.parametrize(
    ("body", "markdown"),
    [
        ("One\ntwo\n\nthree", "One\\\ntwo\n\nthree"),
        ("A <b>bold</b> tee.\n\nWash cold.\nHang.", "A **bold** tee.\n\nWash cold.\\\nHang."),
        ("<b>x\n\ny</b> z", "<strong>x\\\ny</strong> z"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n\nafter", "- a\n- b\n\nafter"),
        ("<h2>Care\nlabel</h2>\nCold", "## Care label\n\nCold"),
    ],
)
def test_lines_are_kept_where_they_count(body: str, markdown: str) -> None:
    assert markdown_from_html(body, lines_count=True) == markdown


def test_list_behind_a_list_of_another_text_is_another_list() -> None:
    texts = ("<ul><li>a</li></ul>", "<ul><li>b</li></ul>")

    assert markdown_from_html("Short & plain", *texts) == "Short & plain\n\n- a\n\n* b"


_WORDS = st.sampled_from(["a", "b c", "tee.", "'x'", "S", "1", "2.", "-", "*", " ", "\n", "&nbsp;"])
_NAMES = "p b i em strong ul ol li div h2 h3 blockquote a section dl dt dd pre".split()


def _inside_elements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(_NAMES),
        st.lists(inner, max_size=3),
    )


@given(
    parts=st.lists(
        st.recursive(_WORDS | st.sampled_from(["<br>", "<hr>"]), _inside_elements, max_leaves=8),
        max_size=5,
    ),
    lines_count=st.booleans(),
)
def test_what_goes_out_comes_in_as_it_was(parts: list[str], *, lines_count: bool) -> None:
    markup = rendered_markdown(markdown_from_html("".join(parts), lines_count=lines_count))

    assert rendered_markdown(markdown_from_html(markup)) == markup


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

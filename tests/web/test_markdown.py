"""Markdown and imported markup, made safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.web.markdown import plain_text, rendered_markdown


def test_headings_of_any_height_stay_headings() -> None:
    markup = str(rendered_markdown("# One\n\n##### Five\n\n<h6>Six</h6>"))

    assert '<h2 id="at-one">One</h2>' in markup
    assert '<h4 id="at-five">Five</h4>' in markup
    assert "<h4>Six</h4>" in markup


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        '<a href="javascript:alert(1)">x</a>',
        '<p style="position:fixed" onclick="alert(1)">x</p>',
        "<iframe src=https://example.org></iframe>",
        "<style>body{display:none}</style>",
        "<svg><script>alert(1)</script></svg>",
        "<form action=/cart><input name=x></form>",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_that_runs_or_styles_survives(hostile: str) -> None:
    markup = rendered_markdown(hostile).lower()

    for banned in (
        "<script",
        "onerror",
        'href="javascript',
        "style",
        "onclick",
        "<iframe",
        "<form",
        "<svg",
        'href="data',
        "alert(1)</",
    ):
        assert banned not in markup


@given(st.text(max_size=200))
def test_any_text_is_rendered_without_a_script(text: str) -> None:
    assert "<script" not in rendered_markdown(text).lower()


def test_headings_can_be_linked_to_and_never_collide() -> None:
    markup = rendered_markdown("## How long\n\n## How long")

    assert 'id="at-how-long"' in markup
    assert 'id="at-how-long-2"' in markup


def test_top_headings_step_down_below_the_pages_own() -> None:
    assert "<h1" not in rendered_markdown("# Title\n\n<h1>Other</h1>")


def test_tables_and_lists_stay() -> None:
    markup = rendered_markdown("| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- one")

    assert "<table>" in markup
    assert "<li>one</li>" in markup


def test_imported_markup_keeps_its_paragraphs() -> None:
    assert rendered_markdown("<p>One <strong>two</strong></p>") == "<p>One <strong>two</strong></p>"


def test_plain_text_ends_between_words() -> None:
    shown = plain_text("**Heavy** cotton, [printed](https://example.org) in Marrickville.", 30)

    assert shown == "Heavy cotton, printed in…"


def test_plain_text_has_no_markup_left() -> None:
    assert plain_text("<p>Fish &amp; <b>chips</b></p>\n\n- salt") == "Fish & chips salt"


@pytest.mark.parametrize("words", ["Men's sizes", "Men’s sizes"])
def test_heading_has_one_name_whatever_the_shape_of_its_apostrophe(words: str) -> None:
    assert 'id="at-mens-sizes"' in rendered_markdown(f"## {words}")

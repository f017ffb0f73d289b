"""What every template and style sheet promises."""

import re
from pathlib import Path

import pytest

from store.paths import STATIC, TEMPLATES

PAGES = sorted(
    path
    for path in TEMPLATES.rglob("*.html")
    if "mail" not in path.parts and path.name != "mail.html"
)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
STYLESHEETS = sorted((STATIC / "css").rglob("*.css"))
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def name_of(path: Path) -> str:
    return path.stem


def markup(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_has_no_inline_script_or_style(path: Path) -> None:
    found = markup(path)

    assert not re.search(r"\sstyle\s*=", found)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", found)
    assert "<style" not in found
    for script in re.findall(r"<script[^>]*>", found):
        assert "src=" in script or "application/ld+json" in script


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_trusts_no_markup_but_the_filters(path: Path) -> None:
    assert not re.search(r"\|\s*safe\b", markup(path))


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_component_says_how_it_is_used(path: Path) -> None:
    text = path.read_text()

    assert text.startswith("{#")
    assert "Example:" in text[: text.index("#}\n")]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_never_shouts(path: Path) -> None:
    words = " ".join(re.findall(r"_\(\s*\"([^\"]*)\"", markup(path)))

    assert "!" not in words
    assert "oops" not in words.lower()


@pytest.mark.parametrize("path", STYLESHEETS, ids=name_of)
def test_stylesheet_keeps_the_rules_of_the_house(path: Path) -> None:
    rules = STYLE_COMMENT.sub("", path.read_text())

    assert "!important" not in rules
    assert not re.search(r"(^|[\s,}>+~])#[A-Za-z][\w-]*[^;{}]*\{", rules)
    assert not re.search(r"font-size:\s*[\d.]+px", rules)


def test_colours_live_in_the_tokens_alone() -> None:
    strays = [
        path.name
        for path in STYLESHEETS
        if path.name != "tokens.css"
        and re.search(
            r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", STYLE_COMMENT.sub("", path.read_text())
        )
    ]

    assert strays == []

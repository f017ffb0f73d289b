"""What every template and style sheet promises."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from store.paths import ROOT, STATIC, TEMPLATES

FaultsOf = Callable[[Path], list[str]]

PAGES = sorted(
    path
    for path in TEMPLATES.rglob("*.html")
    if "mail" not in path.parts and path.name != "mail.html"
)
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
STYLESHEETS = sorted((STATIC / "css").rglob("*.css"))
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
STYLE_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def markup(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def faults_by_file(paths: Sequence[Path], faults_of: FaultsOf) -> dict[str, list[str]]:
    """Ask all of them in one test: a thousand tests of a line each cost more than their asking."""
    assert paths
    told = {str(path.relative_to(ROOT)): faults_of(path) for path in paths}
    return {name: faults for name, faults in told.items() if faults}


def test_no_template_has_inline_script_or_style() -> None:
    def inline(path: Path) -> list[str]:
        found = markup(path)
        scripts = re.findall(r"<script[^>]*>", found)
        return [
            *re.findall(r"\sstyle\s*=", found),
            *re.findall(r"\son[a-z]+\s*=\s*[\"']", found),
            *re.findall(r"<style", found),
            *(tag for tag in scripts if "src=" not in tag and "application/ld+json" not in tag),
        ]

    assert faults_by_file(PAGES, inline) == {}


def test_no_template_trusts_markup_but_the_filters() -> None:
    def trusting(path: Path) -> list[str]:
        return re.findall(r"\|\s*safe\b", markup(path))

    assert faults_by_file(PAGES, trusting) == {}


def test_every_component_says_how_it_is_used() -> None:
    def unsaid(path: Path) -> list[str]:
        text = path.read_text()
        is_said = text.startswith("{#") and "Example:" in text[: text.index("#}\n")]
        return [] if is_said else ["no example in its first comment"]

    assert faults_by_file(COMPONENTS, unsaid) == {}


def test_no_template_shouts() -> None:
    def shouts(path: Path) -> list[str]:
        words = re.findall(r"_\(\s*\"([^\"]*)\"", markup(path))
        return [said for said in words if "!" in said or "oops" in said.lower()]

    assert faults_by_file(PAGES, shouts) == {}


def test_every_stylesheet_keeps_the_rules_of_the_house() -> None:
    def breaches(path: Path) -> list[str]:
        rules = STYLE_COMMENT.sub("", path.read_text())
        by_id = re.search(r"(^|[\s,}>+~])#[A-Za-z][\w-]*[^;{}]*\{", rules)
        in_pixels = re.search(r"font-size:\s*[\d.]+px", rules)
        found = {"!important": "!important" in rules, "by id": by_id, "in pixels": in_pixels}
        return [name for name, is_there in found.items() if is_there]

    assert faults_by_file(STYLESHEETS, breaches) == {}


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

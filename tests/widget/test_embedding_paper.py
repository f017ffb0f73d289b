"""Promises that the paper for news sites says what is so."""

import re

from store.paths import ROOT
from store.widget.loader import RESERVE, SCRIPT, STYLES
from tests.shop import Shop

PAPER = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")


def test_every_address_in_it_is_ours(shop: Shop) -> None:
    named = set(re.findall(r"`(?:GET )?(/(?:widget|feeds|oembed|from)[\w/.]*)", PAPER))
    known = {rule.rule for rule in shop.app.url_map.iter_rules()}

    assert len(named) >= 7
    assert named <= known


def test_every_attribute_of_the_tag_is_in_it() -> None:
    (listed,) = re.findall(r'observedAttributes = "(.*?)"', SCRIPT.read_text())
    named = set(re.findall(r"^\| `([\w-]+)` \|", PAPER, re.MULTILINE))

    assert named == set(listed.split())


def test_rule_to_reserve_is_the_one_that_the_command_prints() -> None:
    assert RESERVE in PAPER


def test_every_property_and_part_is_there() -> None:
    styles = STYLES.read_text()
    properties = set(re.findall(r"--store-widget-[a-z]+", PAPER))
    (parts,) = re.findall(r"Parts for `::part\(…\)`: (.*)\.", PAPER)

    assert properties == set(re.findall(r"--store-widget-[a-z]+", styles))
    for part in re.findall(r"`(\w+)`", parts):
        assert f'"{part}"' in SCRIPT.read_text()


def test_braces_of_its_snippets_are_in_pairs() -> None:
    for snippet in re.findall(r"```\w+\n(.*?)```", PAPER, re.DOTALL):
        assert snippet.count("{") == snippet.count("}")

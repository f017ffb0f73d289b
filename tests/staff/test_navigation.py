"""The sections of the desk stand in groups; whoever may enter nothing of one does not see it."""

import re

import pytest

from store.staff.navigation import SECTIONS, TITLES, Part
from store.staff.roles import Role
from tests.shop import Shop
from tests.staffing import at_the_desk

HEADING = re.compile(r'class="sections__title"[^>]*>([^<]+)<')
ENTRY = re.compile(r'data-key="."[^>]*>([^<]+)</a>')


@pytest.mark.parametrize(
    ("role", "headings"),
    [
        (Role.OWNER, ["Selling", "Goods", "Readers", "Looking back", "Settings"]),
        (Role.MANAGER, ["Selling", "Goods", "Readers", "Looking back", "Settings"]),
        (Role.FULFILMENT, ["Selling", "Goods"]),
        (Role.EDITOR, ["Selling", "Goods", "Readers", "Looking back"]),
        (Role.ANALYST, ["Selling", "Goods", "Readers", "Looking back"]),
    ],
)
def test_a_role_sees_the_groups_that_hold_something_for_it(
    shop: Shop, role: Role, headings: list[str]
) -> None:
    assert HEADING.findall(at_the_desk(shop, role=role).get("/staff/").text) == headings


def test_settings_are_folded_until_one_is_in_them(shop: Shop) -> None:
    owner = at_the_desk(shop)
    folded, is_open = "sections__group--folded", 'sections__group--folded" open'

    assert folded in owner.get("/staff/orders/").text
    assert is_open not in owner.get("/staff/orders/").text
    assert is_open in owner.get("/staff/tax/").text


def test_whoever_packs_finds_her_sections_and_no_other(shop: Shop) -> None:
    page = at_the_desk(shop, role=Role.FULFILMENT).get("/staff/").text

    entries = [
        "Home",
        "Orders",
        "Returns",
        "Disputes",
        "Gift cards",
        "Products",
        "Collections",
        "Stock",
        "Waiting",
    ]
    assert ENTRY.findall(page) == entries


def test_each_letter_leads_to_one_section_and_each_part_has_a_name() -> None:
    keys = [section.key for section in SECTIONS]

    assert len(keys) == len(set(keys))
    assert {section.part for section in SECTIONS} - {*TITLES} == {Part.TOP}

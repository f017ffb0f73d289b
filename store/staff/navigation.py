"""The sections of the rooms behind the shop, as far as a person may enter them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.staff.models import StaffUser
from store.staff.roles import Permission, Role, grants


class Part(StrEnum):
    """What the navigation is divided into, in its order."""

    TOP = "top"
    SELLING = "selling"
    GOODS = "goods"
    READERS = "readers"
    LOOKING_BACK = "looking_back"
    SETTINGS = "settings"


TITLES: Mapping[Part, LazyString] = {
    Part.SELLING: _l("Selling"),
    Part.GOODS: _l("Goods"),
    Part.READERS: _l("Readers"),
    Part.LOOKING_BACK: _l("Looking back"),
    Part.SETTINGS: _l("Settings"),
}
"""What stands above a part; what is at the top needs nothing above it."""
FOLDED = frozenset({Part.SETTINGS})
"""What is seldom needed stands open only for somebody who is in it."""


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation; `key` follows g as its shortcut."""

    part: Part
    title: LazyString
    path: str
    permission: Permission
    key: str
    beside: str = ""
    """Where else one is in it: what is reached from its own page alone."""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The sections of one part that somebody may enter; there is at least one."""

    part: Part
    title: LazyString | None
    sections: tuple[Section, ...]

    @property
    def current(self) -> Section | None:
        return next((section for section in self.sections if section.is_current), None)

    @property
    def is_folded(self) -> bool:
        return self.part in FOLDED


SECTIONS = (
    Section(Part.TOP, _l("Home"), "/staff/", Permission.SEE_HOME, "h"),
    Section(Part.TOP, _l("Status"), "/staff/status", Permission.SEE_STATUS, "z"),
    Section(Part.SELLING, _l("Orders"), "/staff/orders/", Permission.SEE_ORDERS, "o"),
    Section(Part.SELLING, _l("Returns"), "/staff/returns/", Permission.SEE_ORDERS, "k"),
    Section(Part.SELLING, _l("Disputes"), "/staff/disputes/", Permission.SEE_ORDERS, "j"),
    Section(Part.SELLING, _l("Discounts"), "/staff/discounts/", Permission.SEE_DISCOUNTS, "v"),
    Section(Part.SELLING, _l("Gift cards"), "/staff/gift-cards/", Permission.SEE_GIFT_CARDS, "g"),
    Section(Part.GOODS, _l("Products"), "/staff/products/", Permission.SEE_PRODUCTS, "p"),
    Section(Part.GOODS, _l("Collections"), "/staff/collections/", Permission.SEE_PRODUCTS, "l"),
    Section(Part.GOODS, _l("Stock"), "/staff/stock/", Permission.SEE_STOCK, "s"),
    Section(Part.GOODS, _l("Waiting"), "/staff/waiting/", Permission.SEE_STOCK, "q"),
    Section(Part.GOODS, _l("Import"), "/staff/imports/", Permission.IMPORT, "i"),
    Section(Part.READERS, _l("Shop"), "/staff/shop/", Permission.EDIT_CONTENT, "w"),
    Section(Part.READERS, _l("Under stories"), "/staff/widget/", Permission.EDIT_CONTENT, "u"),
    Section(Part.READERS, _l("Search words"), "/staff/search/", Permission.EDIT_CONTENT, "f"),
    Section(Part.READERS, _l("Newsletter"), "/staff/newsletter/", Permission.SEE_CAMPAIGNS, "y"),
    Section(Part.READERS, _l("Inbox"), "/staff/inbox/", Permission.SEE_INBOX, "m"),
    Section(
        Part.READERS,
        _l("Subscribers"),
        "/staff/subscribers/",
        Permission.SEE_SUBSCRIBERS,
        "a",
        beside="/staff/suppressions/",
    ),
    Section(Part.LOOKING_BACK, _l("Reports"), "/staff/reports/", Permission.SEE_REPORTS, "r"),
    Section(Part.LOOKING_BACK, _l("Changes"), "/staff/changes/", Permission.SEE_AUDIT, "c"),
    Section(Part.SETTINGS, _l("Shipping"), "/staff/shipping/", Permission.EDIT_SETTINGS, "d"),
    Section(Part.SETTINGS, _l("Tax"), "/staff/tax/", Permission.EDIT_SETTINGS, "x"),
    Section(Part.SETTINGS, _l("Brand"), "/staff/brand/", Permission.EDIT_SETTINGS, "b"),
    Section(Part.SETTINGS, _l("Mails"), "/staff/wording/", Permission.EDIT_SETTINGS, "t"),
    Section(Part.SETTINGS, _l("People"), "/staff/people/", Permission.MANAGE_STAFF, "e"),
    Section(Part.SETTINGS, _l("Connections"), "/staff/connections/", Permission.CONNECT, "n"),
)


def groups_for(person: StaffUser, path: str) -> tuple[Group, ...]:
    """Return what this person may enter, part by part, and mark the section that she is in."""
    role = Role(person.role)
    open_to_her = [
        replace(section, is_current=_is_in(path, section))
        for section in SECTIONS
        if grants(role, section.permission)
    ]
    groups = (
        Group(part, TITLES.get(part), tuple(s for s in open_to_her if s.part is part))
        for part in Part
    )
    return tuple(group for group in groups if group.sections)


def current_section(groups: tuple[Group, ...]) -> Section | None:
    """Return where somebody is; None on a page of none of them, such as her account."""
    return next((group.current for group in groups if group.current), None)


def _is_in(path: str, section: Section) -> bool:
    if section.path == "/staff/":
        return path == section.path
    return path.startswith((section.path, section.beside or section.path))

"""The sections of the rooms behind the shop, as far as a person may enter them."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.staff.models import StaffUser
from store.staff.roles import Permission, Role, grants


@dataclass(frozen=True, slots=True)
class Section:
    """One entry of the navigation; `key` follows g as its shortcut."""

    title: LazyString
    path: str
    permission: Permission
    key: str
    is_current: bool = False


SECTIONS = (
    Section(_l("Home"), "/staff/", Permission.SEE_HOME, "h"),
    Section(_l("Orders"), "/staff/orders/", Permission.SEE_ORDERS, "o"),
    Section(_l("Returns"), "/staff/returns/", Permission.SEE_ORDERS, "k"),
    Section(_l("Products"), "/staff/products/", Permission.SEE_PRODUCTS, "p"),
    Section(_l("Collections"), "/staff/collections/", Permission.SEE_PRODUCTS, "l"),
    Section(_l("Stock"), "/staff/stock/", Permission.SEE_STOCK, "s"),
    Section(_l("Discounts"), "/staff/discounts/", Permission.SEE_DISCOUNTS, "v"),
    Section(_l("Import"), "/staff/imports/", Permission.IMPORT, "i"),
    Section(_l("Reports"), "/staff/reports/", Permission.SEE_REPORTS, "r"),
    Section(_l("Inbox"), "/staff/inbox/", Permission.SEE_INBOX, "m"),
    Section(_l("Under stories"), "/staff/widget/", Permission.EDIT_CONTENT, "u"),
    Section(_l("Search words"), "/staff/search/", Permission.EDIT_CONTENT, "f"),
    Section(_l("Shop"), "/staff/shop/", Permission.EDIT_CONTENT, "w"),
    Section(_l("Shipping"), "/staff/shipping/", Permission.EDIT_SETTINGS, "d"),
    Section(_l("Tax"), "/staff/tax/", Permission.EDIT_SETTINGS, "x"),
    Section(_l("Brand"), "/staff/brand/", Permission.EDIT_SETTINGS, "b"),
    Section(_l("Mails"), "/staff/wording/", Permission.EDIT_SETTINGS, "t"),
    Section(_l("People"), "/staff/people/", Permission.MANAGE_STAFF, "e"),
    Section(_l("Changes"), "/staff/changes/", Permission.SEE_AUDIT, "c"),
)


def sections_for(person: StaffUser, path: str) -> tuple[Section, ...]:
    """Return the sections that this person may enter, and mark the one that she is in."""
    role = Role(person.role)
    return tuple(
        Section(s.title, s.path, s.permission, s.key, is_current=_is_in(path, s.path))
        for s in SECTIONS
        if grants(role, s.permission)
    )


def _is_in(path: str, section: str) -> bool:
    return path == section if section == "/staff/" else path.startswith(section)

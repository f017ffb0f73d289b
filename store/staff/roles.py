"""What each role may do: one table, checked in one place by store.staff.permissions."""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """One a person; a StrEnum because Flask-Security compares roles with their names."""

    OWNER = "owner"
    MANAGER = "manager"
    FULFILMENT = "fulfilment"
    EDITOR = "editor"
    ANALYST = "analyst"

    def get_permissions(self) -> set[str]:
        """Return what it may do, for Flask-Security."""
        return {str(permission) for permission in GRANTS[self]}


class Permission(StrEnum):
    """An act, or reading what is not for everybody."""

    OWN_ACCOUNT = "own_account"
    """One's own sign-in, sessions and preferences."""
    SEE_HOME = "see_home"
    SEE_ORDERS = "see_orders"
    SHIP = "ship"
    """Parcels, slips, addresses, notes, mails about an order."""
    REFUND = "refund"
    """Money back, cancelling, parked orders; asks for a fresh second factor."""
    SEE_PRODUCTS = "see_products"
    EDIT_PRODUCTS = "edit_products"
    SEE_STOCK = "see_stock"
    EDIT_STOCK = "edit_stock"
    IMPORT = "import"
    SEE_DISCOUNTS = "see_discounts"
    EDIT_DISCOUNTS = "edit_discounts"
    SEE_GIFT_CARDS = "see_gift_cards"
    EDIT_GIFT_CARDS = "edit_gift_cards"
    """Issue, adjust, void, mail again: money by hand; asks for a fresh second factor."""
    EDIT_CONTENT = "edit_content"
    """Pages, the notice, the block under stories."""
    SEE_INBOX = "see_inbox"
    """Tips to the newsroom."""
    SEE_CAMPAIGNS = "see_campaigns"
    WRITE_CAMPAIGNS = "write_campaigns"
    """Drafts of the newsletter, tests to staff, and who would get them."""
    SEND_CAMPAIGNS = "send_campaigns"
    """Send to readers, schedule, pause, cancel; beginning asks for a fresh second factor."""
    LIFT_SUPPRESSIONS = "lift_suppressions"
    """Let an address be written to again that nobody seemed to read."""
    SEE_SUBSCRIBERS = "see_subscribers"
    """Who gets the newsletter: addresses, and the steps of each consent."""
    EDIT_SUBSCRIBERS = "edit_subscribers"
    """Suppress, erase, take addresses away, bring lists in; asks for a fresh second factor."""
    SEE_REPORTS = "see_reports"
    EDIT_SETTINGS = "edit_settings"
    """Shipping, brand, wording of mails, the shop's doors."""
    SEE_STATUS = "see_status"
    """Whether the shop is well: workers, mails, proofs, the machine."""
    SEE_AUDIT = "see_audit"
    MANAGE_STAFF = "manage_staff"
    """Invitations and roles; asks for a fresh second factor."""
    CONNECT = "connect"
    """Tokens of the API and addresses that are told; asks for a fresh second factor."""


EVERYBODY = frozenset({Permission.OWN_ACCOUNT, Permission.SEE_HOME, Permission.SEE_PRODUCTS})

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {Permission.MANAGE_STAFF, Permission.CONNECT},
    Role.FULFILMENT: EVERYBODY
    | {
        Permission.SEE_ORDERS,
        Permission.SHIP,
        Permission.SEE_STOCK,
        Permission.EDIT_STOCK,
        Permission.SEE_GIFT_CARDS,
    },
    Role.EDITOR: EVERYBODY
    | {
        Permission.EDIT_PRODUCTS,
        Permission.SEE_STOCK,
        Permission.SEE_DISCOUNTS,
        Permission.EDIT_CONTENT,
        Permission.SEE_INBOX,
        Permission.SEE_CAMPAIGNS,
        Permission.WRITE_CAMPAIGNS,
        Permission.SEE_SUBSCRIBERS,
        Permission.SEE_REPORTS,
    },
    Role.ANALYST: EVERYBODY
    | {
        Permission.SEE_ORDERS,
        Permission.SEE_STOCK,
        Permission.SEE_DISCOUNTS,
        Permission.SEE_CAMPAIGNS,
        Permission.SEE_REPORTS,
        Permission.SEE_AUDIT,
    },
}


def grants(role: Role, permission: Permission) -> bool:
    return permission in GRANTS[role]

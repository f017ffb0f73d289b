"""Entries of the audit as people read them: field by field, what it was and what it became."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.money import Money
from store.staff.audit import Undoing, undone_ids
from store.staff.models import AuditEntry
from store.staff.product_words import PARTS as PRODUCT_PARTS
from store.staff.product_words import PartTeller
from store.staff.table_words import PARTS as TABLE_PARTS
from store.staff.value_words import Told, label_words, value_words

FIELDS: Mapping[str, LazyString] = {
    "active": _l("Active"),
    "ahead": _l("Sold before it is here"),
    "app": _l("Authenticator app"),
    "balance": _l("Left on it"),
    "ships_on": _l("Ships about"),
    "to_come": _l("Units to come"),
    "body": _l("Text"),
    "archive": _l("Address in the archive"),
    "bought": _l("Bought one of"),
    "per_minute": _l("Mails a minute"),
    "preview": _l("Preview line"),
    "sections": _l("Signed up under"),
    "topic": _l("About"),
    "number": _l("Readers"),
    "addresses": _l("Sent to"),
    "scheduled_at": _l("To be sent"),
    "collections": _l("Collections"),
    "handle": _l("Address"),
    "featured": _l("On the front page"),
    "hue": _l("Colour"),
    "matching": _l("How products come in"),
    "position": _l("Place in the navigation"),
    "product_type": _l("Type"),
    "published": _l("Published"),
    "standfirst": _l("Standfirst"),
    "published_at": _l("Appears"),
    "seo_description": _l("Search description"),
    "seo_title": _l("Search title"),
    "size_chart": _l("Size chart"),
    "status": _l("Status"),
    "tags": _l("Tags"),
    "title": _l("Title"),
    "types": _l("Types"),
    "unpublish_at": _l("Ends"),
    "vendor": _l("Vendor"),
    "email": _l("Email"),
    "mails": _l("Mails"),
    "name": _l("Name"),
    "of": _l("Copy of"),
    "on_hand": _l("On the shelf"),
    "passkey": _l("Passkey"),
    "passkeys": _l("Passkeys"),
    "role": _l("Role"),
    "rates": _l("Rates"),
    "tax": _l("Tax"),
    "tax_class": _l("Tax class"),
    "closed": _l("Closed"),
    "description": _l("Description"),
    "link": _l("Leads to"),
    "text": _l("Words"),
    "until": _l("Until"),
    "words": _l("Why"),
    "is_silent": _l("Silent"),
    "rule": _l("Rule"),
    "alike": _l("Mean the same"),
    "accent": _l("Colour by day"),
    "accent_night": _l("Colour by night"),
    "address": _l("Postal address"),
    "business_number": _l("Business number"),
    "legal_name": _l("Name of the business"),
    "price_note": _l("Beside prices"),
    "return_days": _l("Days to change one’s mind"),
    "sender": _l("Sender"),
    "opening": _l("Opening"),
    "closing": _l("Closing"),
    "subject": _l("Subject"),
    "statement": _l("On card statements"),
    "tagline": _l("Line below the name"),
    "amount": _l("Amount"),
    "code": _l("Code"),
    "combines": _l("Goods and shipping together"),
    "currency": _l("Currency"),
    "ends_at": _l("Until"),
    "kind": _l("Takes off"),
    "minimum": _l("From a value of"),
    "most_in_all": _l("Orders at most"),
    "most_per_reader": _l("Orders of one address"),
    "percent": _l("Percentage"),
    "scope": _l("Goods"),
    "starts_at": _l("From"),
    "targets": _l("For these"),
    "choice": _l("Choice"),
    "expected": _l("Expected"),
    "fields": _l("Fields"),
    "our_words": _l("In our words"),
    "ships_anyway": _l("Sent all the same"),
    "carrier": _l("Carrier"),
    "goes_to": _l("Goes to"),
    "lines": _l("For"),
    "mail": _l("Mail"),
    "note": _l("Note"),
    "phone": _l("Phone"),
    "reason": _l("Reason"),
    "recipient": _l("Mailed to"),
    "instructions": _l("How to send it"),
    "good": _l("Good units"),
    "damaged": _l("Damaged units"),
    "replacement": _l("Sent with order"),
    "returns": _l("Back on the shelf"),
    "shipped": _l("Units sent"),
    "state": _l("State"),
    "tracking": _l("Tracking number"),
    "edition": _l("Edition"),
    "told": _l("Buyers told"),
    "sold": _l("On sale"),
    "file": _l("File"),
    "allowed": _l("Downloads allowed"),
    "expires_at": _l("Open until"),
    "expires": _l("Expires"),
    "kinds": _l("Told of"),
    "messages": _l("Messages"),
    "old_secret_ends": _l("The secret before ends at once"),
    "prefix": _l("Begins with"),
    "scopes": _l("May"),
    "url": _l("Address"),
    "agreed_where": _l("Agreed where"),
    "agreed_on": _l("Agreed on"),
    "topics": _l("Topics"),
    "rows": _l("Lines"),
}
"""What a field is called; one that is not listed goes by its own name."""
ACTS: Mapping[str, LazyString] = {
    "ahead.set": _l("Set when it is sold ahead"),
    "campaign.created": _l("Began a campaign"),
    "campaign.deleted": _l("Threw a campaign away"),
    "campaign.edited": _l("Edited the campaign"),
    "campaign.tested": _l("Mailed a campaign to staff"),
    "campaign.scheduled": _l("Scheduled the campaign"),
    "campaign.unscheduled": _l("Took the campaign back to draft"),
    "campaign.started": _l("Began to send the campaign"),
    "campaign.paused": _l("Paused the campaign"),
    "campaign.resumed": _l("Let the campaign go on"),
    "campaign.cancelled": _l("Cancelled the campaign"),
    "campaign.archived": _l("Changed whether the campaign stands in the archive"),
    "collection.created": _l("Made the collection"),
    "collection.deleted": _l("Deleted the collection"),
    "collection.edited": _l("Edited the collection"),
    "discount.created": _l("Made the discount"),
    "discount.edited": _l("Edited the discount"),
    "discount.resumed": _l("Let the discount go on"),
    "discount.stopped": _l("Stopped the discount"),
    "gift_card.adjusted": _l("Put on the gift card, or took off"),
    "gift_card.issued": _l("Issued the gift card"),
    "gift_card.mailed_again": _l("Had the gift card mailed again"),
    "gift_card.voided": _l("Voided the gift card"),
    "size_chart.created": _l("Made the size chart"),
    "size_chart.deleted": _l("Deleted the size chart"),
    "size_chart.edited": _l("Edited the size chart"),
    "product.archived": _l("Archived the product"),
    "product.collected": _l("Put into a collection"),
    "product.created": _l("Made the product"),
    "product.deleted": _l("Deleted the product"),
    "product.drafted": _l("Took the product from the shop"),
    "product.duplicated": _l("Copied the product"),
    "product.edited": _l("Edited the product"),
    "product.pictures": _l("Changed the pictures"),
    "product.published": _l("Published the product"),
    "product.tagged": _l("Tagged the product"),
    "product.uncollected": _l("Took out of a collection"),
    "product.untagged": _l("Took a tag off"),
    "prices.set": _l("Set prices for a time"),
    "prices.taken_back": _l("Took prices for a time back"),
    "import.confirmed": _l("Imported a file"),
    "import.discarded": _l("Discarded a file"),
    "import.pictures": _l("Had pictures fetched"),
    "import.undone": _l("Took an import back"),
    "search_words.added": _l("Let words of a search mean the same"),
    "search_words.removed": _l("Took words of a search apart"),
    "story_rule.added": _l("Added a rule for stories"),
    "story_rule.removed": _l("Removed a rule for stories"),
    "widget.silenced": _l("Silenced every story"),
    "widget.speaks": _l("Ended the silence"),
    "notice.written": _l("Changed the line above every page"),
    "page.dropped": _l("Dropped a page"),
    "page.edited": _l("Edited a page"),
    "job.put_aside": _l("Put a job aside"),
    "job.tried_again": _l("Had a job run again"),
    "mail.forgotten": _l("Forgot a refused mail"),
    "mail.tried_again": _l("Had a mail sent again"),
    "person.mails_chosen": _l("Chose mails"),
    "wording.tested": _l("Sent a test of a mail"),
    "wording.written": _l("Changed what a mail says"),
    "brand.written": _l("Changed the brand"),
    "rates.written": _l("Changed the shipping rates"),
    "shop.closed": _l("Closed the shop"),
    "shop.opened": _l("Opened the shop"),
    "mail_report.put_aside": _l("Put aside what came back"),
    "subscriber.erased": _l("Erased an address"),
    "suppression.added": _l("Noted an address that is not mailed"),
    "suppression.lifted": _l("Let an address be mailed again"),
    "subscriber.exported": _l("Took away what is kept of a subscriber"),
    "subscriber.suppressed": _l("Saw to it that an address is never written to"),
    "subscribers.exported": _l("Took addresses away"),
    "subscriber_list.read": _l("Looked at a list of subscribers"),
    "subscriber_list.begun": _l("Had the people of a list asked"),
    "subscriber_list.stopped": _l("Stopped a list of subscribers"),
    "tip.forgotten": _l("Forgot a tip"),
    "stock.adjust": _l("Corrected the shelf"),
    "stock.count": _l("Counted the shelf"),
    "stock.damage": _l("Took away what was damaged"),
    "stock.receive": _l("Received a delivery"),
    "stock.return": _l("Put back what was returned"),
    "person.added": _l("Added a person"),
    "person.app_removed": _l("Removed the authenticator app"),
    "person.app_set_up": _l("Set up an authenticator app"),
    "person.codes_made": _l("Made new recovery codes"),
    "person.factors_removed": _l("Removed the second factors"),
    "person.invited_again": _l("Sent the invitation again"),
    "person.joined": _l("Came in by the invitation"),
    "person.let_go": _l("Let a person go"),
    "person.passkey_added": _l("Added a passkey"),
    "person.passkey_removed": _l("Removed a passkey"),
    "person.password_changed": _l("Changed the password"),
    "person.reset": _l("Gave a link to begin again with"),
    "person.role_given": _l("Gave another role"),
    "person.taken_on": _l("Took a person back on"),
    "return.approved": _l("Approved a return"),
    "return.declined": _l("Declined a return"),
    "return.received": _l("Took a return in"),
    "return.refunded": _l("Gave money back for a return"),
    "return.exchanged": _l("Sent another one for a return"),
    "dispute.worded": _l("Wrote a statement for the bank"),
    "dispute.kept": _l("Kept evidence at Stripe"),
    "dispute.submitted": _l("Submitted evidence to the bank"),
    "dispute.accepted": _l("Accepted a dispute"),
    "dispute.ships_anyway": _l("Lets disputed goods be sent"),
    "order.refunded_again": _l("Gave a failed refund again"),
    "order.paid_otherwise": _l("Noted money paid by other means"),
    "order.refund_dropped": _l("Put a failed refund aside"),
    "order.missing_chosen": _l("Chose for a reader"),
    "order.expected": _l("Said when a delivery is expected"),
    "order.delivered": _l("Said that a parcel arrived"),
    "order.ready": _l("Said that an order lies ready"),
    "order.handed_over": _l("Handed an order over"),
    "taxes.written": _l("Changed how tax is reckoned"),
    "order.accepted": _l("Accepted a parked order"),
    "order.cancelled": _l("Cancelled an order"),
    "order.mailed_again": _l("Mailed a reader again"),
    "order.noted": _l("Wrote a note"),
    "order.readdressed": _l("Changed where an order goes"),
    "order.refunded": _l("Gave money back"),
    "order.released": _l("Closed a pay page"),
    "order.shipped": _l("Sent a parcel"),
    "token.made": _l("Made a token"),
    "token.revoked": _l("Revoked a token"),
    "endpoint.added": _l("Had an address told"),
    "endpoint.edited": _l("Changed an address that is told"),
    "endpoint.ended": _l("Switched an address off"),
    "endpoint.removed": _l("Removed an address"),
    "endpoint.repeated": _l("Had messages sent again"),
    "endpoint.resumed": _l("Switched an address on"),
    "endpoint.rotated": _l("Made another secret"),
    "order.tracking_corrected": _l("Corrected a tracking number"),
    "order.files_given": _l("Gave files of an order"),
    "order.downloads_granted": _l("Allowed more downloads"),
    "product_file.added": _l("Added a file"),
    "product_file.removed": _l("Took a file off sale"),
    "product_file.replaced": _l("Put a new edition of a file on sale"),
}
"""What an act is called, such as "product.edited": Edited the product."""
UNDONE = ".undone"
PARTS: Mapping[str, PartTeller] = {**PRODUCT_PARTS, **TABLE_PARTS}
OF_READERS: Mapping[str, frozenset[str]] = {
    "order": frozenset({"goes_to", "note", "phone", "reason"}),
    "dispute": frozenset({"our_words"}),
    "return": frozenset({"instructions", "reason"}),
    "gift_card": frozenset({"recipient", "reason"}),
    "suppression": frozenset({"words"}),
}
"""Fields by the kind of their thing that say who a reader is, or what was written about her."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field in words; None where it was not there."""

    label: str
    before: Told
    after: Told


@dataclass(frozen=True, slots=True)
class Change:
    """One entry, ready to be shown."""

    id: int
    at: datetime
    who: str
    what: str
    label: str
    fields: tuple[FieldChange, ...]
    can_undo: bool
    is_undone: bool


def money_value(amount: Money) -> dict[str, Any]:
    """Return an amount as entries keep it."""
    return {"minor": amount.minor, "currency": amount.currency}


def shown(
    entries: Sequence[AuditEntry], undoing: Undoing, *, may_undo: bool, sees_readers: bool = True
) -> list[Change]:
    """Return entries in words, with whether whoever looks may take each back.

    Whoever does not see readers is told that something of them changed, and not what.
    """
    undone = undone_ids(entries)
    return [
        Change(
            id=entry.id,
            at=entry.at,
            who=entry.actor_name,
            what=act_words(entry.act),
            label=label_words(entry.kind, entry.label),
            fields=tuple(_fields(entry, sees_readers=sees_readers)),
            can_undo=may_undo and entry.id not in undone and undoing.can_undo(entry),
            is_undone=entry.id in undone,
        )
        for entry in entries
    ]


def act_words(act: str) -> str:
    if act not in ACTS and act.endswith(UNDONE):
        words: str = _("Took back: %(what)s", what=act_words(act.removesuffix(UNDONE)))
        return words
    return str(ACTS.get(act, act.replace(".", " ").replace("_", " ")))


def compared(
    kind: str, expected: Mapping[str, Any], found: Mapping[str, Any] | None
) -> tuple[FieldChange, ...]:
    """Return what an entry left and what is there now, field by field, where they differ."""
    now = found or {}
    return tuple(
        change
        for name, value in expected.items()
        if now.get(name) != value
        for change in field_changes(kind, name, value, now.get(name))
    )


def field_changes(kind: str, name: str, before: Any, after: Any) -> Iterable[FieldChange]:
    """Return one field in words; what is made of parts, such as variants, part by part."""
    if name in PARTS:
        for label, was, became in PARTS[name](before or [], after or []):
            yield FieldChange(label, value_words(was), value_words(became))
        return
    was, became = (value_words(value, kind, name) for value in (before, after))
    # What was empty and stays so is no news: a thing that was made is full of it.
    if was is not None or became is not None:
        yield FieldChange(field_words(name), was, became)


def field_words(name: str) -> str:
    return str(FIELDS.get(name, name.replace("_", " ").capitalize()))


def _fields(entry: AuditEntry, *, sees_readers: bool) -> Iterable[FieldChange]:
    before, after = entry.before or {}, entry.after or {}
    hidden = frozenset[str]() if sees_readers else OF_READERS.get(entry.kind, frozenset())
    for name in {**before, **after}:
        if name in hidden:
            yield FieldChange(field_words(name), None, str(_("not shown to you")))
        else:
            yield from field_changes(entry.kind, name, before.get(name), after.get(name))

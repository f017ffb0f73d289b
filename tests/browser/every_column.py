"""Every column of text, filled with words that would run, or why nobody can write there."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from sqlalchemy import JSON, Column, String, Table, select, update

from store.database import db
from tests.markup import words_for

EXEMPT: Mapping[str, str] = {
    "*.*_hash": "a hash of ours",
    "*.secret": "drawn by us",
    "*.*nonce": "drawn by us",
    "*.currency": "three letters of a list",
    "*.*_currency": "three letters of a list",
    "*.state": "a word of a list of ours",
    "*.kind": "a word of a list of ours",
    "*.network": "an address of a machine, read by the edge",
    "*.locale": "a language that the shop speaks",
    "*.source": "a word of a list of ours",
    "*.purpose": "a word of a list of ours",
    "*.scope": "a word of a list of ours",
    "*.tax_class": "a word of a list of ours",
    "*.intent_id": "drawn by Stripe",
    "*.stripe_id": "drawn by Stripe",
    "*.idempotency_key": "drawn by us",
    "*.handle": "letters, figures and dashes alone; it is an address",
    "*.slug": "letters, figures and dashes alone; it is an address",
    "*.code_key": "what a code is folded to, for the database alone",
    "*.media_type": "a word of a list of ours",
    "*.destination": "two letters of a list",
    "*.countries": "two letters each, of a list",
    "*.topic*": "words of a list of ours",
    "*.message_id": "drawn by us, or by a mail server for its answers alone",
    "*.last_four": "of a code that we drew",
    "*.tax_source": "a word of a list of ours",
    "api_answer.fingerprint": "a hash of ours",
    "api_answer.key": "compared, and shown nowhere",
    "api_token.prefix": "drawn by us",
    "api_token.scopes": "words of a list of ours",
    "article.origin": "one of the origins in the settings",
    "article.url": "an address below one of these origins, in its normal form",
    "audit_entry.act": "a word of ours",
    "audit_entry.thing_id": "a number of ours, or a name of a list",
    "campaign.bought": "numbers of products",
    "campaign.pause_cause": "a word of a list of ours",
    "campaign.sent_html": "made by us of what is seeded; a letter of its own is hostile elsewhere",
    "campaign.sent_text": "made by us of what is seeded",
    "cart.region": "a code of a list",
    "collection.hue": "a word of a list of ours",
    "collection.matching": "a word of a list of ours",
    "collection_rule.field": "a word of a list of ours",
    "collection_rule.relation": "a word of a list of ours",
    "consent_entry.wording_version": "a number of ours",
    "consent_entry.detail": "words of a list of ours",
    "consent_wording.text": "a sentence of ours",
    "consent_wording.version": "a number of ours",
    "discount.target_ids": "numbers of ours",
    "dispute.asked_evidence": "made by us of what is seeded",
    "dispute.asked_key": "drawn by us",
    "dispute.asked_what": "a word of a list of ours",
    "dispute.status": "a word of Stripe's list",
    "gift_card_use.*": "a number of ours",
    "import_row.after": "a product as the editor knows it: its words are seeded there",
    "import_row.before": "as above",
    "import_row.detail": "names of fields and their values: seeded as a product",
    "lease.*": "a name of a process of ours",
    "letterhead.words": "seeded by its own verb, because everything is called by it",
    "mail_recipient.*": "seeded by its own form, which takes addresses alone",
    "mail_report.event_id": "a hash of ours",
    "mail_report.provider": "a word of a list of ours",
    "mail_wording.template": "a name of a list of ours",
    "message.*": "made by us of what is seeded, and read in the gallery",
    "number_series.*": "a name of ours",
    "option_value.swatch": "a colour of six figures",
    "order.areas": "codes of a list, as they were that day",
    "order.cart_fingerprint": "a hash of ours",
    "order.choices": "amounts, and names of ways that are seeded",
    "order.coupon_request": "what we ask Stripe",
    "order.number": "drawn by us",
    "order.presentment": "amounts that Stripe tells",
    "order.session_*": "drawn by Stripe, or what we ask it",
    "order.shipping_kind": "a word of a list of ours",
    "order_line.picture_hash": "a hash of ours",
    "order_return.wish": "a word of a list of ours",
    "order_return_line.reason": "a word of a list of ours",
    "outbox_row.payload": "numbers of ours",
    "parked_form.path": "an address of ours",
    "product.status": "a word of a list of ours",
    "product_edit.about": "a name of ours with a number",
    "product_edit.form": "what a form had: its fields are seeded as a product",
    "product_file.kind": "read from the bytes",
    "product_import.state": "a word of a list of ours",
    "redemption.reader": "a hash of ours",
    "refund.card_parts": "numbers of ours",
    "refund.line_ids": "numbers of ours",
    "refund.means": "a word of a list of ours",
    "refund.status": "a word of Stripe's list",
    "refund_remedy.how": "a word of a list of ours",
    "search_word.*": "parts of words, folded to letters",
    "shipping_rate.kind": "a word of a list of ours",
    "shipping_rate.steps": "numbers",
    "shipping_zone.regions": "codes of a list",
    "signing_certificate.*": "made by Amazon, and shown nowhere",
    "staff_passkey.device_type": "a word of a list of the browser's",
    "staff_passkey.extensions": "shown nowhere",
    "staff_passkey.transports": "words of a list of the browser's",
    "staff_passkey.usage": "a word of a list of the library's",
    "staff_user.fs_*": "drawn by us",
    "staff_user.mf_recovery_codes": "hashes of ours",
    "staff_user.password": "a hash of ours",
    "staff_user.role": "a word of a list of ours",
    "staff_user.tf_*": "encrypted by us",
    "stripe_event.api_version": "said by Stripe in a signed event",
    "stripe_event.body": "signed by Stripe, and shown nowhere",
    "stripe_event.event_id": "drawn by Stripe",
    "subscriber.section": "a name of a section in the settings",
    "subscriber_import.faults": "numbers of lines, with words of a list of ours",
    "suppression.reason": "a word of a list of ours",
    "tax_paper.printed": "a number of ours",
    "tax_terms.terms": "seeded by its own verb, because every price depends on it",
    "tracking_list.rows": "numbers of orders and of parcels as they were read, seeded as parcels",
    "variant.policy": "a word of a list of ours",
    "variant.suggested": "numbers",
    "webhook_cursor.*": "a name of ours",
    "webhook_delivery.body": "JSON of ours, as it is sent",
    "webhook_endpoint.ended_because": "a word of a list of ours",
    "webhook_endpoint.kinds": "words of a list of ours",
    "webhook_token.digest": "a hash of ours",
    "delivery.domain": "a name of a mail server, judged by its form",
    "mail_rest.domain": "a name of a mail server, judged by its form",
    "signup_attempt.domain": "a name of a mail server, judged by its form",
}
"""By table and column; a star stands for anything."""

OF_A_LIST = frozenset({"country", "currency", "status", "kind", "state"})
"""Within JSON: what is chosen and never typed."""


def text_columns() -> Iterator[Column[Any]]:
    for table in db.metadata.sorted_tables:
        yield from (one for one in table.columns if isinstance(one.type, String | JSON))


def reason_for(column: Column[Any]) -> str:
    """Return why nobody can write markup there, or nothing."""
    name = f"{column.table.name}.{column.name}"
    return next((why for pattern, why in EXEMPT.items() if fnmatchcase(name, pattern)), "")


def seed_everything() -> dict[str, int]:
    """Put words that would run into every column that is not exempt; return how many rows each."""
    seeded = {}
    for turn, column in enumerate(text_columns()):
        if not reason_for(column):
            seeded[f"{column.table.name}.{column.name}"] = _seed(column.table, column, turn)
    return seeded


def _seed(table: Table, column: Column[Any], turn: int) -> int:
    keys = list(table.primary_key.columns)
    rows = db.session.execute(select(*keys, column)).all()
    for place, row in enumerate(rows):
        *key, before = row
        words = words_for(getattr(column.type, "length", None), turn * 100 + place)
        after = _in_shape(before, words) if isinstance(column.type, JSON) else words
        statement = update(table).values({column.name: after})
        for name, value in zip(keys, key, strict=True):
            statement = statement.where(name == value)
        db.session.execute(statement)
    return len(rows)


def _in_shape(before: Any, words: str) -> Any:
    """Return JSON of the same shape, with these words in the place of each text."""
    if isinstance(before, dict):
        return {
            name: value if name in OF_A_LIST else _in_shape(value, words)
            for name, value in before.items()
        }
    if isinstance(before, list):
        return [_in_shape(value, words) for value in before]
    return words[:120] if isinstance(before, str) else before

"""What workers do, as people who run a shop say it."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

WORDS: Mapping[str, LazyString] = {
    "back_in_stock.note": _l("Note who waits for what is sold out"),
    "bounces.open_topic": _l("Confirm what tells us of returned mail"),
    "catalog.fetch_import_pictures": _l("Fetch pictures of an import"),
    "catalog.follow_prices": _l("Follow new prices"),
    "catalog.make_renditions": _l("Make sizes of a picture"),
    "catalog.read_import": _l("Compare a product file"),
    "catalog.undo_import": _l("Take an import back"),
    "catalog.write_import": _l("Write an import"),
    "checkout.replay_event": _l("Work in what Stripe told"),
    "connections.deliver": _l("Tell a partner"),
    "content.open_shop": _l("Open the shop again"),
    "gift_cards.mail": _l("Mail a gift card"),
    "mail.send": _l("Send a mail"),
    "newsletter.invite": _l("Ask a new subscriber"),
    "orders.erase_data": _l("Erase what is kept of a reader"),
    "orders.mail_data_link": _l("Mail a reader what is kept of her"),
    "orders.mail_links": _l("Mail a reader her orders"),
    "orders.tell_new_date": _l("Tell readers of another day"),
    "orders.tell_of_edition": _l("Tell buyers of a new edition"),
    "staff.mail_new_password": _l("Mail a colleague a new password"),
    "widget.find_title": _l("Read the title of a story"),
}


def job_words(kind: str) -> str:
    """Return what a job does; of a kind that nobody named, its kind."""
    return str(WORDS.get(kind, kind))

"""What this room keeps of a reader, and forgets when she asks."""

from collections.abc import Mapping

from store.keyed import email_hash_of
from store.services import Services
from store.waiting.last_unit.own_data import forget_places_of, kept_places
from store.waiting.left_carts.own_data import forget_links_of, kept_links


class WaitingKeeper:
    """Its part in what is kept: places in the queue for a last unit, and links of carts."""

    def kept(self, email: str, services: Services) -> Mapping[str, object]:
        """Return what the rows of this address say."""
        email_hash = email_hash_of(email, services.settings)
        found = {"last_unit": kept_places(email_hash), "left_cart": kept_links(email_hash)}
        return {subject: rows for subject, rows in found.items() if rows}

    def erase(self, email: str, services: Services) -> None:
        """Forget the address; what it agreed to stays in the ledger, under a keyed hash."""
        email_hash = email_hash_of(email, services.settings)
        forget_places_of(email.lower(), email_hash)
        forget_links_of(email.lower(), email_hash)

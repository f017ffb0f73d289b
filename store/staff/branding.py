"""The brand as staff write it: one letterhead, written down and taken back."""

from collections.abc import Sequence

from store.mail.letterhead import NAMES, Words, write_letterhead, written_words
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry

KIND = "brand"
THING = Thing(KIND, "1")


def save_brand(words: Words, actor: Actor, services: Services) -> None:
    """Say this of the brand wherever the shop says who it is; flushes only."""
    before = _brand()
    write_letterhead(words, services.clock)
    record(actor, "brand.written", THING, clock=services.clock, before=before, after=_brand())


class BrandUndo:
    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        return _brand()

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        wanted: Values = {**_brand(), **values}
        words = {name: str(word) for name, word in wanted.items() if word}
        write_letterhead(words, services.clock)


def _brand() -> dict[str, str | None]:
    """Return what staff wrote; nothing where the environment says it."""
    words = written_words()
    return {name: words.get(name) for name in NAMES}

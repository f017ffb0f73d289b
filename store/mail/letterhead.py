"""Who the shop is in print: what staff wrote of the brand, over what the environment says."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ScalarSelect, select

from store.clock import Clock
from store.database import bump_public_version, db, insert_into
from store.mail.models import Letterhead
from store.settings import Settings

NAMES = (
    "name",
    "tagline",
    "legal_name",
    "business_number",
    "address",
    "email",
    "sender",
    "statement",
    "price_note",
    "return_days",
    "accent",
    "accent_night",
)
"""What staff may say; each is a setting behind brand_."""
NUMBERS = frozenset({"return_days"})
TAX_NAME, TAX_EXTRA = "tax_name", "prices_without_tax"
"""What the terms of tax say beside prices; kept here, where every page reads it at no cost."""
Words = Mapping[str, str]


def branded(settings: Settings) -> Settings:
    """Return the settings as they are in print now; reads the open transaction."""
    return in_print(settings, written_words())


def in_print(settings: Settings, words: Words) -> Settings:
    """Return the settings with these words in the place of the environment's."""
    changed: dict[str, object] = {
        f"brand_{name}": _setting(name, words[name]) for name in NAMES if words.get(name)
    }
    if TAX_EXTRA in words:
        changed |= {"tax_name": words[TAX_NAME], "prices_include_tax": not words[TAX_EXTRA]}
    return settings.model_copy(update=changed) if changed else settings


def _setting(name: str, word: str) -> str | int:
    return int(word) if name in NUMBERS else word


def written_words() -> Words:
    """Return what staff wrote, and only that."""
    return db.session.scalar(select(words_question())) or {}


def words_question() -> ScalarSelect[Any]:
    """Return what asks for the words beside other things; no answer means that nobody wrote any."""
    return select(Letterhead.words).where(Letterhead.id == 1).scalar_subquery()


def write_letterhead(words: Words, clock: Clock) -> None:
    """Say this of the brand from now on, and of the rest what the environment says. Flushes only.

    Whoever asks has checked that settings may hold these words.
    """
    kept = {name: words[name] for name in NAMES if words.get(name)}
    of_tax = {n: w for n, w in written_words().items() if n in {TAX_NAME, TAX_EXTRA}}
    _write({**kept, **of_tax}, clock)


def tell_tax(terms: tuple[str, bool] | None, clock: Clock) -> None:
    """Say beside prices what tax is called and whether it is in them; None as settings have it."""
    kept = {n: w for n, w in written_words().items() if n not in {TAX_NAME, TAX_EXTRA}}
    if terms is not None:
        name, is_included = terms
        kept |= {TAX_NAME: name, TAX_EXTRA: "" if is_included else "yes"}
    _write(kept, clock)


def _write(kept: Words, clock: Clock) -> None:
    written: dict[str, object] = {"words": dict(kept), "changed_at": clock.now()}
    db.session.execute(
        insert_into(Letterhead)
        .values(id=1, **written)
        .on_conflict_do_update(index_elements=[Letterhead.id], set_=written)
        .execution_options(synchronize_session=False)
    )
    bump_public_version()

"""Promises about what is kept of a consent: the words themselves, and never a row less."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from store.database import db, writing
from store.mail.letterhead import write_letterhead
from store.newsletter.back_in_stock.wording import WORDING as STOCK_WORDING
from store.newsletter.models import ConsentEntry, ConsentWording, SuppressionReason
from store.newsletter.subscribing import erase, suppress
from store.newsletter.wording import CONSENTS, WORDING, WORDINGS, box_words
from store.paths import ROOT
from tests.newsletter.signing_up import (
    DAY,
    ask,
    join,
    ledger,
    newest_link,
    post,
    wait,
)
from tests.newsletter.test_preferences import reader
from tests.newsletter.waiting import asked as asked_for_stock
from tests.shop import Shop

KEPT_FOR_EVER = ("consent_entry", "consent_wording")


def wordings() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(ConsentWording.version, ConsentWording.text).order_by(ConsentWording.version)
    )
    return [(row.version, row.text) for row in rows]


def agreed_to() -> list[str | None]:
    """Return the words of each step, or none."""
    return list(
        db.session.scalars(
            select(ConsentWording.text)
            .select_from(ConsentEntry)
            .outerjoin(ConsentWording, ConsentWording.text_hash == ConsentEntry.wording_hash)
            .order_by(ConsentEntry.id)
        )
    )


def test_words_that_were_agreed_to_can_be_shown(app: Flask, shop: Shop) -> None:
    ask(shop, wording=WORDING)
    ask(shop, "other@example.org", wording=WORDING)

    words = box_words("Gay Nation").consent
    assert "Leave with one click." in words
    assert agreed_to() == [words, words]
    assert wordings() == [(WORDING, words)]


def test_words_of_then_stand_when_the_brand_is_called_otherwise(app: Flask, shop: Shop) -> None:
    ask(shop, wording=WORDING)
    with writing():
        write_letterhead({"name": "Late Edition"}, shop.clock)
    ask(shop, "other@example.org", wording=WORDING)

    first, second = agreed_to()
    assert first is not None
    assert second is not None
    assert first.startswith("Gay Nation mails you")
    assert second.startswith("Late Edition mails you")


def test_page_that_was_opened_under_older_words_keeps_those(app: Flask, shop: Shop) -> None:
    ask(shop, wording="2026-11")

    (words,) = agreed_to()
    assert words is not None
    assert "when something new comes out" in words


def test_words_that_nobody_published_are_not_kept(app: Flask, shop: Shop) -> None:
    ask(shop, wording="2031-01")

    assert agreed_to() == [None]
    assert wordings() == []


def test_words_of_other_boxes_are_kept_as_well(shop: Shop, variant: int) -> None:
    asked_for_stock(shop, variant, wording=STOCK_WORDING)

    (words,) = agreed_to()
    assert words is not None
    assert words.startswith("One mail when it is back")


def test_no_two_versions_say_the_same_and_the_box_shows_the_newest(app: Flask) -> None:
    said = [str(words) for words in CONSENTS.values()]

    assert len(said) == len(set(said)) == len(WORDINGS)
    assert box_words("Gay Nation").wording == WORDING == max(WORDINGS)


@pytest.fixture
def rewritten(app: Flask) -> Iterator[list[str]]:
    """What is said to the database that changes or takes away a row of the ledger."""
    found: list[str] = []

    def hear(_c: object, _u: object, statement: str, *_rest: object) -> None:
        plain = statement.replace('"', "").casefold()
        if plain.startswith(("update", "delete", "truncate")) or "do update" in plain:
            target = plain.split(" where ", 1)[0]
            found.extend(name for name in KEPT_FOR_EVER if name in target)

    event.listen(db.engine, "before_cursor_execute", hear)
    yield found
    event.remove(db.engine, "before_cursor_execute", hear)


def test_life_of_a_reader_only_adds_to_the_ledger(shop: Shop, rewritten: list[str]) -> None:
    join(shop)
    page = newest_link("preferences")
    post(shop, page, topics="sales")
    post(shop, f"{page}/pause", months="3")
    post(shop, f"{page}/pause", months="0")
    post(shop, newest_link("leave"))
    wait(shop, 2 * DAY)
    join(shop)
    with writing():
        erase(reader(), shop.services)
    wait(shop, DAY)
    ask(shop, "stranger@example.org")
    post(shop, newest_link("confirm"), disown="1")
    with writing():
        suppress("hash", SuppressionReason.COMPLAINED, shop.clock)

    steps = ["asked", "confirmed", "topics", "paused", "resumed", "left"]
    assert ledger() == [*steps, "asked", "confirmed", "erased", "asked", "disowned"]
    assert rewritten == []


def test_no_code_of_the_store_rewrites_the_ledger() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "store").rglob("*.py"))
        for line in _rewritings(path)
    ]

    assert guilty == []


def _rewritings(path: Path) -> Iterator[int]:
    """Yield where a module updates or deletes rows of the ledger, by statement or by object."""
    source = path.read_text(encoding="utf-8")
    if "ConsentEntry" not in source and "ConsentWording" not in source:
        return
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and _name(node.func) in {"update", "delete"}
            and {"ConsentEntry", "ConsentWording"} & {_name(given) for given in node.args}
        ):
            yield node.lineno


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else str(getattr(node, "attr", ""))

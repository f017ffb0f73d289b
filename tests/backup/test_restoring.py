"""Promises about `store restore`: the same shop elsewhere, and nothing over what stands there."""

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from store.cli.backup import backup
from store.database import db, writing
from store.inventory.models import StockLevel
from store.media.private_files import name_of_hash
from store.migrating import alembic_config, current_revision, newest_revision
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.starting import begin, schedule
from store.orders.models import Order, OrderState
from tests.backup.moving import (
    Place,
    a_picture,
    an_archive,
    archives,
    hash_of,
    let_go,
    restore,
    with_pictures,
)
from tests.buying import a_variant, buy, deliver, thanks
from tests.campaigns import a_campaign
from tests.invariants import assert_invariants
from tests.selling_files import PDF, a_file
from tests.shop import Shop


def numbers_in(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = db.session.execute(select(Order.number, Order.state).order_by(Order.id)).all()
        return [(number, state) for number, state in found]


def numbers_at(place: Place) -> list[tuple[str, str]]:
    app = place.open()
    found = numbers_in(app)
    let_go(app)
    return found


@pytest.fixture
def archive(app: Flask, shop: Shop, reader: FlaskClient, tmp_path: Path) -> Path:
    """The backup of a shop with a picture, a file and an order that was paid."""
    with_pictures(shop)
    variant_id = a_variant(shop)
    a_picture(shop)
    a_file(shop, a_variant(shop), content=PDF)
    thanks(reader, buy(shop, reader, variant_id))
    deliver(shop)
    return an_archive(shop, tmp_path / "backups")


def test_the_same_shop_stands_elsewhere(archive: Path, shop: Shop, place: Place) -> None:
    result = restore(place, archive)

    assert result.exit_code == 0, result.output
    assert "Stock and gift cards are what their ledgers say." in result.output
    assert "Stripe knows of no payment that is not here." in result.output
    assert "store orders reconcile" in result.output
    assert numbers_at(place) == numbers_in(shop.app)
    assert [state for _, state in numbers_at(place)] == [OrderState.PAID]
    restored = place.open()
    with restored.app_context():
        assert_invariants(shop.sandbox)
    let_go(restored)


def test_pictures_and_files_are_there_again(archive: Path, shop: Shop, place: Place) -> None:
    restore(place, archive)

    pictures = shop.services.settings.data_dir / "media", place.settings.data_dir / "media"
    before, after = (
        {path.name: path.read_bytes() for path in folder.rglob("*.webp")} for folder in pictures
    )
    assert len(before) == 1
    assert after == before
    sold = place.services.files.open(name_of_hash(hash_of(PDF)))
    assert sold is not None
    assert sold.read() == PDF


def test_a_database_that_stands_there_stays_unless_its_end_is_typed(
    archive: Path, place: Place
) -> None:
    restore(place, archive)
    other = place.open()
    with other.app_context(), writing():
        db.session.scalars(select(Order)).one().number = "GN-OTHER"
    let_go(other)

    refused = restore(place, archive)
    kept = numbers_at(place)
    replaced = restore(place, archive, "--replace")

    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert [number for number, _ in kept] == ["GN-OTHER"]
    assert replaced.exit_code == 0, replaced.output
    assert [number for number, _ in numbers_at(place)] != ["GN-OTHER"]


def test_a_database_that_somebody_uses_is_not_replaced(archive: Path, place: Place) -> None:
    restore(place, archive)
    other = place.open()
    with other.app_context():
        db.session.scalars(select(Order)).all()

        result = restore(place, archive, "--replace")

    let_go(other)
    assert result.exit_code == 1
    assert "in use" in result.output
    assert len(numbers_at(place)) == 1


def test_files_of_another_shop_stay_unless_it_is_typed(archive: Path, place: Place) -> None:
    stranger = place.settings.data_dir / "files" / name_of_hash("0" * 64)
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"somebody else's")

    result = restore(place, archive)

    assert result.exit_code == 1
    assert "there are files already" in result.output
    assert stranger.read_bytes() == b"somebody else's"


def test_a_restore_that_was_cut_short_is_begun_again(archive: Path, place: Place) -> None:
    restore(place, archive, "--check")
    own = place.settings.data_dir / "files" / name_of_hash(hash_of(PDF))
    own.parent.mkdir(parents=True)
    own.write_bytes(PDF[:100])

    result = restore(place, archive)

    assert result.exit_code == 0, result.output
    assert own.read_bytes() == PDF


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_one_changed_byte_anywhere_and_nothing_is_written(
    archive: Path, place: Place, where: float
) -> None:
    content = bytearray(archive.read_bytes())
    # The first byte of some member's content: what pads a member to its end is no part of it.
    at = content.index(PDF[:64]) if where > 0.5 else 600 + int(where * 1_000)
    content[at] ^= 1
    archive.write_bytes(content)

    result = restore(place, archive)

    assert result.exit_code == 1
    assert "differs" in result.output
    assert not (place.settings.data_dir / "store.sqlite").exists()
    assert list(place.services.files.kept()) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7, 0.9, 0.999])
def test_an_archive_that_was_cut_off_is_refused(archive: Path, place: Place, share: float) -> None:
    content = archive.read_bytes().rstrip(b"\0")
    archive.write_bytes(content[: int(len(content) * share)])

    result = restore(place, archive)

    assert result.exit_code == 1
    assert list(place.services.files.kept()) == []


def test_a_whole_archive_is_known_without_writing(archive: Path, place: Place) -> None:
    result = restore(place, archive, "--check")

    assert result.exit_code == 0
    assert "is whole" in result.output
    assert list(place.services.files.kept()) == []


def test_what_is_no_archive_is_refused(shop: Shop, place: Place, tmp_path: Path) -> None:
    letter = tmp_path / "letter.tar"
    letter.write_text("Dear shop, " * 1_000)

    assert restore(place, letter).exit_code == 1
    assert "not there" in restore(place, tmp_path / "nothing.tar").output


def test_what_was_paid_since_is_named(
    archive: Path, shop: Shop, place: Place, reader: FlaskClient
) -> None:
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=5))
    with shop.app.app_context():
        variant_id = db.session.scalars(select(StockLevel.variant_id)).first()
    assert variant_id is not None
    thanks(reader, buy(shop, reader, variant_id))
    later = numbers_in(shop.app)[-1][0]

    result = restore(place, archive)

    assert result.exit_code == 0, result.output
    assert f"{later}: paid there, and unknown here" in result.output


def test_numbers_that_no_ledger_explains_are_named(
    app: Flask, shop: Shop, place: Place, tmp_path: Path
) -> None:
    variant_id = a_variant(shop, stock=5)
    with writing():
        level = db.session.scalars(select(StockLevel)).one()
        level.on_hand = 7
    archive = an_archive(shop, tmp_path / "backups")

    result = restore(place, archive)

    assert result.exit_code == 1
    assert f"stock of variant {variant_id}: on_hand is 7, not 5" in result.output


def test_campaigns_that_may_have_gone_since_rest(
    app: Flask, shop: Shop, place: Place, tmp_path: Path
) -> None:
    with writing():
        sending, due, later = (a_campaign(shop.clock, title=title) for title in "ABC")
        begin(sending, shop.services)
        schedule(due, shop.clock.now() + timedelta(hours=1), shop.services)
        schedule(later, shop.clock.now() + timedelta(days=9), shop.services)
    archive = an_archive(shop, tmp_path / "backups")
    shop.clock.move_to(shop.clock.now() + timedelta(days=1))

    result = restore(place, archive)

    assert "The campaign “A” rests" in result.output
    assert "The campaign “B” rests" in result.output
    assert "“C”" not in result.output
    restored = place.open()
    with restored.app_context():
        states = db.session.scalars(select(Campaign.state).order_by(Campaign.title)).all()
    let_go(restored)
    assert states == [CampaignState.PAUSED, CampaignState.DRAFT, CampaignState.SCHEDULED]


def test_an_older_schema_is_brought_up_to_date(archive: Path, place: Place, tmp_path: Path) -> None:
    restore(place, archive)
    command.downgrade(alembic_config(place.settings.database_url), "-1")
    behind = place.open()
    made = behind.test_cli_runner().invoke(backup, [str(tmp_path / "behind"), "--quiet"])
    let_go(behind)

    result = restore(place, archives(tmp_path / "behind")[0], "--replace")

    assert (made.exit_code, result.exit_code) == (0, 0), made.output + result.output
    assert current_revision(place.settings) == newest_revision()
    assert numbers_at(place)


def test_an_archive_of_newer_code_waits_for_that_code(archive: Path, place: Place) -> None:
    content = archive.read_bytes()
    known = (newest_revision() or "").encode()
    archive.write_bytes(content.replace(b'"revision": "' + known, b'"revision": "' + known[::-1]))

    result = restore(place, archive)

    assert result.exit_code == 1
    assert "newer than this code" in result.output
    assert list(place.services.files.kept()) == []

"""Promises about `store backup`: what is in an archive, what is not, and which ones stay."""

import fcntl
import json
import os
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from store.backup.keeping import LOCK
from store.catalog.files.keeping import BEING_COPIED, forget_bytes
from store.catalog.files.models import ProductFile
from store.cli.backup import backup
from store.database import db, writing
from store.jobs.leases import end_turn, take_lease
from store.media.images import original_name
from store.media.private_files import name_of_hash
from store.settings import Settings
from store.web.machine import last_backup
from tests.backup.moving import (
    Place,
    a_picture,
    an_archive,
    archives,
    hash_of,
    let_go,
    make_backup,
    with_pictures,
)
from tests.buying import a_variant
from tests.selling_files import EPUB, PDF, a_file, a_new_edition
from tests.shop import Shop


def names_in(archive: Path) -> list[str]:
    with tarfile.open(archive) as tar:
        return tar.getnames()


def read_from(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as tar:
        found = tar.extractfile(name)
        assert found is not None
        return found.read()


def kept_files(settings: Settings) -> Path:
    return settings.data_dir / "files"


def test_database_pictures_and_files_are_in_it(app: Flask, shop: Shop, tmp_path: Path) -> None:
    with_pictures(shop)
    variant_id = a_variant(shop)
    picture, _ = a_picture(shop), a_file(shop, variant_id, content=PDF)

    archive = an_archive(shop, tmp_path / "backups")

    assert names_in(archive)[1:] == [
        f"pictures/{original_name(picture.content_hash)}",
        f"files/{name_of_hash(hash_of(PDF))}",
        "SHA256SUMS",
        "manifest.json",
    ]
    told = json.loads(read_from(archive, "manifest.json"))
    assert told["rows"]["product"] == told["rows"]["product_file"] == told["rows"]["image"] == 1
    assert told["missing"] == []


def test_every_member_has_its_checksum(app: Flask, shop: Shop, tmp_path: Path) -> None:
    with_pictures(shop)
    a_file(shop, a_variant(shop), content=PDF)
    a_picture(shop)

    archive = an_archive(shop, tmp_path / "backups")

    *members, _sums, _manifest = names_in(archive)
    wanted = [f"{hash_of(read_from(archive, name))}  {name}" for name in members]
    assert read_from(archive, "SHA256SUMS").decode().splitlines() == wanted


def test_no_secret_is_in_it_and_nobody_else_reads_it(shop: Shop, tmp_path: Path) -> None:
    archive = an_archive(shop, tmp_path / "backups")

    content, settings = archive.read_bytes(), shop.services.settings
    for secret in (settings.secret_key, settings.stripe_key, *settings.stripe_webhook_secrets):
        assert secret.get_secret_value().encode() not in content
    assert archive.stat().st_mode & 0o077 == 0


def test_pictures_that_only_an_undo_would_name_come_along(
    app: Flask, shop: Shop, tmp_path: Path
) -> None:
    with_pictures(shop)
    a_variant(shop)
    picture = a_picture(shop)
    with writing():
        db.session.query(ProductFile).delete()
        db.session.execute(db.text("DELETE FROM image"))

    archive = an_archive(shop, tmp_path / "backups")

    assert f"pictures/{original_name(picture.content_hash)}" in names_in(archive)


def test_what_is_named_and_nowhere_is_told_and_removes_no_older_backup(
    app: Flask, shop: Shop, tmp_path: Path
) -> None:
    a_file(shop, a_variant(shop), content=PDF)
    folder = tmp_path / "backups"
    an_archive(shop, folder)
    shop.clock.move_to(shop.clock.now() + timedelta(hours=1))
    (kept_files(shop.services.settings) / name_of_hash(hash_of(PDF))).unlink()

    result = make_backup(shop, folder, "--keep", "1")

    assert result.exit_code == 1
    assert f"files/{name_of_hash(hash_of(PDF))} is missing" in result.output
    assert len(archives(folder)) == 2


def test_only_a_whole_one_counts_as_the_last(app: Flask, shop: Shop, tmp_path: Path) -> None:
    a_file(shop, a_variant(shop), content=PDF)
    settings = shop.services.settings
    path = kept_files(settings) / name_of_hash(hash_of(PDF))
    path.rename(tmp_path / "elsewhere")
    make_backup(shop, tmp_path / "backups")
    before = last_backup(settings)
    (tmp_path / "elsewhere").rename(path)

    an_archive(shop, tmp_path / "whole")

    assert before is None
    assert last_backup(settings) is not None


def test_what_has_other_bytes_than_its_name_says_is_told(
    app: Flask, shop: Shop, tmp_path: Path
) -> None:
    a_file(shop, a_variant(shop), content=PDF)
    path = kept_files(shop.services.settings) / name_of_hash(hash_of(PDF))
    path.write_bytes(b"%PDF-1.7 rotten")

    result = make_backup(shop, tmp_path / "backups")

    assert result.exit_code == 1
    assert "is damaged" in result.output


def test_only_the_newest_are_kept_and_what_is_no_backup_stays(shop: Shop, tmp_path: Path) -> None:
    for _day in range(3):
        an_archive(shop, tmp_path)
        shop.clock.move_to(shop.clock.now() + timedelta(days=1))
    (tmp_path / "store-of-cheese.tar").write_text("gouda")

    result = make_backup(shop, tmp_path, "--keep", "2")

    assert result.exit_code == 0
    kept = [path.name for path in archives(tmp_path)]
    assert kept == [
        "store-20261123T223000Z.tar",
        "store-20261124T223000Z.tar",
        "store-of-cheese.tar",
    ]


def test_what_was_cut_short_is_no_backup_and_is_swept_away(shop: Shop, tmp_path: Path) -> None:
    cut_short = tmp_path / "store-20261101T000000Z.tar.unfinished"
    cut_short.write_bytes(b"half of it")
    (tmp_path / ".store-backup-cut").mkdir()
    (tmp_path / ".store-backup-cut" / "database.sqlite").write_bytes(b"a copy that nobody packed")

    an_archive(shop, tmp_path)

    assert not cut_short.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        LOCK,
        "store-20261121T223000Z.tar",
    ]


def test_two_backups_at_once_are_one(shop: Shop, tmp_path: Path) -> None:
    with (tmp_path / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        result = make_backup(shop, tmp_path)

    assert result.exit_code == 1
    assert "another backup is being made" in result.output
    assert archives(tmp_path) == []


@pytest.mark.parametrize(
    "holder", ["another machine", f"backup:{os.getpid()}"], ids=["machine", "container"]
)
def test_a_backup_into_another_folder_waits_for_its_turn(
    app: Flask, shop: Shop, tmp_path: Path, holder: str
) -> None:
    # The second is another container, where every command has the same number of a process.
    take_lease(BEING_COPIED, holder, timedelta(minutes=5), shop.clock)

    refused = make_backup(shop, tmp_path)
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=6))
    made = make_backup(shop, tmp_path)

    assert (refused.exit_code, made.exit_code) == (1, 0)
    assert "try again in five minutes" in refused.output


def test_where_no_shop_is_none_is_copied(place: Place, tmp_path: Path) -> None:
    nothing = place.open()

    result = nothing.test_cli_runner().invoke(backup, [str(tmp_path / "backups"), "--quiet"])
    let_go(nothing)

    assert result.exit_code == 1
    assert "there is no shop in this database: store db upgrade makes one" in result.output


def test_folder_that_cannot_be_written_is_named(app: Flask, shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("a file")

    result = make_backup(shop, tmp_path / "backups" / "daily")

    assert result.exit_code == 1
    assert str(tmp_path / "backups") in result.output


def test_bytes_that_lose_their_name_wait_for_the_backup_that_names_them(
    app: Flask, shop: Shop
) -> None:
    file = a_file(shop, a_variant(shop), content=EPUB)
    path = kept_files(shop.services.settings) / name_of_hash(hash_of(EPUB))
    long_ago = (shop.clock.now() - timedelta(days=9)).timestamp()
    os.utime(path, (long_ago, long_ago))
    take_lease(BEING_COPIED, "backup", timedelta(minutes=5), shop.clock)
    a_new_edition(shop, file.id, PDF)

    assert forget_bytes(shop.services.files, shop.clock) == 0
    end_turn(BEING_COPIED, "backup", shop.clock.now())
    assert forget_bytes(shop.services.files, shop.clock) == 1
    assert not path.exists()


@pytest.mark.usefixtures("app")
def test_workers_may_take_bytes_away_again_after_a_backup(shop: Shop, tmp_path: Path) -> None:
    an_archive(shop, tmp_path)

    assert take_lease(BEING_COPIED, "somebody else", timedelta(minutes=1), shop.clock)

"""What may be sold as a file, what it is called, and what becomes of its variant."""

from io import BytesIO

import pytest
from flask import Flask

from store.catalog.files.keeping import (
    FileEmptyError,
    FileTooLargeError,
    files_of,
    forget_bytes,
    remove_file,
    replace_file,
    store_file,
)
from store.catalog.files.kinds import KINDS, UnknownKindError, kind_of
from store.catalog.files.models import ProductFile
from store.catalog.files.naming import file_name
from store.catalog.models import Variant
from store.clock import FixedClock, SystemClock
from store.database import db, writing
from store.inventory.stock import levels
from store.media.private_files import FileNameError, name_of_hash
from tests.buying import a_variant
from tests.selling_files import EPUB, MP3, PDF, a_file, hash_of
from tests.shop import Shop


@pytest.mark.parametrize(
    ("begins", "ending"),
    [
        (PDF, "pdf"),
        (EPUB, "epub"),
        (b"PK\x03\x04" + bytes(60), "zip"),
        (MP3, "mp3"),
        (b"\xff\xfb\x90\x64" + bytes(60), "mp3"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(20), "m4a"),
        (b"\x00\x00\x00\x20ftypM4B " + bytes(20), "m4b"),
        (b"\x00\x00\x00\x20ftypavif" + bytes(20), "avif"),
        (b"OggS" + bytes(30), "ogg"),
        (b"fLaC" + bytes(30), "flac"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\xff\xd8\xff\xe0" + bytes(30), "jpg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "png"),
        (b"GIF89a" + bytes(30), "gif"),
    ],
)
def test_kind_is_read_from_the_bytes(begins: bytes, ending: str) -> None:
    content = BytesIO(begins)

    assert kind_of(content).ending == ending
    assert content.tell() == 0


@pytest.mark.parametrize(
    "begins",
    [
        b"<!doctype html><script>",
        b"<svg xmlns='http://www.w3.org/2000/svg'>",
        b"MZ\x90\x00",
        b"#!/bin/sh\n",
        b"\x7fELF",
        b"just words",
        b"\xff\xfe\x00\x00",
        b"\x00\x00\x00\x20ftypmp42",
        b"P",
    ],
)
def test_what_nobody_sells_here_is_refused_whatever_it_is_called(shop: Shop, begins: bytes) -> None:
    with pytest.raises(UnknownKindError):
        store_file("crossword.pdf", BytesIO(begins), shop.services.files, most=1_000)


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ("Crossword.pdf", "Crossword.pdf"),
        ("Crossword.PDF", "Crossword.pdf"),
        ("Crossword", "Crossword.pdf"),
        ("cross.word.v2.pdf", "cross.word.v2.pdf"),
        ("cover.jpg", "cover jpg.pdf"),
        ("C:\\Users\\robin\\last.pdf", "last.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("报纸 крестословица صحيفة.pdf", "报纸 крестословица صحيفة.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ('what "is" this?.pdf', "what is this.pdf"),
        ("CON.pdf", "CON_.pdf"),
        ("...pdf", "pdf.pdf"),
        ("\x00\x00", "download.pdf"),
        ("", "download.pdf"),
        ("می‌خواهم.pdf", "می‌خواهم.pdf"),
    ],
)
def test_name_is_kept_in_every_script_and_harms_no_disk(given: str, called: str) -> None:
    assert file_name(given, KINDS["pdf"]) == called


def test_long_names_fit_on_a_disk() -> None:
    for sign in ("a", "é", "報", "👩‍🚀"):
        name = file_name(sign * 500 + ".pdf", KINDS["pdf"])

        assert len(name.encode()) <= 204
        assert name.endswith(".pdf")


def test_file_over_the_limit_is_refused(shop: Shop) -> None:
    with pytest.raises(FileTooLargeError):
        store_file("long.pdf", BytesIO(PDF), shop.services.files, most=len(PDF) - 1)
    with pytest.raises(FileEmptyError):
        store_file("none.pdf", BytesIO(b""), shop.services.files, most=10)


def test_variant_with_a_file_is_neither_sent_nor_counted(app: Flask, shop: Shop) -> None:
    variant_id = a_variant(shop, stock=3)

    a_file(shop, variant_id)

    variant = db.session.get_one(Variant, variant_id)
    assert not variant.requires_shipping
    assert not variant.tracked
    assert levels([variant_id]) == {}


def test_bytes_lie_outside_the_pictures_folder(app: Flask, shop: Shop) -> None:
    file = a_file(shop, a_variant(shop))
    name = name_of_hash(file.content_hash)

    assert (shop.services.settings.data_dir / "files" / name).read_bytes() == PDF
    assert shop.browser().get(f"/media/{name}").status_code == 404
    assert shop.browser().get(f"/media/../files/{name}").status_code == 404


def test_new_edition_takes_the_place_of_the_old_bytes(app: Flask, shop: Shop) -> None:
    file = a_file(shop, a_variant(shop))
    newer = store_file("Crossword.pdf", BytesIO(PDF + b"2"), shop.services.files, most=99_999)

    with writing():
        assert replace_file(db.session.get_one(ProductFile, file.id), newer, shop.clock)
        assert not replace_file(db.session.get_one(ProductFile, file.id), newer, shop.clock)

    assert (file.edition, file.content_hash) == (2, hash_of(PDF + b"2"))


def test_removed_file_is_sold_no_more_and_its_bytes_stay(app: Flask, shop: Shop) -> None:
    variant_id = a_variant(shop)
    file = a_file(shop, variant_id)

    with writing():
        remove_file(db.session.get_one(ProductFile, file.id), shop.clock)

    assert files_of([variant_id]) == {}
    assert shop.services.files.open(name_of_hash(file.content_hash)) is not None


def test_bytes_that_no_file_names_are_swept_after_a_day(app: Flask, shop: Shop) -> None:
    files = shop.services.files
    kept = a_file(shop, a_variant(shop))
    lost = store_file("lost.pdf", BytesIO(PDF + b"lost"), files, most=99_999)
    now = SystemClock().now()
    day_after = FixedClock(now.replace(year=now.year + 1))

    assert forget_bytes(files, FixedClock(now)) == 0
    assert forget_bytes(files, day_after) == 1

    assert files.open(name_of_hash(lost.content_hash)) is None
    assert files.open(name_of_hash(kept.content_hash)) is not None


@pytest.mark.parametrize("name", ["../secret", "ab/cd", "", "ab/" + "g" * 64])
def test_store_knows_no_other_names_than_hashes(shop: Shop, name: str) -> None:
    with pytest.raises(FileNameError):
        shop.services.files.open(name)

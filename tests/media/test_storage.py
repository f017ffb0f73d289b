"""Promises about the media store: bytes come back, no name leads out of it, absence is no fault."""

from pathlib import Path
from urllib.parse import quote

import pytest
from obstore.store import MemoryStore

from store.errors import UnavailableError
from store.media.storage import MediaNameError, ObjectMedia, open_media
from tests.media.pictures import a_media

NAME = "ab/abcdef-640.webp"


def test_bytes_come_back(tmp_path: Path) -> None:
    media = a_media(tmp_path)

    media.put(NAME, b"a picture")

    assert media.get(NAME) == b"a picture"
    assert media.exists(NAME)


def test_what_is_not_there_is_none(tmp_path: Path) -> None:
    media = a_media(tmp_path)

    assert media.get(NAME) is None
    assert not media.exists(NAME)


def test_name_keeps_its_first_content(tmp_path: Path) -> None:
    media = a_media(tmp_path)
    media.put(NAME, b"first")

    media.put(NAME, b"second")

    assert media.get(NAME) == b"first"


def test_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "größe %41 & more"
    media = open_media(folder.as_uri())

    media.put(NAME, b"a picture")

    assert (folder / NAME).read_bytes() == b"a picture"
    assert quote(folder.name) in folder.as_uri()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../store.sqlite",
        "../../etc/passwd.webp",
        "/etc/passwd.webp",
        "ab/../../x.webp",
        "ab/%2e%2e/x.webp",
        "ab\\..\\x.webp",
        "ab/x.webp\x00.html",
        "ab/x.webp\n",
        ".webp",
        "ab/.hidden.webp",
        "ab//x.webp",
        "ab/x.svg",
        "ab/x.html",
        "ab/x",
        "AB/X.WEBP",
        "ab/é.webp",
        "a" * 300 + ".webp",
    ],
)
def test_name_of_another_form_reaches_no_store(tmp_path: Path, name: str) -> None:
    media = a_media(tmp_path)

    with pytest.raises(MediaNameError):
        media.get(name)
    with pytest.raises(MediaNameError):
        media.put(name, b"x")
    with pytest.raises(MediaNameError):
        media.exists(name)


def test_object_store_is_told_type_and_age() -> None:
    store = MemoryStore()
    media = ObjectMedia(store, keeps_types=True)

    media.put("ab/x.avif", b"a picture")

    told = store.get("ab/x.avif").attributes
    assert told["Content-Type"] == "image/avif"
    assert "immutable" in told["Cache-Control"]


def test_store_that_cannot_write_is_away(tmp_path: Path) -> None:
    media = a_media(tmp_path)
    (tmp_path / "media" / "ab").write_text("a file where a folder must be")

    with pytest.raises(UnavailableError):
        media.put(NAME, b"x")

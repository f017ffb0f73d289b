"""Promises about how pictures are served: for ever, to any site, as pictures, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from store.app import create_app
from store.clock import FixedClock
from store.database import db
from tests.media.pictures import a_media
from tests.shop import open_shop, some_settings

NAME = "ab/" + "ab" * 32 + "-640.webp"
ADDRESS = f"/media/{NAME}"
BYTES = bytes(range(256)) * 80


@pytest.fixture
def visitor(tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[FlaskClient]:
    media = a_media(tmp_path)
    media.put(NAME, BYTES)
    plain = open_shop(some_settings(tmp_path, database_url), clock)
    app = create_app(plain.services.settings, replace(plain.services, media=media))
    yield app.test_client()
    for made in (plain.app, app):
        with made.app_context():
            db.engine.dispose()


def test_picture_is_served_for_ever_and_to_any_site(visitor: FlaskClient) -> None:
    answer = visitor.get(ADDRESS)

    assert answer.data == BYTES
    assert answer.content_type == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_picture_that_the_browser_has_is_not_sent_again(visitor: FlaskClient) -> None:
    etag = visitor.get(ADDRESS).headers["ETag"]

    answer = visitor.get(ADDRESS, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_part_of_a_picture_can_be_asked_for(visitor: FlaskClient) -> None:
    answer = visitor.get(ADDRESS, headers={"Range": "bytes=10-19"})

    assert answer.status_code == 206
    assert answer.data == BYTES[10:20]
    assert answer.headers["Content-Range"] == f"bytes 10-19/{len(BYTES)}"


def test_picture_leaves_in_one_piece_so_that_nobody_slow_is_waited_for(
    visitor: FlaskClient,
) -> None:
    whole, part = visitor.get(ADDRESS), visitor.get(ADDRESS, headers={"Range": "bytes=10-19999"})

    assert [len(list(answer.response)) for answer in (whole, part)] == [1, 1]


def test_head_says_how_long_it_is(visitor: FlaskClient) -> None:
    answer = visitor.head(ADDRESS)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.content_length == len(BYTES)


@pytest.mark.parametrize(
    "path",
    [
        "/media/ab/none.webp",
        "/media/../store.sqlite",
        "/media/%2e%2e/store.sqlite",
        "/media/..%2f..%2fetc%2fpasswd.webp",
        "/media//etc/passwd.webp",
        "/media/%00.webp",
        "/media/ab/x.webp%00.html",
        "/media/ab/x.html",
        "/media/",
        "/media/store.sqlite",
        "/media/" + "a" * 2000 + ".webp",
    ],
)
def test_no_address_leads_out_of_the_pictures(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path, follow_redirects=True).status_code == 404


def test_pictures_cannot_be_posted(visitor: FlaskClient) -> None:
    answer = visitor.post(ADDRESS, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 405

"""Promises about renditions: every name answers, nothing is enlarged, a second run does nothing."""

from pathlib import Path

import pytest
from flask import Flask

from store.catalog.models import Image as ImageRow
from store.catalog.tasks import MakeRenditions, handlers
from store.clock import FixedClock
from store.database import db, public_version, writing
from store.errors import NotFoundError
from store.jobs.outbox import enqueue, run_row
from store.media.images import store_picture
from store.media.renditions import (
    CARD_SIZE,
    WIDTHS,
    make_on_demand,
    make_renditions,
    rendition_name,
    social_card_name,
)
from store.media.storage import MediaStore
from store.services import Services
from tests.builders import a_product, an_image
from tests.media.pictures import a_media, a_picture, as_file, reopened
from tests.shop import Shop

NOWHERE = "0" * 64


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return a_media(tmp_path)


def a_stored_picture(media: MediaStore, width: int = 1400, mode: str = "RGB") -> str:
    content = as_file(a_picture(mode, (width, width * 5 // 4)))
    return store_picture(content, media).content_hash


@pytest.mark.slow
@pytest.mark.parametrize("format_", ["webp", "avif"])
def test_each_width_has_its_own_picture(media: MediaStore, format_: str) -> None:
    picture = a_stored_picture(media)

    make_renditions(picture, media)

    sizes = [reopened(media.get(rendition_name(picture, width, format_))).size for width in WIDTHS]
    assert sizes == [(width, width * 5 // 4) for width in WIDTHS]


def test_small_picture_is_not_enlarged_and_every_name_answers(media: MediaStore) -> None:
    picture = a_stored_picture(media, width=400)

    make_renditions(picture, media)

    widths = [reopened(media.get(rendition_name(picture, width, "webp"))).width for width in WIDTHS]
    assert widths == [160, 320, 400, 400, 400, 400]


def test_see_through_stays_see_through(media: MediaStore) -> None:
    see_through = a_picture("RGBA")
    see_through.putalpha(see_through.getchannel("R"))
    picture = store_picture(as_file(see_through), media).content_hash

    make_renditions(picture, media)

    for format_ in ("webp", "avif"):
        assert reopened(media.get(rendition_name(picture, 320, format_))).mode == "RGBA"


@pytest.mark.slow
def test_card_for_social_networks_has_their_size(media: MediaStore) -> None:
    picture = a_stored_picture(media)

    make_renditions(picture, media)

    card = reopened(media.get(social_card_name(picture)))
    assert (card.size, card.format, card.mode) == (CARD_SIZE, "JPEG", "RGB")


def test_second_run_leaves_the_files_alone(media: MediaStore, tmp_path: Path) -> None:
    picture = a_stored_picture(media, width=300)
    make_renditions(picture, media)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}

    make_renditions(picture, media)

    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")} == before
    assert len(before) == 1 + 2 * len(WIDTHS) + 1


def test_picture_that_is_not_there_is_told(media: MediaStore) -> None:
    with pytest.raises(NotFoundError):
        make_renditions(NOWHERE, media)


def test_rendition_is_made_when_it_is_asked_for(media: MediaStore) -> None:
    picture = a_stored_picture(media, width=700)
    name = rendition_name(picture, 320, "avif")

    made = make_on_demand(name, media)

    assert reopened(made).size == (320, 400)
    assert media.get(name) == made
    assert not media.exists(rendition_name(picture, 320, "webp"))


@pytest.mark.parametrize("ending", ["-321.avif", "-320.jpg", ".avif", "-0320.webp"])
def test_nothing_is_made_of_a_name_that_no_page_uses(media: MediaStore, ending: str) -> None:
    picture = a_stored_picture(media, width=200)

    assert make_on_demand(f"{picture[:2]}/{picture}{ending}", media) is None
    assert make_on_demand(rendition_name(NOWHERE, 320, "avif"), media) is None


def test_job_shows_the_renditions_to_pages(
    app: Flask, shop: Shop, clock: FixedClock, media: MediaStore
) -> None:
    services = Services(
        shop.services.settings,
        clock,
        shop.services.payments,
        shop.services.mailer,
        media,
        shop.services.queue,
        shop.services.files,
    )
    picture = a_stored_picture(media, width=200)
    with writing():
        image_id = an_image(a_product(clock), content_hash=picture).id
        job = enqueue(MakeRenditions(picture), clock).id
    before = public_version(db.session.connection())

    assert run_row(job, handlers(services), clock)

    assert db.session.get_one(ImageRow, image_id).has_renditions
    assert public_version(db.session.connection()) > before

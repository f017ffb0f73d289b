"""Promises about fetching the pictures that product files name."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import select

from store.catalog.importing.models import PictureFault
from store.catalog.models import Image
from store.clock import FixedClock
from store.database import db
from store.jobs.models import OutboxRow
from store.web.doors import EXTENSION
from tests.catalog.importing import Outcome, product, run_import
from tests.media.pictures import a_media, a_picture, as_file, png_that_claims
from tests.shop import Shop, open_shop, some_settings
from tests.widget.paper import Paper, a_paper, a_redirect, an_answer

PNG = as_file(a_picture(size=(30, 40)))
OTHER = as_file(a_picture(size=(50, 40)))


@dataclass(frozen=True, slots=True)
class Gallery:
    """A shop that keeps pictures, a site that has some, and a file that names them."""

    shop: Shop
    site: Paper
    folder: Path

    def bring_in(self, *pictures: tuple[str, str], options: tuple[str, ...] = ()) -> Outcome:
        """Import a product for each pair of its handle and the path of its picture."""
        path = self.folder / "products.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Handle", "Title", "Variant Price", "Image Src"])
            for handle, picture in pictures:
                url = picture if "://" in picture else f"{self.site.url}{picture}"
                writer.writerow([handle, handle.title(), "10", url])
        return run_import(self.shop, path, *(options or ("--fetch-images",)))

    def serve(self, path: str, content: bytes = PNG) -> None:
        self.site.pages[path] = an_answer(content, kind="image/png")


@pytest.fixture(params=["127.0.0.0/8"])
def gallery(
    request: pytest.FixtureRequest, database_url: str, clock: FixedClock, tmp_path: Path
) -> Iterator[Gallery]:
    settings = some_settings(tmp_path, database_url, picture_networks=request.param)
    shop = open_shop(settings, clock)
    services = replace(shop.services, media=a_media(tmp_path))
    shop.app.extensions[EXTENSION] = services
    with a_paper() as site, shop.app.app_context():
        yield Gallery(replace(shop, services=services), site, tmp_path)
        db.session.remove()
        db.engine.dispose()


def test_pictures_come_into_the_shop(gallery: Gallery) -> None:
    gallery.serve("/tee.png")

    outcome = gallery.bring_in(("tee", "/tee.png"))

    (picture,) = product("tee").pictures
    assert (picture.width, picture.height, picture.key) == (30, 40, f"{gallery.site.url}/tee.png")
    assert gallery.shop.services.media.exists(
        f"{picture.content_hash[:2]}/{picture.content_hash}.webp"
    )
    assert "Pictures: 1 fetched, 0 failed, 0 left for later" in outcome.stdout
    assert outcome.summary == "1 new, 0 changed, 0 unchanged, 0 warnings, 0 refused"
    assert outcome.exit_code == 0
    kinds = db.session.scalars(select(OutboxRow.kind)).all()
    assert "catalog.make_renditions" in kinds


def test_without_being_asked_nobody_is_asked(gallery: Gallery) -> None:
    gallery.serve("/tee.png")

    gallery.bring_in(("tee", "/tee.png"), options=("--fetch-images", "--dry-run"))

    assert gallery.site.asked == []


def test_file_comes_back_unchanged_when_its_pictures_are_there(gallery: Gallery) -> None:
    gallery.serve("/tee.png")
    gallery.bring_in(("tee", "/tee.png"))

    again = gallery.bring_in(("tee", "/tee.png"))

    assert again.summary == "0 new, 0 changed, 1 unchanged, 0 warnings, 0 refused"
    assert gallery.site.paths == ["/tee.png"]


def test_same_address_is_asked_once_for_all_products(gallery: Gallery) -> None:
    gallery.serve("/all.png")

    gallery.bring_in(("tee", "/all.png"), ("mug", "/all.png"))
    gallery.bring_in(("cap", "/all.png"))

    assert gallery.site.paths == ["/all.png"]
    hashes = set(db.session.scalars(select(Image.content_hash)))
    assert len(hashes) == 1
    assert hashes != {""}


def test_same_picture_at_two_addresses_is_kept_once(gallery: Gallery) -> None:
    gallery.serve("/a.png")
    gallery.serve("/b.png")

    gallery.bring_in(("tee", "/a.png"), ("mug", "/b.png"))

    assert product("tee").pictures[0].content_hash == product("mug").pictures[0].content_hash


def test_what_is_missing_comes_when_it_is_run_again(gallery: Gallery) -> None:
    gallery.serve("/a.png")
    first = gallery.bring_in(("tee", "/a.png"), ("mug", "/b.png"))
    gallery.serve("/b.png", OTHER)

    second = gallery.bring_in(("tee", "/a.png"), ("mug", "/b.png"))

    assert "Pictures: 1 fetched, 1 failed, 0 left for later" in first.stdout
    assert f"{gallery.site.url}/b.png: the site answers 404" in first.stdout
    assert first.exit_code == 1
    assert "Pictures: 1 fetched, 0 failed, 0 left for later" in second.stdout
    assert second.exit_code == 0
    assert sorted(gallery.site.paths) == ["/a.png", "/b.png", "/b.png"]
    assert db.session.scalars(select(PictureFault)).all() == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<script>alert(1)</script>", "no whole JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no whole JPEG"),
        (PNG[:60], "no whole JPEG"),
        (png_that_claims(20_000, 20_000), "more than 50 million pixels"),
    ],
    ids=["markup", "vector", "cut off", "bomb"],
)
def test_what_is_no_picture_stays_outside(gallery: Gallery, content: bytes, reason: str) -> None:
    gallery.serve("/a.png", content)

    outcome = gallery.bring_in(("tee", "/a.png"))

    assert reason in outcome.stdout
    assert product("tee").pictures[0].content_hash == ""
    assert reason in db.session.scalars(select(PictureFault.reason)).one()


@pytest.mark.parametrize("gallery", [""], indirect=True)
def test_nobody_inside_is_asked(gallery: Gallery) -> None:
    gallery.serve("/a.png")

    outcome = gallery.bring_in(("tee", "/a.png"), ("mug", "http://169.254.169.254/latest"))

    assert outcome.stdout.count("the address leads into a network that is not public") == 2
    assert gallery.site.asked == []


@pytest.mark.parametrize("gallery", ["127.0.0.1/32"], indirect=True)
def test_redirect_leads_nobody_inside(gallery: Gallery) -> None:
    gallery.site.pages["/a.png"] = a_redirect(f"http://127.0.0.2:{gallery.site.port}/b.png")
    gallery.serve("/b.png")

    outcome = gallery.bring_in(("tee", "/a.png"))

    assert "the address leads into a network that is not public" in outcome.stdout
    assert gallery.site.paths == ["/a.png"]


def test_host_that_is_busy_is_left_alone(gallery: Gallery) -> None:
    pictures = [(f"p{n}", f"/{n}.png") for n in range(20)]
    for _, path in pictures:
        gallery.site.pages[path] = an_answer(b"", status="503 Busy")

    outcome = gallery.bring_in(*pictures)

    assert len(gallery.site.asked) <= 6
    assert "0 fetched" in outcome.stdout
    assert f"{20 - len(gallery.site.asked)} left for later" in outcome.stdout
    assert outcome.exit_code == 1

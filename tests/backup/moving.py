"""A shop with pictures and files, its archive, and a new place where it is made again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo
from PIL import Image as Pixels
from sqlalchemy import create_engine, make_url, select, text

from store.app import create_app
from store.catalog.models import Image, Product
from store.cli.backup import backup
from store.cli.restore import restore_command
from store.database import db, writing
from store.media.images import StoredPicture, store_picture
from store.media.private_files import open_files
from store.media.storage import open_media
from store.services import Services
from store.settings import Settings
from store.web.doors import EXTENSION
from tests.shop import Shop, some_settings


@dataclass(frozen=True, slots=True)
class Place:
    """Where a shop can be made: its own database and folders, empty until something is there."""

    settings: Settings
    services: Services

    def open(self) -> Flask:
        return create_app(self.settings, self.services)


def with_pictures(shop: Shop) -> Services:
    """Let the shop keep pictures, which most tests do without."""
    doors = replace(shop.services, media=open_media(shop.services.settings.media_url))
    shop.app.extensions[EXTENSION] = doors
    return doors


def a_picture(shop: Shop, colour: str = "#c0ffee") -> StoredPicture:
    """Hang a picture under the first product; call it inside the app."""
    media = shop.app.extensions[EXTENSION].media
    content = BytesIO()
    Pixels.new("RGB", (8, 8), colour).save(content, "PNG")
    picture = store_picture(content.getvalue(), media)
    with writing():
        product = db.session.scalars(select(Product).order_by(Product.id)).first()
        assert product is not None
        product.images.append(
            Image(
                content_hash=picture.content_hash,
                width=picture.width,
                height=picture.height,
                alt="",
                position=len(product.images) + 1,
            )
        )
    return picture


def make_backup(shop: Shop, folder: Path, *words: str) -> Result:
    made = shop.app.test_cli_runner().invoke(backup, [str(folder), "--quiet", *words])
    return _in_words(made)


def _in_words(result: Result) -> Result:
    """Let no fault pass for a refusal: both end with 1."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def archives(folder: Path) -> list[Path]:
    return sorted(folder.glob("store-*.tar"))


def an_archive(shop: Shop, folder: Path) -> Path:
    made = make_backup(shop, folder)
    assert made.exit_code == 0, made.output
    return archives(folder)[-1]


def restore(place: Place, archive: Path, *words: str) -> Result:
    """Type the command with the settings of that place."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(place.settings).items():
            patch.setenv(name, value)
        restored = place.open()
        runner, obj = restored.test_cli_runner(), ScriptInfo(create_app=lambda: restored)
        result = runner.invoke(restore_command, [str(archive), "--quiet", *words], obj=obj)
    let_go(restored)
    return _in_words(result)


def let_go(app: Flask) -> None:
    """Close its connections, as the end of a process does."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def environment(settings: Settings) -> dict[str, str]:
    return {
        "STORE_SECRET_KEY": settings.secret_key.get_secret_value(),
        "STORE_DATA_DIR": str(settings.data_dir),
        "STORE_DATABASE_URL": settings.database_url,
        "STORE_MAIL_FROM": settings.mail_from,
        "STORE_NEWSROOM_EMAIL": settings.newsroom_email,
        "STORE_STRIPE_KEY": settings.stripe_key.get_secret_value(),
        "STORE_STRIPE_API_BASE": settings.stripe_api_base,
        "STORE_PUBLIC_URL": settings.public_url,
    }


def hash_of(content: bytes) -> str:
    return sha256(content).hexdigest()


def new_place(shop_settings: Settings, doors: Services, folder: Path) -> Iterator[Place]:
    """Give an empty place of the same kind of database; it is gone afterwards."""
    with_database = _new_database(shop_settings.database_url, folder)
    url = next(with_database)
    settings = some_settings(
        folder / "elsewhere",
        url,
        public_url=shop_settings.public_url,
        stripe_api_base=shop_settings.stripe_api_base,
        pay_origins=shop_settings.stripe_api_base,
    )
    media, files = open_media(settings.media_url), open_files(settings.files_url)
    yield Place(settings, replace(doors, settings=settings, media=media, files=files))
    next(with_database, None)


def _new_database(url: str, folder: Path) -> Iterator[str]:
    if url.startswith("sqlite"):
        yield f"sqlite:///{folder / 'elsewhere' / 'store.sqlite'}"
        return
    name = f"store_restored_{uuid4().hex[:12]}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield make_url(url).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()

"""The door to the pictures' bytes: a folder or an object store, chosen by its URL."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from store.errors import InvalidError, UnavailableError

CONTENT_TYPES = {
    "webp": "image/webp",
    "avif": "image/avif",
    "jpg": "image/jpeg",
    "png": "image/png",
}
FOREVER = "public, max-age=31536000, immutable"
_name = re.compile(r"[0-9a-z][0-9a-z_-]{0,99}(/[0-9a-z][0-9a-z_-]{0,99}){0,3}\.(webp|avif|jpg|png)")

_original = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.webp")


class MediaNameError(InvalidError):
    """No picture can have this name: wrong kind, or a way out of the folder."""


class MediaStore(Protocol):
    """Keeps bytes under names such as ab/abcdef….webp; names never change their content.

    Raises MediaNameError for a name of another form, UnavailableError when the store is away.
    """

    def put(self, name: str, content: bytes) -> None: ...

    def put_anew(self, name: str, content: bytes) -> None: ...

    def get(self, name: str) -> bytes | None: ...

    def exists(self, name: str) -> bool: ...

    def originals(self) -> Iterator[str]: ...


def open_media(url: str) -> MediaStore:
    """Open file:///…, s3://bucket/prefix, gs://… or az://…; credentials come as each cloud does."""
    if urlsplit(url).scheme == "file":
        # Read apart: a path may hold spaces and other signs that a URL spells with percent.
        folder = Path(unquote(urlsplit(url).path))
        return ObjectMedia(LocalStore(folder, mkdir=True), keeps_types=False)
    return ObjectMedia(object_store(url), keeps_types=True)


def object_store(url: str) -> ObjectStore:
    """Open an object store by its address, with as much patience as a reader has."""
    patience = {
        "timeout": timedelta(seconds=20),
        "connect_timeout": timedelta(seconds=4),
        # AWS_ALLOW_HTTP is not heard beside options of ours. Whoever names an endpoint by http,
        # such as a store inside her own network, means it; all others are https.
        "allow_http": True,
    }
    retries = {"max_retries": 2, "retry_timeout": timedelta(seconds=30)}
    # Its overloads want to know which cloud; only the address does.
    store: ObjectStore = from_url(url, client_options=patience, retry_config=retries)  # type: ignore[call-overload]
    return store


class ObjectMedia:
    def __init__(self, store: ObjectStore, *, keeps_types: bool) -> None:
        self._store = store
        self._keeps_types = keeps_types

    def put(self, name: str, content: bytes) -> None:
        """Keep the bytes; a name that is there already holds the same bytes and is left alone."""
        if not self.exists(name):
            self.put_anew(name, content)

    def put_anew(self, name: str, content: bytes) -> None:
        """Keep the bytes whatever lies there: it may be what was damaged."""
        about = {"Content-Type": content_type(name), "Cache-Control": FOREVER}
        try:
            obstore.put(self._store, name, content, attributes=about if self._keeps_types else None)
        except BaseError as error:
            raise UnavailableError("the media store did not take a picture") from error

    def get(self, name: str) -> bytes | None:
        try:
            return bytes(obstore.get(self._store, safe_name(name)).bytes())
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise UnavailableError("the media store did not give a picture") from error

    def exists(self, name: str) -> bool:
        try:
            obstore.head(self._store, safe_name(name))
        except FileNotFoundError:
            return False
        except BaseError as error:
            raise UnavailableError("the media store did not answer") from error
        return True

    def originals(self) -> Iterator[str]:
        """Yield the name of each cleaned original: all else is drawn from those."""
        try:
            for part in obstore.list(self._store):
                yield from (one["path"] for one in part if _original.fullmatch(one["path"]))
        except BaseError as error:
            raise UnavailableError("the media store did not list its pictures") from error


def safe_name(name: str) -> str:
    """Return the name if a picture of ours may have it; nothing else reaches the store."""
    if not _name.fullmatch(name):
        raise MediaNameError("no picture has such a name")
    return name


def content_type(name: str) -> str:
    return CONTENT_TYPES[safe_name(name).rpartition(".")[2]]

"""The door to the files that buyers download: a folder or an object store that nobody can browse.

They never lie where pictures lie: what a picture's address leads to is public.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from store.errors import InvalidError, UnavailableError
from store.media.storage import object_store

if TYPE_CHECKING:
    from obstore import ReadableFile

_name = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}")


class FileNameError(InvalidError):
    """No file of ours has this name: it is no hash, or a way out of the folder."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """What lies there under a name, and since when."""

    name: str
    at: datetime


class ReadableBytes(Protocol):
    """Bytes that are read from anywhere: what a range of a download needs."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def tell(self) -> int: ...

    def seekable(self) -> bool: ...

    def close(self) -> None: ...


class FileStore(Protocol):
    """Keeps bytes under names made of their hash; a name never changes its content.

    Raises FileNameError for any other name, UnavailableError when the store is away.
    """

    def put(self, name: str, content: IO[bytes]) -> None: ...

    def open(self, name: str) -> ReadableBytes | None: ...

    def remove(self, name: str) -> None: ...

    def kept(self) -> Iterator[KeptFile]: ...


def name_of_hash(content_hash: str) -> str:
    """Return the name of a file by the SHA-256 of its bytes."""
    return f"{content_hash[:2]}/{content_hash}"


def open_files(url: str) -> FileStore:
    """Open file:///…, s3://bucket/prefix, gs://… or az://…, as pictures are opened."""
    if urlsplit(url).scheme == "file":
        return StoredFiles(LocalStore(Path(unquote(urlsplit(url).path)), mkdir=True))
    return StoredFiles(object_store(url))


class StoredFiles:
    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, name: str, content: IO[bytes]) -> None:
        """Keep the bytes, read part by part, and the date with them: who sweeps goes by it."""
        try:
            obstore.put(self._store, _safe(name), content)
        except BaseError as error:
            raise UnavailableError("the store of files did not take one") from error

    def open(self, name: str) -> ReadableBytes | None:
        try:
            return _Bytes(obstore.open_reader(self._store, _safe(name)))
        except FileNotFoundError:
            return None
        except BaseError as error:
            raise UnavailableError("the store of files did not give one") from error

    def remove(self, name: str) -> None:
        try:
            obstore.delete(self._store, _safe(name))
        except FileNotFoundError:
            return
        except BaseError as error:
            raise UnavailableError("the store of files did not remove one") from error

    def kept(self) -> Iterator[KeptFile]:
        try:
            for part in obstore.list(self._store):
                for found in part:
                    if _name.fullmatch(found["path"]):
                        yield KeptFile(found["path"], found["last_modified"])
        except BaseError as error:
            raise UnavailableError("the store of files did not list them") from error


class _Bytes:
    """Gives plain bytes: what servers write knows no other kind."""

    def __init__(self, found: "ReadableFile") -> None:
        self._found = found

    def read(self, size: int = -1, /) -> bytes:
        return bytes(self._found.read(None if size < 0 else size))

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._found.seek(offset, whence)

    def tell(self) -> int:
        return self._found.tell()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._found.close()


def _safe(name: str) -> str:
    if not _name.fullmatch(name):
        raise FileNameError("no file has such a name")
    return name

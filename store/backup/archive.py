"""One archive: a tar file that any tar reads, its checksums beside it, its manifest last.

The manifest comes last because it says how much there is: an archive that was cut off has none.
"""

import io
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Protocol

from store.backup.copying import BUFFER
from store.backup.errors import ArchiveRefusedError
from store.backup.manifest import Manifest, Part, read_manifest
from store.backup.members import MANIFEST, PARTS, SUMS, hash_in, part_of

LARGEST_MANIFEST = 16 * 1024 * 1024


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(slots=True)
class _Tally:
    """Folds the checksums of a part's members into one, in their order."""

    members: int = 0
    size_bytes: int = 0
    digest: Any = field(default_factory=sha256)

    def add(self, line: bytes, size: int) -> None:
        self.members += 1
        self.size_bytes += size
        self.digest.update(line)

    def part(self) -> Part:
        return Part(self.members, self.size_bytes, self.digest.hexdigest())


class _Hashing:
    """Reads on and remembers the hash of what was read."""

    def __init__(self, content: Readable) -> None:
        self._content = content
        self.digest = sha256()

    def read(self, size: int = -1, /) -> bytes:
        found = self._content.read(size)
        self.digest.update(found)
        return found


class ArchiveWriter:
    """Writes members one after the other, part by part, and what is true of them at the end."""

    def __init__(self, content: IO[bytes], at: datetime) -> None:
        self._tar = tarfile.open(fileobj=content, mode="w")  # noqa: SIM115 - closed when it is whole
        self._at = int(at.timestamp())
        self._sums = TemporaryFile()  # noqa: SIM115 - closed with the writer
        self._tallies = {part: _Tally() for part in PARTS}
        self.damaged: list[str] = []

    def add(self, name: str, content: Readable, size: int) -> None:
        """Copy that many bytes; what is not what its name says is kept and noted."""
        part = part_of(name)
        assert part is not None, f"no archive has a {name}"
        digest = self._write(name, content, size)
        line = f"{digest}  {name}\n".encode()
        self._sums.write(line)
        self._tallies[part].add(line, size)
        if digest != (hash_in(name) or digest):
            self.damaged.append(name)

    def parts(self) -> dict[str, Part]:
        return {name: tally.part() for name, tally in self._tallies.items()}

    def finish(self, manifest: Manifest) -> None:
        size = self._sums.tell()
        self._sums.seek(0)
        self._write(SUMS, self._sums, size)
        told = manifest.to_json()
        self._write(MANIFEST, io.BytesIO(told), len(told))
        self._tar.close()

    def close(self) -> None:
        self._sums.close()

    def _write(self, name: str, content: Readable, size: int) -> str:
        about = tarfile.TarInfo(name)
        about.size, about.mtime, about.mode = size, self._at, 0o600
        reading = _Hashing(content)
        self._tar.addfile(about, reading)
        _forget_members(self._tar)
        return reading.digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Member:
    name: str
    size: int
    content: IO[bytes]
    """Good until the next member is asked for."""


def verified(path: Path, tell: Callable[[int], None]) -> Manifest:
    """Read the whole archive and return its manifest; `tell` is given the bytes read so far.

    Raises ArchiveRefusedError where a byte differs, something is missing, or anything is in it
    that we did not write.
    """
    tallies = {part: _Tally() for part in PARTS}
    lines, last_sums, manifest = sha256(), "", None
    for member in members(path):
        if manifest is not None:
            raise ArchiveRefusedError(f"{member.name} comes after the manifest")
        if member.name == MANIFEST:
            manifest = read_manifest(_read(member, LARGEST_MANIFEST))
            continue
        digest = _digest(member, tell)
        if member.name == SUMS:
            last_sums = digest
            continue
        part = part_of(member.name)
        if part is None:
            raise ArchiveRefusedError(f"{member.name} is no part of a backup")
        line = f"{digest}  {member.name}\n".encode()
        lines.update(line)
        tallies[part].add(line, member.size)
    if manifest is None:
        raise ArchiveRefusedError("it was cut off: its manifest is missing")
    if last_sums != lines.hexdigest():
        raise ArchiveRefusedError("a checksum differs: something in it was changed or lost")
    found = {name: tally.part() for name, tally in tallies.items()}
    if found != dict(manifest.parts):
        raise ArchiveRefusedError("it does not hold what its manifest says")
    return manifest


def members(path: Path) -> Iterator[Member]:
    """Yield what is in it, in order; raises ArchiveRefusedError for what is no archive."""
    try:
        with tarfile.open(path, "r:") as tar:
            for about in tar:
                content = tar.extractfile(about) if about.isreg() else None
                if content is None:
                    raise ArchiveRefusedError(f"{about.name} is no file")
                yield Member(about.name, about.size, content)
                _forget_members(tar)
    except tarfile.TarError as error:
        raise ArchiveRefusedError("it is no whole archive") from error
    except FileNotFoundError as error:
        raise ArchiveRefusedError(f"{path} is not there") from error
    except OSError as error:
        raise ArchiveRefusedError(f"it cannot be read: {error.strerror or error}") from error


def _digest(member: Member, tell: Callable[[int], None]) -> str:
    digest = sha256()
    while found := _read(member, BUFFER):
        digest.update(found)
        tell(len(found))
    return digest.hexdigest()


def _read(member: Member, size: int) -> bytes:
    try:
        return member.content.read(size)
    except tarfile.TarError as error:
        raise ArchiveRefusedError(f"it was cut off within {member.name}") from error


def _forget_members(tar: Any) -> None:
    """Let go of what it remembers of every member until its end."""
    tar.members.clear()

"""What an archive says of itself: which database, which schema, how much of everything."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from store.backup.errors import ArchiveRefusedError

FORMAT = 1
"""Rises when archives of before could not be read any more."""


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of member; its hash is of the lines that SHA256SUMS has for it."""

    members: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Holds no setting and no secret: whoever needs those has them elsewhere."""

    format: int
    made_at: datetime
    """When the database was copied: what happened afterwards is not in it."""
    database: str
    server_version: str
    revision: str
    rows: Mapping[str, int]
    """How many each table has."""
    parts: Mapping[str, Part]
    missing: tuple[str, ...] = ()
    """What the database names and nobody had."""
    damaged: tuple[str, ...] = ()
    """What lay there with other bytes than its name says."""

    @property
    def is_whole(self) -> bool:
        return not self.missing and not self.damaged

    def to_json(self) -> bytes:
        told = asdict(self) | {"made_at": self.made_at.isoformat()}
        return json.dumps(told, indent=2, ensure_ascii=False).encode() + b"\n"


def read_manifest(content: bytes) -> Manifest:
    """Raise ArchiveRefusedError for what is no manifest, or of a form that is not known."""
    try:
        told = json.loads(content)
        if told["format"] != FORMAT:
            raise ArchiveRefusedError("newer code than this made the archive: bring that first")
        return Manifest(
            format=FORMAT,
            made_at=datetime.fromisoformat(told["made_at"]),
            database=str(told["database"]),
            server_version=str(told["server_version"]),
            revision=str(told["revision"]),
            rows={str(name): int(count) for name, count in told["rows"].items()},
            parts={str(name): Part(**part) for name, part in told["parts"].items()},
            missing=tuple(told["missing"]),
            damaged=tuple(told["damaged"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArchiveRefusedError("its manifest cannot be read") from error

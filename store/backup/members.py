"""The names that an archive may hold; there is no other, so none leads out of a folder."""

import re

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
DATABASES = {"sqlite": "database.sqlite.gz", "postgresql": "database.dump"}
"""By dialect: a database that `gunzip` brings back, and what `pg_restore` reads."""
PICTURES, FILES = "pictures", "files"
DATABASE = "database"
PARTS = (DATABASE, PICTURES, FILES)
_named_by_hash = re.compile(
    r"(?:pictures/[0-9a-f]{2}/([0-9a-f]{64})\.webp|files/[0-9a-f]{2}/([0-9a-f]{64}))"
)


def part_of(name: str) -> str | None:
    """Return the part that a member belongs to; None for a name that no archive has."""
    if name in DATABASES.values():
        return DATABASE
    return name.partition("/")[0] if _named_by_hash.fullmatch(name) else None


def hash_in(name: str) -> str | None:
    """Return the SHA-256 that its bytes should have, where the name says it."""
    match = _named_by_hash.fullmatch(name)
    return (match[1] or match[2]) if match else None


def name_below(member: str) -> str:
    """Return what it is called in its own store."""
    return member.partition("/")[2]

"""The files of variants: taken in, replaced by a new edition, taken off sale, swept up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import IO

from sqlalchemy import func, select

from store.catalog.files.kinds import FileKind, kind_of
from store.catalog.files.models import ProductFile
from store.catalog.files.naming import file_name
from store.catalog.models import Variant
from store.clock import Clock
from store.database import bump_public_version, db, end_reading
from store.errors import ConflictError, InvalidError, LimitError
from store.inventory import stock
from store.jobs.leases import is_held
from store.media.private_files import FileStore, name_of_hash

PART_BYTES = 1024 * 1024
MOST_FILES = 20
"""Of one variant."""
LEFT_ALONE = timedelta(days=1)
"""How old bytes must be before nobody can be about to name them."""
BEING_COPIED = "files.being_copied"
"""The lease of whoever copies all files: what was named when it began may still be fetched."""


class FileTooLargeError(LimitError):
    """It is larger than the shop takes."""


class FileEmptyError(InvalidError):
    """There is nothing in it."""


class TooManyFilesError(LimitError):
    """A variant has as many files as it may have."""


class FileGoneError(ConflictError):
    """The file is not sold any more, so it has no new edition."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What lies in the store of files and belongs to nobody yet."""

    name: str
    kind: FileKind
    size_bytes: int
    content_hash: str


def store_file(given_name: str, content: IO[bytes], files: FileStore, *, most: int) -> StoredFile:
    """Keep the bytes of a file, read part by part; opens no transaction.

    Raises UnknownKindError, FileTooLargeError, FileEmptyError.
    """
    digest, size = sha256(), 0
    while part := content.read(PART_BYTES):
        size += len(part)
        if size > most:
            raise FileTooLargeError(f"more than {most} bytes")
        digest.update(part)
    if not size:
        raise FileEmptyError("a file without bytes")
    content.seek(0)
    kind = kind_of(content)
    files.put(name_of_hash(digest.hexdigest()), content)
    return StoredFile(file_name(given_name, kind), kind, size, digest.hexdigest())


def add_file(variant: Variant, stored: StoredFile, clock: Clock) -> ProductFile:
    """Sell the file with this variant, which from now on is neither sent nor counted.

    Flushes only; raises TooManyFilesError.
    """
    known = files_of([variant.id]).get(variant.id, ())
    if len(known) >= MOST_FILES:
        raise TooManyFilesError(f"a variant has at most {MOST_FILES} files")
    added = ProductFile(
        variant_id=variant.id,
        position=max((file.position for file in known), default=0) + 1,
        name=stored.name,
        kind=stored.kind.ending,
        size_bytes=stored.size_bytes,
        content_hash=stored.content_hash,
        added_at=clock.now(),
        changed_at=clock.now(),
    )
    db.session.add(added)
    if not known:
        # Staff may tick it again afterwards: then the file comes beside something that is sent.
        variant.requires_shipping = False
        variant.tracked = False
        stock.stop_tracking(variant.id)
    variant.product.updated_at = clock.now()
    db.session.flush()
    bump_public_version()
    return added


def replace_file(file: ProductFile, stored: StoredFile, clock: Clock) -> bool:
    """Put a new edition in the place of the bytes; return whether it is another. Flushes only.

    Raises FileGoneError.
    """
    if file.removed_at is not None:
        raise FileGoneError(f"file {file.id} is not sold any more")
    if (file.content_hash, file.name) == (stored.content_hash, stored.name):
        return False
    file.name, file.kind = stored.name, stored.kind.ending
    file.size_bytes, file.content_hash = stored.size_bytes, stored.content_hash
    file.edition += 1
    file.changed_at = clock.now()
    db.session.flush()
    bump_public_version()
    return True


def remove_file(file: ProductFile, clock: Clock) -> None:
    """Give it to nobody new; who bought it keeps it. Flushes only."""
    if file.removed_at is None:
        file.removed_at = clock.now()
        db.session.flush()
        bump_public_version()


def sell_again(file: ProductFile) -> None:
    """Put it back on sale with its variant; flushes only."""
    file.removed_at = None
    db.session.flush()
    bump_public_version()


def files_of(variant_ids: Collection[int]) -> Mapping[int, Sequence[ProductFile]]:
    """Return what is sold with these variants, in order, by variant; those without are left out."""
    found: dict[int, list[ProductFile]] = {}
    for file in db.session.scalars(
        select(ProductFile)
        .where(ProductFile.variant_id.in_(variant_ids), ProductFile.removed_at.is_(None))
        .order_by(ProductFile.variant_id, ProductFile.position, ProductFile.id)
    ):
        found.setdefault(file.variant_id or 0, []).append(file)
    return found


def forget_bytes(files: FileStore, clock: Clock) -> int:
    """Remove bytes that no file names any more; return how many. Reads only, in our tables.

    Removes nothing while a backup is being made. Each name is asked for at a moment of its own:
    a file that was added since the first one names its bytes as well.
    """
    old = [kept.name for kept in files.kept() if clock.now() - kept.at > LEFT_ALONE]
    removed = 0
    for name in old:
        end_reading()
        named = select(func.count()).where(ProductFile.content_hash == name.rpartition("/")[2])
        # In this order: what loses its name after that finds the lease taken.
        if not db.session.scalar(named) and not is_held(BEING_COPIED, clock):
            files.remove(name)
            removed += 1
    return removed

"""Which products and sections changed since a public version: what a listing must read again."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from store.catalog.models import ProductChange
from store.catalog.prices.current import last_change
from store.database import db, version_question, when_version_rises
from store.statements import read

MOST_BEHIND = 5_000
"""Versions for which changes are kept: whoever is further behind reads everything."""
_NEVER = 2**31 - 1
"""Asked for in place of no version: whoever reads everything needs no list of what changed."""

_since = select(version_question().label("version"), last_change().label("price_moment")).subquery()
_CHANGES = select(
    _since.c.version,
    _since.c.price_moment,
    ProductChange.product_id,
    ProductChange.collection_id,
).select_from(
    _since.join(
        ProductChange,
        # What has no version yet was changed by somebody who raised none: it is read each time.
        or_(ProductChange.version > bindparam("version"), ProductChange.version.is_(None)),
        isouter=True,
    )
)
_VERSION = select(version_question())
_PRODUCTS = (
    select(ProductChange.product_id)
    .where(
        ProductChange.product_id.is_not(None),
        or_(ProductChange.version > bindparam("version"), ProductChange.version.is_(None)),
    )
    .distinct()
)
when_version_rises(
    update(ProductChange)
    .where(ProductChange.version.is_(None))
    .values(version=bindparam("new_version"))
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed up to a version; is_everything where nobody knows any more."""

    version: int
    price_moment: datetime | None = None
    """When a price last changed by itself: nobody notes that, the clock alone does it."""
    product_ids: frozenset[int] = field(default_factory=frozenset)
    collection_ids: frozenset[int] = field(default_factory=frozenset)
    is_everything: bool = False

    def __bool__(self) -> bool:
        return bool(self.product_ids or self.collection_ids or self.is_everything)


def changes_since(version: int, now: datetime) -> Changes:
    """Return what changed after this version; the answer is never newer than its own version."""
    found = read(_CHANGES, version=_asked(version), now=now)
    out = found[0].version or 0
    return Changes(
        out,
        found[0].price_moment,
        frozenset(row.product_id for row in found if row.product_id is not None),
        frozenset(row.collection_id for row in found if row.collection_id is not None),
        is_everything=_is_everything(version, out),
    )


def _asked(version: int) -> int:
    return version if version >= 0 else _NEVER


def _is_everything(version: int, out: int) -> bool:
    # A version that fell belongs to another database under the same engine.
    return version < 0 or not 0 <= out - version <= MOST_BEHIND


def products_changed_since(version: int) -> tuple[int, frozenset[int] | None]:
    """Return the version of now and the products that changed after this one; None: all of them."""
    # The version first: what changes in between is told again next time, and nothing is missed.
    out: int = read(_VERSION)[0][0] or 0
    if _is_everything(version, out):
        return out, None
    return out, frozenset(number for (number,) in read(_PRODUCTS, version=version))


def forget_changes() -> int:
    """Forget what every process has read long ago; return how many rows went. Flushes only."""
    newest = select(version_question()).scalar_subquery()
    gone = delete(ProductChange).where(ProductChange.version < newest - MOST_BEHIND)
    return len(db.session.scalars(gone.returning(ProductChange.id)).all())

"""Forgets files that nobody sells and nobody bought."""

from sqlalchemy import delete, exists, or_

from store.catalog.files.models import ProductFile
from store.database import db
from store.orders.downloads.models import Download


def forget_files() -> None:
    """Delete them; their bytes go with the next sweep of the store of files. Flushes only."""
    is_unsold = or_(ProductFile.removed_at.is_not(None), ProductFile.variant_id.is_(None))
    is_bought = exists().where(Download.file_id == ProductFile.id)
    db.session.execute(
        delete(ProductFile)
        .where(is_unsold, ~is_bought)
        .execution_options(synchronize_session=False)
    )

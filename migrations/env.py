"""Runs migrations on the database whose address the caller gives in the configuration."""

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.schema import SchemaItem

import store.app
import store.staff.door_models
import store.staff.models  # noqa: F401 - every table of every room joins the metadata
from store.database import Model

# The search indexes are made by hand on each database and are no tables of the models.
BY_HAND = ("product_search", "order_search")


def _is_ours(
    _item: SchemaItem,
    name: str | None,
    _kind: str,
    _reflected: bool,  # noqa: FBT001 - Alembic's own signature
    _compared: SchemaItem | None,
) -> bool:
    return not (name or "").removeprefix("ix_").startswith(BY_HAND)


def run() -> None:
    engine = create_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Model.metadata,
            include_object=_is_ours,
            render_as_batch=False,
            compare_server_default=False,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()

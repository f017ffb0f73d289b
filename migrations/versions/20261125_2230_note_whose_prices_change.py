"""Note whose prices are changed for a time: a listing must read these products again.

That a price begins or ends at its moment is noted by nobody: every process sees it by the clock.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "20261125_2230"
down_revision = "20261125_2220"

EVENTS = {"INSERT": "NEW", "UPDATE": "NEW", "DELETE": "OLD"}


def upgrade() -> None:
    for statement in _sqlite() if _is_sqlite() else _postgresql():
        op.execute(sa.text(statement))


def downgrade() -> None:
    for event in EVENTS:
        if _is_sqlite():
            op.execute(f"DROP TRIGGER {_name(event)}")
        else:
            op.execute(f"DROP FUNCTION {_name(event)}() CASCADE")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _name(event: str) -> str:
    return f"note_price_change_{event.lower()}"


def _sqlite() -> Iterator[str]:
    for event, state in EVENTS.items():
        yield (
            f"CREATE TRIGGER {_name(event)} AFTER {event} ON price_change BEGIN"  # noqa: S608 - names of ours
            " INSERT INTO product_change (product_id)"
            f" SELECT v.product_id FROM variant v WHERE v.id = {state}.variant_id"
            " AND NOT EXISTS (SELECT 1 FROM product_change c"
            " WHERE c.version IS NULL AND c.product_id = v.product_id); END"
        )


def _postgresql() -> Iterator[str]:
    for event, state in EVENTS.items():
        yield (
            f"CREATE FUNCTION {_name(event)}() RETURNS trigger LANGUAGE plpgsql AS $$"  # noqa: S608 - as above
            " BEGIN INSERT INTO product_change (product_id)"
            " SELECT DISTINCT v.product_id FROM changed r JOIN variant v ON v.id = r.variant_id;"
            " RETURN NULL; END $$"
        )
        yield (
            f"CREATE TRIGGER {_name(event)} AFTER {event} ON price_change"
            f" REFERENCING {state} TABLE AS changed"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {_name(event)}()"
        )

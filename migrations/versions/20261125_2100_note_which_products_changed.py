"""Note which products and sections changed: each process reads those alone when the version rises.

Additive first: the code before must run on the schema after. Full words, named constraints, data
moves in a migration of their own. Never edited once merged.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "20261125_2100"
down_revision = "20261125_2000"

EVENTS = ("INSERT", "UPDATE", "DELETE")
PRODUCT, SECTION = "product_id", "collection_id"
# What is noted of a row, and of which changes. "ROW" stands for its new or its old state.
NOTED = (
    ("product", EVENTS, PRODUCT, "ROW.id"),
    ("variant", EVENTS, PRODUCT, "ROW.product_id"),
    ("option", ("UPDATE",), PRODUCT, "ROW.product_id"),
    (
        "option_value",
        ("UPDATE",),
        PRODUCT,
        '(SELECT o.product_id FROM "option" o WHERE o.id = ROW.option_id)',
    ),
    (
        "variant_option_value",
        ("INSERT", "DELETE"),
        PRODUCT,
        "(SELECT v.product_id FROM variant v WHERE v.id = ROW.variant_id)",
    ),
    (
        "stock_level",
        EVENTS,
        PRODUCT,
        "(SELECT v.product_id FROM variant v WHERE v.id = ROW.variant_id)",
    ),
    ("collection", EVENTS, SECTION, "ROW.id"),
    ("collection_product", EVENTS, SECTION, "ROW.collection_id"),
)
# A sale of one of many units changes nothing that a listing shows.
SHOWN = {
    ("stock_level", "UPDATE"): (
        "(OLD.on_hand - OLD.reserved > 0) <> (NEW.on_hand - NEW.reserved > 0)",
        "variant_id",
    )
}


def upgrade() -> None:
    op.create_table(
        "product_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=True),
        sa.Column("collection_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_change")),
    )
    op.create_index(
        op.f("ix_product_change_version_product_id_collection_id"),
        "product_change",
        ["version", "product_id", "collection_id"],
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _sqlite() if is_sqlite else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, events, _column, _value in NOTED:
        for event in events:
            if is_sqlite:
                op.execute(f"DROP TRIGGER {_name(table, event)}")
            else:
                op.execute(f"DROP FUNCTION {_name(table, event)}() CASCADE")
    op.drop_index(
        op.f("ix_product_change_version_product_id_collection_id"), table_name="product_change"
    )
    op.drop_table("product_change")


def _name(table: str, event: str) -> str:
    return f"note_{table}_{event.lower()}"


def _sqlite() -> Iterator[str]:
    """SQLite writes one transaction after the other, so what stands noted need not be again."""
    for table, events, column, value in NOTED:
        for event in events:
            shown = SHOWN.get((table, event))
            noted = value.replace("ROW", "OLD" if event == "DELETE" else "NEW")
            is_known = {
                PRODUCT: "c.product_id = n.changed",
                SECTION: "c.product_id IS NULL AND c.collection_id = n.changed",
            }[column]
            yield (
                f'CREATE TRIGGER {_name(table, event)} AFTER {event} ON "{table}"'  # noqa: S608 - names of ours
                f"{f' WHEN {shown[0]}' if shown else ''} BEGIN"
                f" INSERT INTO product_change ({column})"
                f" SELECT n.changed FROM (SELECT {noted} AS changed) n"
                " WHERE n.changed IS NOT NULL AND NOT EXISTS (SELECT 1 FROM product_change c"
                f" WHERE c.version IS NULL AND {is_known}); END"
            )


def _postgresql() -> Iterator[str]:
    """PostgreSQL notes once a statement, and locks no row that another transaction wants."""
    for table, events, column, value in NOTED:
        for event in events:
            rows, state = ("before_it", "OLD") if event == "DELETE" else ("after_it", "NEW")
            names = {"OLD": "before_it", "NEW": "after_it"}
            wanted = names if event == "UPDATE" else {state: rows}
            source = f"{rows} r"
            if (shown := SHOWN.get((table, event))) is not None:
                condition, key = shown
                condition = condition.replace("OLD.", "o.").replace("NEW.", "r.")
                source += f" JOIN before_it o ON o.{key} = r.{key} AND {condition}"
            yield (
                f"CREATE FUNCTION {_name(table, event)}() RETURNS trigger LANGUAGE plpgsql AS $$"  # noqa: S608 - as above
                f" BEGIN INSERT INTO product_change ({column})"
                f" SELECT DISTINCT n.changed FROM (SELECT {value.replace('ROW', 'r')} AS changed"
                f" FROM {source}) n WHERE n.changed IS NOT NULL; RETURN NULL; END $$"
            )
            tables = " ".join(
                f"{old_or_new} TABLE AS {name}" for old_or_new, name in wanted.items()
            )
            yield (
                f'CREATE TRIGGER {_name(table, event)} AFTER {event} ON "{table}"'
                f" REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION {_name(table, event)}()"
            )

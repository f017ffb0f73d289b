"""Orders are found by the address of their reader without reading all of them."""

from flask import Flask
from sqlalchemy import func, select, text

from store.database import db
from store.orders.models import Order


def test_question_by_folded_address_takes_its_index(app: Flask) -> None:
    asked = select(Order.id).where(func.lower(Order.email) == "robin@example.org")
    is_sqlite = db.engine.dialect.name == "sqlite"
    written = asked.compile(db.engine, compile_kwargs={"literal_binds": True})
    if not is_sqlite:
        # Of an empty table PostgreSQL would read every row.
        db.session.execute(text("SET LOCAL enable_seqscan = off"))

    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    plan = db.session.execute(text(f"{explain} {written}")).all()

    assert "ix_order_email_folded" in str(plan)

"""Flask, SQLAlchemy and Jinja as the shop uses them: a page of one row, a post that adds one."""

import os

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.database import WRITING, engine_options, prepare_engine

ROWS = 1_000
PAGE = """<!doctype html>
<html lang="en-AU"><head><meta charset="utf-8"><title>{{ row.title }}</title></head>
<body><main><h1>{{ row.title }}</h1><p>{{ row.body }}</p></main></body></html>
"""


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "row"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    body: Mapped[str]


class Added(Base):
    __tablename__ = "added"

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int]
    quantity: Mapped[int]


app = Flask(__name__)
# Compiled once, as a file would be; render_template_string() compiles at every request.
app.jinja_loader = DictLoader({"row.html": PAGE})
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BENCH_DATABASE_URL"]
app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(os.environ["BENCH_DATABASE_URL"])
db = SQLAlchemy(app, model_class=Base)


@app.get("/rows/<handle>")
def page(handle: str) -> str:
    row = db.session.scalars(select(Row).where(Row.handle == handle)).one()
    return render_template("row.html", row=row)


@app.post("/added")
def add() -> ResponseReturnValue:
    # As store.database.writing() does it: BEGIN IMMEDIATE, one INSERT, one commit.
    db.session.connection(execution_options={WRITING: True})
    variant_id, quantity = int(request.form["variant_id"]), int(request.form["quantity"])
    db.session.add(Added(variant_id=variant_id, quantity=quantity))
    db.session.commit()
    return redirect("/cart", code=303)


with app.app_context():
    prepare_engine(db.engine)
    db.session.connection(execution_options={WRITING: True})
    Base.metadata.create_all(db.session.connection())
    if db.session.get(Row, 1) is None:
        db.session.add_all(
            Row(handle=f"row-{number}", title=f"Row {number}", body="Printed in ink. " * 20)
            for number in range(1, ROWS + 1)
        )
    db.session.commit()
    db.session.remove()

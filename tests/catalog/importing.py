"""Runs the import command as an operator does, and looks at what stands in the shop afterwards."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from store.catalog.describing import draft_of
from store.catalog.drafts import ProductDraft
from store.catalog.models import Product, Variant
from store.cli.catalog import catalog
from store.database import db
from store.inventory.models import StockLevel
from tests.shop import Shop

FILES = Path(__file__).parent / "files"
SHARED = [folder / "shared" / "csv" for folder in Path(__file__).parents]
HEADER = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price"


def shared(name: str) -> Path:
    """Return a real file from a folder beside the checkout; without it the test is skipped."""
    for folder in SHARED:
        if (folder / name).is_file():
            return folder / name
    pytest.skip("the collection of real product files is not on this machine")


def a_file(folder: Path, *lines: str, name: str = "products.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run of the command ended."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def summary(self) -> str:
        return self.stdout.strip().splitlines()[-1]

    def section(self, title: str) -> list[str]:
        """Return the lines under a title of the report."""
        _, found, rest = self.stdout.partition(f"\n{title}:\n")
        return [line.strip() for line in rest.split("\n\n")[0].splitlines()] if found else []


def run_import(shop: Shop, file: Path | str, *options: str) -> Outcome:
    path = FILES / file if isinstance(file, str) else file
    result = shop.app.test_cli_runner().invoke(catalog, ["import", str(path), *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Outcome(result.exit_code, result.stdout, result.stderr)


def product(handle: str) -> ProductDraft:
    """Return the product as it stands in the shop."""
    db.session.rollback()
    return draft_of(db.session.scalars(select(Product).where(Product.handle == handle)).one())


def handles() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Product.handle).order_by(Product.id)))


def on_hand(handle: str) -> dict[str, int]:
    """Return the units on the shelf of each variant that is counted."""
    db.session.rollback()
    found = db.session.execute(
        select(Variant.combination, StockLevel.on_hand)
        .join(StockLevel, StockLevel.variant_id == Variant.id)
        .join(Product, Product.id == Variant.product_id)
        .where(Product.handle == handle)
    )
    return {row[0]: row[1] for row in found}

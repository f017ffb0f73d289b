"""Promises about taking products out in Shopify's format: what goes out comes back unchanged."""

import csv
import io

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.catalog.described import described_by_handle
from store.catalog.describing import draft_of
from store.catalog.exporting import BEGINS_FORMULA, export
from store.catalog.importing.applying import apply, prepare
from store.catalog.models import Product
from store.catalog.saving import save_products
from store.clock import FixedClock
from store.database import writing
from tests.catalog.drafting import drafts
from tests.catalog.importing import run_import, shared
from tests.catalog.undoing import UndoneError
from tests.shop import Shop


@pytest.fixture(autouse=True)
def _inside_the_app(app: Flask) -> None:
    """What the tests read after a command, they read in the application's context."""


def exported(shop: Shop) -> bytes:
    return "".join(export(shop.services.settings, shop.clock.now())).encode()


def comes_back_unchanged(shop: Shop, clock: FixedClock) -> None:
    written = exported(shop)

    again = prepare(written, "AUD", clock.now())

    assert (list(again.differences), again.notes.refusals) == ([], [])
    with writing():
        apply(again, source="export.csv", clock=clock)
    assert exported(shop) == written


@pytest.mark.parametrize(
    "name",
    [
        "tees.csv",
        "other-casing.csv",
        "new-header.csv",
        "hybrid-header.csv",
        "warned.csv",
        "two-spellings.csv",
        "no-stock-column.csv",
        "woocommerce.csv",
    ],
)
def test_what_came_in_goes_out_and_comes_back(shop: Shop, clock: FixedClock, name: str) -> None:
    run_import(shop, name)

    comes_back_unchanged(shop, clock)


@pytest.mark.parametrize(
    "name",
    [
        "shopify-legacy-apparel.csv",
        "shopify-legacy-other-casing.csv",
        "shopify-template-2019.csv",
        "woocommerce-sample.csv",
    ],
)
def test_real_files_go_out_and_come_back(shop: Shop, clock: FixedClock, name: str) -> None:
    run_import(shop, shared(name))

    comes_back_unchanged(shop, clock)


@pytest.mark.slow
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), number=st.integers(1, 3))
def test_any_catalogue_goes_out_and_comes_back(
    shop: Shop, clock: FixedClock, data: st.DataObject, number: int
) -> None:
    wanted = [data.draw(drafts(n)) for n in range(number)]
    with pytest.raises(UndoneError), writing():
        save_products(wanted, clock)
        written = exported(shop)

        again = prepare(written, "AUD", clock.now())

        told = [(one.handle, one.fields, one.prices, one.stock) for one in again.differences]
        assert (told, again.notes.refusals) == ([], [])
        cells = [cell for row in csv.reader(io.StringIO(written.decode())) for cell in row]
        assert not any(cell.startswith(BEGINS_FORMULA) for cell in cells)
        raise UndoneError


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), number=st.integers(1, 3))
def test_rows_say_of_any_product_what_its_object_says(
    shop: Shop, clock: FixedClock, data: st.DataObject, number: int
) -> None:
    wanted = [data.draw(drafts(n)) for n in range(number)]
    with pytest.raises(UndoneError), writing() as session:
        saved = save_products(wanted, clock)
        session.expire_all()
        products = [session.get_one(Product, one.product_id) for one in saved]

        found = described_by_handle([*(draft.handle for draft in wanted), "nobody"])

        assert {handle: one.draft for handle, one in found.items()} == {
            product.handle: draft_of(product) for product in products
        }
        assert [found[p.handle].product_id for p in products] == [p.id for p in products]
        assert [found[p.handle].variant_ids for p in products] == [
            [variant.id for variant in p.variants] for p in products
        ]
        assert [one.variant_ids for one in saved] == [
            {variant.combination: variant.id for variant in p.variants} for p in products
        ]
        raise UndoneError

"""`store demo seed`: gives a shop the past of one that has grown."""

import os
from datetime import UTC, datetime

import click

from store.app import create_app, open_doors
from store.clock import SystemClock
from store.database import db, writing
from store.errors import ConflictError
from store.migrating import upgrade
from store.orders.search_index import BATCH, index_orders, unindexed
from store.paths import ROOT
from store.sandbox.demonstration.addresses import Addresses, environment
from store.sandbox.demonstration.seeding import Seeded, seed
from store.sandbox.demonstration.setting_up import make_ready
from store.settings import Settings

NAMES_A_SHOP = ("STORE_DATABASE_URL", "STORE_DATA_DIR")
TEST_KEYS = ("sk_test_", "rk_test_")
ORDERS_TO_A_PRODUCT = 10


@click.command("seed")
@click.option("--orders", type=click.IntRange(min=0), required=True, help="How many to add.")
@click.option(
    "--products", type=click.IntRange(min=0), help="How many to add; a tenth of the orders."
)
@click.pass_context
def seed_command(context: click.Context, orders: int, products: int | None) -> None:
    """Add three years of orders, and products, to the shop that the settings name.

    Where they name none it is the demonstration's. What is there stays; it is one transaction, so
    that a shop that serves meanwhile waits. Stripe never hears of these orders: they cannot be
    refunded, and `store orders reconcile` names the latest.
    """
    settings = _settings(context)
    _refuse_live_shop(settings)
    upgrade(settings)
    app = create_app(settings, open_doors(settings))
    number = orders // ORDERS_TO_A_PRODUCT if products is None else products
    with app.app_context():
        try:
            made = _seed(orders, number, settings)
            _make_findable()
        except ConflictError as error:
            raise click.ClickException(str(error)) from None
        finally:
            db.session.remove()
            db.engine.dispose()
    click.echo(_words(made))


def _settings(context: click.Context) -> Settings:
    if any(os.environ.get(name) for name in NAMES_A_SHOP):
        return Settings.from_environment()
    port = context.parent.params["port"] if context.parent else 5000
    os.environ.update(environment(Addresses(port), ROOT / "var"))
    settings = Settings.from_environment(_env_file=None)
    # Serving would begin it anew, and what was added would be gone.
    make_ready(settings, settings.data_dir / "sandbox.sqlite")
    return settings


def _refuse_live_shop(settings: Settings) -> None:
    if not settings.stripe_key.get_secret_value().startswith(TEST_KEYS):
        raise click.ClickException(
            "This shop takes live payments: invented orders would stand among real ones. "
            "Set STORE_STRIPE_KEY to a test key, or name another database."
        )


def _seed(orders: int, products: int, settings: Settings) -> Seeded:
    with (
        click.progressbar(length=orders, label="Living through three years") as bar,
        writing(),
    ):
        return seed(orders, products, settings, SystemClock(), bar.update)


def _make_findable() -> None:
    """Write under which words the new orders are found: they came past the store's own verbs."""
    ids = unindexed(datetime.min.replace(tzinfo=UTC))
    with click.progressbar(range(0, len(ids), BATCH), label="Making them findable") as starts:
        for start in starts:
            with writing():
                index_orders(ids[start : start + BATCH])


def _words(made: Seeded) -> str:
    states = ", ".join(f"{number} {state}" for state, number in sorted(made.orders.items()))
    return (
        f"{made.products} products with {made.variants} variants, {made.stories} stories\n"
        f"{sum(made.orders.values())} orders ({states or 'none'})\n"
        f"{made.movements} movements of stock"
    )

"""Fills the database that the environment names: `python -m tests.nodes.goods PRODUCTS`."""

import json
import sys

from store.app import create_app, open_doors
from store.clock import SystemClock
from store.database import db, writing
from store.migrating import upgrade
from store.settings import Settings
from store.web.assets import ensure_built
from tests.builders import a_product, aud

UNITS_OF_EACH = 100_000


def main(products: int) -> None:
    """Make everything that readers find there, and say what it is called as JSON."""
    ensure_built()
    settings = Settings.from_environment(_env_file=None)
    upgrade(settings)
    app, clock = create_app(settings, open_doors(settings)), SystemClock()
    with app.app_context():
        with writing():
            made = [
                a_product(
                    clock,
                    title=f"Late Edition tee {number}",
                    handle=f"tee-{number}",
                    price=aud(20 + number % 40),
                    stock=UNITS_OF_EACH,
                )
                for number in range(products)
            ]
            goods = [
                {"id": one.id, "path": f"/products/{one.handle}", "variant": one.variants[0].id}
                for one in made
            ]
        db.session.remove()
        db.engine.dispose()
    print(json.dumps(goods))  # noqa: T201 - read by whoever started this


if __name__ == "__main__":
    main(int(sys.argv[1]))

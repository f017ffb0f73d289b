"""Buys random carts with random discounts in three currencies, and counts what does not agree.

    python -m bench.discounts --carts 1000

Each cart goes from the shelf to Stripe's sandbox and back, as a reader's does; lines, totals and
what was charged are compared. Then the trial of a discount on past orders is timed on what was
bought. Ends with 1 when a single cart differs.
"""

import argparse
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, Phase, given, settings

from store.clock import FixedClock
from store.database import db
from store.migrating import upgrade_url
from store.pricing.discounts import DiscountKind
from store.pricing.writing_discounts import DiscountWanted
from store.staff.discount_trial import try_on_past_orders
from tests.checkout.random_carts import RandomCart, RandomShop, carts
from tests.shop import open_shop, some_settings

CURRENCIES = (("AUD", "AU"), ("JPY", "JP"), ("KWD", "KW"))
TRIES = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--carts", type=int, default=300, help="how many, over all currencies")
    parser.add_argument("--json", type=Path, help="write figures there")
    given = parser.parse_args()
    wanted, told = given.carts, list[dict[str, object]]()
    wrong = sum(_buy(wanted // len(CURRENCIES), *money, told) for money in CURRENCIES)
    if given.json:
        given.json.write_text(json.dumps(told) + "\n", encoding="utf-8")
    print(f"{wrong} of about {wanted} carts differ")
    return min(wrong, 1)


def _buy(number: int, currency: str, country: str, told: list[dict[str, object]]) -> int:
    wrong = list[str]()
    with TemporaryDirectory(prefix="discounts-") as folder:
        url = f"sqlite:///{folder}/store.sqlite"
        upgrade_url(url)
        shop_settings = some_settings(Path(folder), url, currency=currency, country=country)
        clock = FixedClock(datetime(2026, 11, 21, 22, 30, tzinfo=UTC))
        shop = RandomShop(open_shop(shop_settings, clock))

        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(carts())
        def buy(cart: RandomCart) -> None:
            wrong.extend(f"{currency}: {words} in {cart}" for words in shop.mismatches(cart))

        began = time.perf_counter()
        buy()
        spent = time.perf_counter() - began
        print(f"{currency}: {number} carts in {spent:.0f} s, {len(wrong)} differences")
        for words in wrong[:10]:
            print(words)
        with shop.shop.app.app_context():
            told.append({"name": currency, "trial_ms": _time_trial(currency, clock)})
            db.engine.dispose()
    return len(wrong)


def _time_trial(currency: str, clock: FixedClock) -> float:
    tried = DiscountWanted(
        "Ten", "TEN", DiscountKind.PERCENT, currency, clock.now(), basis_points=1_000
    )
    times = []
    for _ in range(TRIES):
        began = time.perf_counter()
        trial = try_on_past_orders(tried)
        times.append(time.perf_counter() - began)
        db.session.rollback()
    print(f"{currency}: {trial.looked_at} past orders tried in {min(times) * 1000:.0f} ms")
    return min(times) * 1000


if __name__ == "__main__":
    sys.exit(main())

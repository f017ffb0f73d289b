"""What the cart room tidies up after itself."""

from datetime import timedelta

from store.cart.basket import forget_old
from store.database import writing
from store.jobs.sweeps import Sweep
from store.services import Services


def sweeps(services: Services) -> tuple[Sweep, ...]:
    def forget() -> None:
        with writing():
            forget_old(services.clock)

    return (Sweep("cart.forget_old", timedelta(hours=6), forget),)

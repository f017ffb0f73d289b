"""Buyers who press again when nothing comes back, twice at once, or never; each buys one thing."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from store.sandbox.stripe import CardDeclinedError, Sandbox, SessionClosedError
from tests.faults.browser import LOST, Browser, Page
from tests.faults.plan import Plan
from tests.faults.tally import Tally

AGAIN = {LOST, 429, 500, 502, 503}
MOST_TRIES = 60
LONGEST_PAUSE_SECONDS = 2.0
CODE_SHARE = 0.4
DECLINED = "4000000000000002"
MANNERS = {
    "pays": 40,
    "pays and never comes back": 20,
    "leaves the pay page": 8,
    "goes back, then pays": 8,
    "presses twice at once": 10,
    "pays in two windows": 6,
    "changes the cart, then pays": 8,
    "is declined, then pays": 6,
}
"""What buyers do, and how many of a hundred."""


class GaveUpError(Exception):
    """The shop said no, or nothing, for longer than anybody presses."""


@dataclass
class Buyer:
    number: int
    manner: str
    variants: Sequence[int]
    codes: Sequence[str]
    browser: Browser
    sandbox: Sandbox
    tally: Tally
    chance: random.Random
    is_over: threading.Event
    paid: list[str] = field(default_factory=list)
    """The pay pages that took her money."""

    @property
    def email(self) -> str:
        return f"buyer{self.number}@mail.example"

    def buy(self) -> None:
        try:
            self._buy()
        except GaveUpError as error:
            self.tally.answer(f"gave up: {error}")

    def _buy(self) -> None:
        self._fill()
        if self.chance.random() < CODE_SHARE:
            code = self.chance.choice(self.codes)
            self._insist("code", lambda: self.browser.post("/cart/discount", code=code))
        page = self._check_out()
        match self.manner:
            case "leaves the pay page":
                return
            case "goes back, then pays":
                self._insist("back", lambda: self.browser.get("/checkout/back"))
                page = self._check_out()
            case "changes the cart, then pays":
                self._fill()
                page = self._check_out()
            case "is declined, then pays":
                self._pay(page, DECLINED)
            case "pays in two windows":
                _at_once(lambda: self._pay(page), lambda: self._pay(page))
        self._pay(page)
        if self.manner != "pays and never comes back":
            self._see_thanks(page)

    def _fill(self) -> None:
        variant = self.chance.choice(self.variants)
        quantity = self.chance.choice((1, 1, 1, 2))

        def add() -> Page:
            return self.browser.post("/cart/lines", variant_id=variant, quantity=quantity)

        answer = self._insist("add to cart", add)
        if answer.status != 303:
            raise GaveUpError(f"add to cart {answer.status}")

    def _check_out(self) -> str:
        """Return the id of the pay page that she is led to."""
        if self.manner == "presses twice at once":
            _at_once(self._press, self._press)
        answer = self._insist("check out", self._press)
        if answer.status != 303 or "/pay/" not in answer.location:
            raise GaveUpError(f"check out {answer.status} {answer.location.partition('?')[2]}")
        return answer.location.rsplit("/", 1)[1]

    def _press(self) -> Page:
        return self.browser.post("/checkout")

    def _pay(self, page: str, card: str = "4242424242424242") -> None:
        """Pay at Stripe, unless the page is closed or paid."""
        time.sleep(self.chance.uniform(0, 0.5))
        try:
            self.sandbox.pay(page, card, email=self.email)
        except CardDeclinedError:
            self.tally.answer("declined")
        except SessionClosedError as closed:
            if not self.paid:
                self.tally.answer(f"pay page {closed.status}")
        else:
            self.paid.append(page)
            self.tally.answer("paid")

    def _see_thanks(self, page: str) -> None:
        def look() -> Page:
            return self.browser.get(f"/checkout/thanks?session_id={page}")

        for _ in range(self.chance.choice((1, 1, 2, 3))):
            self._insist("thanks", look)

    def _insist(self, what: str, press: Callable[[], Page]) -> Page:
        """Press again and again, as people do; an answer that is none is no reason to stop."""
        for tried in range(MOST_TRIES):
            answer = press()
            self.tally.answer(f"{what} {answer.status or 'lost'}")
            if answer.status not in AGAIN:
                return answer
            if self.is_over.wait(min(LONGEST_PAUSE_SECONDS, tried * self.chance.random() / 5)):
                break
        raise GaveUpError(f"{what}, no answer")


@dataclass
class Crowd:
    """So many buyers at once; whoever is done makes room for the next."""

    plan: Plan
    tally: Tally
    sandbox: Sandbox
    port: int
    variants: Sequence[int]
    codes: Sequence[str]
    is_over: threading.Event = field(default_factory=threading.Event)
    came: list[Buyer] = field(default_factory=list)
    trouble: list[Exception] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def come(self) -> None:
        self._threads = [
            threading.Thread(target=self._keep_buying, name=f"buyer {place}", daemon=True)
            for place in range(self.plan.buyers)
        ]
        for thread in self._threads:
            thread.start()

    def leave(self) -> None:
        self.is_over.set()
        for thread in self._threads:
            thread.join()

    @property
    def checkouts(self) -> int:
        """How many came to a pay page and paid."""
        return sum(bool(buyer.paid) for buyer in list(self.came))

    def _keep_buying(self) -> None:
        try:
            while not self.is_over.is_set():
                self._next().buy()
        except Exception as error:  # noqa: BLE001 - told at the end, and ends the run
            self.trouble.append(error)
            self.is_over.set()

    def _next(self) -> Buyer:
        with self._lock:
            number = len(self.came) + 1
            chance = self.plan.chance(f"buyer {number}")
            buyer = Buyer(
                number=number,
                manner=chance.choices(list(MANNERS), list(MANNERS.values()))[0],
                variants=self.variants,
                codes=self.codes,
                browser=Browser(self.port, f"10.{number >> 8 & 255}.{number & 255}.7"),
                sandbox=self.sandbox,
                tally=self.tally,
                chance=chance,
                is_over=self.is_over,
            )
            self.came.append(buyer)
            return buyer


def _at_once(*deeds: Callable[[], object]) -> None:
    """Do all of it at the same moment; what one of them could not do is raised."""
    with ThreadPoolExecutor(len(deeds)) as hands:
        for done in [hands.submit(deed) for deed in deeds]:
            done.result()

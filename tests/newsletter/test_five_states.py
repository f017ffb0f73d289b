"""Nobody learns from a box whether an address is known: not by words, status, queries or jobs."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.database import db, writing
from store.newsletter.limits import MOST_OF_ALL
from store.newsletter.models import SignupAttempt
from tests.buying import a_variant, fill_cart
from tests.newsletter.busy_hour import heat, read_it, right_answer, step_fields
from tests.newsletter.five_states import (
    HTML,
    JSON,
    STATES,
    Route,
    Shown,
    address,
    in_every_state,
    shown,
)
from tests.newsletter.signing_up import DAY, mails, run_jobs, wait
from tests.shop import Shop
from tests.waiting.queueing import start_paying

ROUTES: dict[str, Callable[[int, int], Route]] = {
    "page": lambda _mug, _tee: Route(
        "/newsletter", fields={"source": "page", "offers": "topics", "topics": "sales"}
    ),
    "foot": lambda _mug, _tee: Route("/newsletter", fields={"source": "footer"}),
    "page, JSON": lambda _mug, _tee: Route("/newsletter", JSON),
    "widget": lambda _mug, _tee: Route("/widget/v1/newsletter", JSON, {"source": "widget"}),
    "fragment": lambda _mug, _tee: Route("/widget/v1/newsletter", HTML, {"source": "fragment"}),
    "back in stock": lambda mug, _tee: Route("/back-in-stock", fields={"variant_id": str(mug)}),
    "cart by mail": lambda _mug, tee: Route(
        "/cart/link", fields={"agrees": "1"}, browser=partial(with_a_cart, tee)
    ),
    "last unit": lambda _mug, tee: Route(f"/last-unit/{tee}"),
}


def with_a_cart(variant: int, shop: Shop) -> FlaskClient:
    reader = shop.browser()
    fill_cart(reader, variant)
    return reader


@pytest.fixture
def tee(app: Flask, shop: Shop) -> int:
    """The last one of its kind."""
    return a_variant(shop, handle="tee", stock=1)


@pytest.fixture
def route(request: pytest.FixtureRequest, shop: Shop, variant: int, tee: int) -> Route:
    in_every_state(shop)
    # Another day: whoever was asked lately costs what anybody costs.
    wait(shop, 2 * DAY)
    if request.param == "last unit":
        start_paying(shop, tee)
    return ROUTES[request.param](variant, tee)


every_route = pytest.mark.parametrize("route", ROUTES, indirect=True)


def seen(ask: Callable[[str], TestResponse]) -> Shown:
    """Return what all five states show; fails where two of them differ."""
    found = {state: shown(partial(ask, address(state)), address(state)) for state in STATES}
    first = found["new"]
    for state, other in found.items():
        assert other == first, state
    return first


@every_route
def test_quiet_hour_shows_nothing_of_an_address(shop: Shop, route: Route) -> None:
    # A reader who was here before finds her page drawn already.
    readers = iter([route.browser(shop) for _ in STATES])
    if not route.is_crowded:
        route.sent(shop, address("warm-up"))

    found = seen(lambda email: route.post(next(readers), route.form(email)))

    assert found.status in {202, 303}


@every_route
def test_busy_hour_shows_nothing_of_an_address(shop: Shop, route: Route) -> None:
    readers = iter([route.browser(shop) for _ in STATES])
    heat(shop)
    route.sent(shop, address("warm-up"))

    found = seen(lambda email: route.post(next(readers), route.form(email)))

    assert (found.status, found.enqueued) == (422, ())


@every_route
def test_answer_in_a_busy_hour_shows_nothing_of_an_address(shop: Shop, route: Route) -> None:
    if route.accept == JSON:
        pytest.skip("who only shows words is sent to the page, and answers there")
    heat(shop)
    forms = {}
    readers = {address(state): route.browser(shop) for state in (*STATES, "warm-up")}
    for email, reader in readers.items():
        asked = route.post(reader, route.form(email))
        forms[email] = {**step_fields(asked), "answer": right_answer(asked)}
    read_it(shop)
    first = address("warm-up")
    if not route.is_crowded:
        route.post(readers[first], forms[first])

    found = seen(lambda email: route.post(readers[email], forms[email]))

    assert found.status == 303


@every_route
def test_full_hour_shows_nothing_of_an_address(shop: Shop, route: Route) -> None:
    readers = iter([route.browser(shop) for _ in STATES])
    with writing():
        db.session.add_all(
            SignupAttempt(network="n", domain="d", email_hash="", at=shop.clock.now())
            for _ in range(MOST_OF_ALL)
        )
    route.sent(shop, address("warm-up"))

    found = seen(lambda email: route.post(next(readers), route.form(email)))

    assert (found.status, found.enqueued) == (429, ())


def test_worker_alone_learns_who_it_was(app: Flask, shop: Shop) -> None:
    in_every_state(shop)
    wait(shop, 2 * DAY)
    before = len(mails())
    for state in STATES:
        Route("/newsletter").sent(shop, address(state))
    run_jobs(shop)

    written = [(mail.recipient, mail.kind) for mail in mails()[before:]]
    assert written == [
        (address("new"), "newsletter.invitation"),
        (address("pending"), "newsletter.invitation"),
        (address("confirmed"), "newsletter.already"),
        (address("left"), "newsletter.invitation"),
    ]

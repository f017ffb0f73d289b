"""A page is never older than it may be: seconds, changes and midnight end it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import BindParameter, ScalarSelect, case, literal, select

from store.clock import FixedClock
from store.database import Moment, bump_public_version, writing
from tests.web.conftest import Kiosk, OpenKiosk
from tests.web.page_memory.newsroom import Newsroom

SYDNEY_MIDNIGHT = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def test_page_ends_after_its_seconds(kiosk: Kiosk, reader: FlaskClient) -> None:
    first = reader.get("/front").data
    kiosk.clock.move_to(kiosk.clock.now() + timedelta(seconds=61))

    assert reader.get("/front").data != first


def test_page_ends_when_the_catalogue_changes(kiosk: Kiosk, reader: FlaskClient) -> None:
    first = reader.get("/front").data
    with kiosk.app.app_context(), writing():
        bump_public_version()

    assert reader.get("/front").data != first


def test_stale_page_is_not_shown_after_the_catalogue_changed(
    kiosk: Kiosk, reader: FlaskClient, newsroom: Newsroom
) -> None:
    reader.get("/front")
    with kiosk.app.app_context(), writing():
        bump_public_version()
    newsroom.is_broken = True

    assert reader.get("/front").status_code == 503


def test_page_ends_at_midnight_of_the_shop(kiosk: Kiosk, reader: FlaskClient) -> None:
    kiosk.clock.move_to(SYDNEY_MIDNIGHT - timedelta(seconds=10))
    before = reader.get("/front")
    kiosk.clock.move_to(SYDNEY_MIDNIGHT)

    assert before.headers["Cache-Control"] == "public, max-age=10"
    assert reader.get("/front").data != before.data


def test_page_ends_at_the_next_scheduled_change(
    open_kiosk: OpenKiosk, newsroom: Newsroom, clock: FixedClock
) -> None:
    change = clock.now() + timedelta(seconds=5)

    def next_change(now: BindParameter[datetime]) -> ScalarSelect[Any]:
        moment = literal(change, Moment())
        return select(case((now < moment, moment))).scalar_subquery()

    reader = open_kiosk(newsroom.room, edge={"next_changes": [next_change]}).browser()
    first = reader.get("/front")
    clock.move_to(change)
    second = reader.get("/front")

    assert first.headers["Cache-Control"] == "public, max-age=5"
    assert second.data != first.data
    assert second.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=30"


def test_page_that_was_begun_before_a_change_ends_with_it(
    open_kiosk: OpenKiosk, newsroom: Newsroom, clock: FixedClock
) -> None:
    change = clock.now() + timedelta(seconds=5)

    def next_change(now: BindParameter[datetime]) -> ScalarSelect[Any]:
        moment = literal(change, Moment())
        return select(case((now < moment, moment))).scalar_subquery()

    newsroom.while_rendering = lambda: clock.move_to(change)
    reader = open_kiosk(newsroom.room, edge={"next_changes": [next_change]}).browser()
    begun_before = reader.get("/front")
    newsroom.while_rendering = lambda: None

    assert reader.get("/front").data != begun_before.data

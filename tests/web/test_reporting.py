"""Promises about what Sentry is told: what broke and where, and nothing of any reader."""

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sentry_sdk import Transport
from sentry_sdk.envelope import Envelope

from store import reporting
from store.clock import FixedClock
from store.database import db, writing
from store.jobs.outbox import enqueue, run_row
from store.jobs.sweeps import Sweep, run_sweep
from store.mail.outgoing import SendMail
from tests.shop import Shop, open_shop, some_settings

ADDRESS, TOKEN = "kim.reader@secret.example", "tok_9f8e7d6c5b4a39281706"
DSN = "http://public@127.0.0.1:1/7"


class Box(Transport):
    """Keeps what would have been sent."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        for item in envelope.items:
            if item.type == "event":
                self.events.append(json.loads(item.payload.get_bytes()))


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    box = Box()
    settings = some_settings(tmp_path, "", sentry_dsn=DSN, environment="staging")
    reporting.turn_on(settings, "1.2.3", box)
    yield box
    reporting.turn_off()


@pytest.fixture
def broken(box: Box, tmp_path: Path, database_url: str, clock: FixedClock) -> Iterator[Shop]:
    """A shop with a view that breaks over what a reader typed."""
    shop = open_shop(some_settings(tmp_path, database_url), clock)

    @shop.app.post("/broken/<token>")
    def breaks(token: str) -> str:
        email = ADDRESS
        raise ValueError(f"no such reader {email}, {token}, /orders?key=abc, '{TOKEN}'")

    yield shop
    with shop.app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_fault_is_told_without_its_reader(broken: Shop, box: Box) -> None:
    reader = broken.browser()
    reader.set_cookie("cart", TOKEN)
    answer = reader.post(
        f"/broken/{TOKEN}?q={TOKEN}",
        data={"email": ADDRESS, "note": TOKEN},
        headers={"Authorization": f"Bearer {TOKEN}", "Sec-Fetch-Site": "same-origin"},
    )

    (event,) = box.events
    told = json.dumps(event)

    assert answer.status_code == 500
    assert ADDRESS not in told
    assert "secret.example" not in told
    assert TOKEN not in told
    assert "key=abc" not in told
    assert not {"request", "user", "breadcrumbs", "extra", "server_name"} & event.keys()
    (fault,) = event["exception"]["values"]
    assert fault["type"] == "ValueError"
    assert fault["value"].startswith("no such reader [address]")
    assert any(frame["function"] == "breaks" for frame in fault["stacktrace"]["frames"])
    assert event["tags"]["route"] == "/broken/<token>"


def test_a_fault_names_the_release_and_where_it_runs(broken: Shop, box: Box) -> None:
    broken.browser().post("/broken/x", headers={"Sec-Fetch-Site": "same-origin"})

    (event,) = box.events
    assert (event["release"], event["environment"]) == ("store@1.2.3", "staging")


def test_a_job_and_a_sweep_that_break_are_told(broken: Shop, box: Box) -> None:
    def breaks() -> None:
        raise KeyError(ADDRESS)

    def breaks_over(payload: Mapping[str, Any]) -> None:
        raise KeyError(ADDRESS, payload)

    with broken.app.app_context():
        with writing():
            row_id = enqueue(SendMail(message_id=1), broken.clock).id
        run_row(row_id, {"mail.send": breaks_over}, broken.clock)
        run_sweep(Sweep("a.sweep", timedelta(minutes=1), breaks), "me", broken.clock)

    assert [event["tags"] for event in box.events] == [{"job": "mail.send"}, {"sweep": "a.sweep"}]
    assert ADDRESS not in json.dumps(box.events)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("mail to kim@example.org refused", "mail to [address] refused"),
        ("GET /orders/x?key=abc", "GET /orders/x?[query]"),
        ("invalid literal for int(): 'Kim'", "invalid literal for int(): [value]"),
        ("card 4242424242424242 declined", "card [token] declined"),
        ("a plain sentence stays", "a plain sentence stays"),
    ],
)
def test_words_of_faults_are_cleaned(words: str, told: str) -> None:
    assert reporting.scrubbed(words) == told


def test_a_shop_that_names_no_project_tells_nobody(tmp_path: Path) -> None:
    box = Box()
    reporting.turn_on(some_settings(tmp_path, ""), "1.2.3", box)

    reporting.tell(ValueError("nobody hears this"))

    assert box.events == []

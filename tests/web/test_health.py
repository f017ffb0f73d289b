"""Promises about what machines are told of a process."""

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from store.checkout.vitals import vitals
from store.jobs.huey_queue import HueyQueue
from store.migrating import newest_revision
from store.paths import MIGRATIONS
from store.web.health import queue_state
from store.web.machine import LAST_BACKUP, note_backup
from store.web.page_policy import cached_for
from tests.web.conftest import OpenKiosk, a_room


@cached_for(60)
def front() -> str:
    return "front page"


@pytest.fixture
def reader(open_kiosk: OpenKiosk) -> FlaskClient:
    return open_kiosk(a_room({"GET /front": front}), trusted_proxies="10.0.0.0/8").browser()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database whose migrations a test counts; afterwards they are what they were."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(
            text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32))")
        )
        before = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
        connection.execute(text("DELETE FROM alembic_version"))
    yield engine
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        for seen in before:
            connection.execute(text("INSERT INTO alembic_version VALUES (:seen)"), {"seen": seen})
    engine.dispose()


def stamp(engine: Engine, revision: str | None) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO alembic_version VALUES (:seen)"), {"seen": revision})


def test_process_that_runs_says_so(reader: FlaskClient) -> None:
    answer = reader.get("/healthz")

    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_process_without_a_database_lives_but_is_not_ready(
    open_kiosk: OpenKiosk, tmp_path: Path
) -> None:
    nowhere = f"sqlite:///{tmp_path / 'no-such-folder' / 'store.sqlite'}"
    reader = open_kiosk(a_room({}), database_url=nowhere).browser()
    answer = reader.get("/readyz")

    assert reader.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert answer.get_json() == {"status": "away", "database": "away", "queue": "ok"}


def test_database_with_every_migration_is_ready(reader: FlaskClient, engine: Engine) -> None:
    stamp(engine, newest_revision())

    assert reader.get("/readyz").get_json()["status"] == "ok"


def test_database_that_missed_a_migration_is_not_ready(reader: FlaskClient, engine: Engine) -> None:
    *_, before_the_newest, _ = sorted(path.name for path in (MIGRATIONS / "versions").glob("2*.py"))
    stamp(engine, before_the_newest[:13])
    answer = reader.get("/readyz")

    assert (answer.status_code, answer.get_json()["database"]) == (503, "behind")


def test_database_without_any_migration_is_not_ready(reader: FlaskClient, engine: Engine) -> None:
    assert reader.get("/readyz").status_code == 503


def test_database_without_any_table_is_not_ready(open_kiosk: OpenKiosk, tmp_path: Path) -> None:
    empty = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    answer = open_kiosk(a_room({}), database_url=empty).browser().get("/readyz")

    assert (answer.status_code, answer.get_json()["database"]) == (503, "behind")


def test_process_goes_on_while_the_next_release_is_brought_out(
    reader: FlaskClient, engine: Engine
) -> None:
    stamp(engine, "29990101_0000")
    answer = reader.get("/readyz")

    assert (answer.status_code, answer.get_json()["database"]) == (200, "ok")


def test_queue_that_is_away_is_told_and_keeps_nobody_from_buying(open_kiosk: OpenKiosk) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    assert queue_state(HueyQueue(f"redis://127.0.0.1:{port}/0")) == "away"


def test_queue_on_a_file_answers(tmp_path: Path) -> None:
    queue = HueyQueue(f"sqlite:///{tmp_path / 'queue.sqlite'}")
    state = queue_state(queue)
    queue.close()

    assert state == "ok"


def test_process_without_a_database_still_tells_what_it_counted(
    open_kiosk: OpenKiosk, tmp_path: Path
) -> None:
    nowhere = f"sqlite:///{tmp_path / 'no-such-folder' / 'store.sqlite'}"
    edge = {"gauges": vitals}
    lines = open_kiosk(a_room({}), edge=edge, database_url=nowhere).browser().get("/metrics").text

    assert "\nstore_database_up 0\n" in lines
    assert "\nstore_requests_total{" in lines
    assert "\nstore_workers" not in lines


def test_counters_tell_hits_from_renderings(reader: FlaskClient) -> None:
    for _ in range(3):
        reader.get("/front")
    lines = reader.get("/metrics").text.splitlines()
    counted = {line.partition("{")[0]: line.rpartition(" ")[2] for line in lines}

    assert counted["store_memory_renderings_total"] == "1"
    assert counted["store_memory_misses_total"] == "1"
    assert counted["store_memory_hits_total"] == "2"
    assert counted["store_memory_pages"] == "1"
    assert int(counted["store_memory_bytes"]) > 0
    assert {"store_memory_stale_total", "store_memory_evictions_total"} <= counted.keys()


def test_backup_and_disk_of_the_machine_are_told(open_kiosk: OpenKiosk, tmp_path: Path) -> None:
    kiosk = open_kiosk(a_room({}))
    before = kiosk.browser().get("/metrics").text
    note_backup(kiosk.services.settings)
    made_at = (kiosk.clock.now() - timedelta(hours=5)).timestamp()
    os.utime(tmp_path / LAST_BACKUP, (made_at, made_at))
    lines = kiosk.browser().get("/metrics").text.splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines)

    assert "\nstore_last_backup_seconds " not in before
    assert told["store_last_backup_seconds"] == "18000"
    assert float(told["store_disk_free_bytes"]) > 0


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "10.1.2.3"])
def test_own_networks_may_read_the_counters(reader: FlaskClient, peer: str) -> None:
    assert reader.get("/metrics", environ_overrides={"REMOTE_ADDR": peer}).status_code == 200


@pytest.mark.parametrize("peer", ["203.0.113.9", "2001:db8::1", "", "nonsense"])
def test_strangers_find_no_counters(reader: FlaskClient, peer: str) -> None:
    assert reader.get("/metrics", environ_overrides={"REMOTE_ADDR": peer}).status_code == 404


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.1.2.3", "203.0.113.9"])
def test_who_comes_by_a_proxy_finds_no_counters(reader: FlaskClient, peer: str) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1"}
    answer = reader.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": peer})

    assert answer.status_code == 404

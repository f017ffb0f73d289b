"""Promises about asking for the version: who holds a connection waits for nobody."""

from threading import Thread

from store.clock import FixedClock
from store.database import commits_here, db
from store.web.page_version import VersionWatch
from tests.shop import Shop


def test_who_renders_never_waits_for_the_one_who_asks(shop: Shop, clock: FixedClock) -> None:
    with shop.app.app_context():
        watch = VersionWatch(db.engine, clock, ())
    watch.current()
    commits_here.count += 1
    known: list[int] = []

    with watch._lock:
        renderer = Thread(target=lambda: known.append(watch.at_hand()))
        renderer.start()
        renderer.join(timeout=5)

    assert len(known) == 1

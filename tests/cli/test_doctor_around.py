"""`store doctor` looks at what the shop keeps, knows of itself, and is reached by."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import BaseWSGIServer, make_server

from store.checkout.models import Reconciliation
from store.cli import agreeing, keeping, reached
from store.database import Model, db, writing
from store.gift_cards.models import GiftCardProof
from store.inventory.models import StockProof
from store.jobs.models import OutboxRow
from store.media.private_files import open_files
from store.orders.models import StripeEvent
from store.staff.roles import Role
from store.web.machine import LAST_BACKUP
from tests.browser.live import live_shop
from tests.newsletter.bounces.mail_server import a_certificate
from tests.ports import free_port
from tests.shop import Shop, doors
from tests.staffing import a_member

AT_HOME = "http://127.0.0.1"


def keep(*rows: Model) -> None:
    with writing():
        db.session.add_all(rows)


@contextmanager
def _running(server: BaseWSGIServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def served(shop: Shop) -> Iterator[int]:
    """The shop under test on a port of this machine."""
    with _running(make_server("127.0.0.1", 0, shop.app, threaded=True)) as port:
        yield port


@pytest.fixture
def another() -> Iterator[int]:
    """Something that is no shop."""
    with _running(make_server("127.0.0.1", 0, Flask("another"))) as port:
        yield port


@pytest.fixture
def secured(tmp_path: Path) -> Iterator[int]:
    certificate, key = a_certificate(tmp_path)
    context = (str(certificate), str(key))
    server = make_server("localhost", 0, Flask("secured"), ssl_context=context)
    with _running(server) as port:
        yield port


def test_files_for_buyers_are_kept_and_taken_away_again(
    app: Flask, shop: Shop, tmp_path: Path
) -> None:
    files = open_files(tmp_path.joinpath("files").as_uri())

    finding = keeping.files(replace(shop.services, files=files))

    assert not finding.mend
    assert list(files.kept()) == []


def test_a_store_of_files_that_takes_none_wants_mending(
    app: Flask, shop: Shop, tmp_path: Path
) -> None:
    files = open_files(tmp_path.joinpath("files").as_uri())
    for name in range(256):
        (tmp_path / "files" / f"{name:02x}").write_text("a file in the way")

    assert "STORE_FILES_URL" in keeping.files(replace(shop.services, files=files)).mend


def test_room_on_disk_is_told(app: Flask, shop: Shop) -> None:
    assert "GB are free" in keeping.disk(shop.services).words


def test_a_backup_is_told_by_its_age(app: Flask, shop: Shop, tmp_path: Path) -> None:
    kept = doors(shop, data_dir=tmp_path)
    assert keeping.backup(kept).is_open

    mark = tmp_path / LAST_BACKUP
    mark.touch()
    for hours, is_well in ((20, True), (50, False)):
        made_at = (shop.clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(mark, (made_at, made_at))
        finding = keeping.backup(kept)
        assert f"{hours} hours" in finding.words
        assert (not finding.mend) is is_well


def test_what_gave_up_and_what_waits_too_long_is_named(app: Flask, shop: Shop) -> None:
    assert not agreeing.jobs(shop.services).mend
    assert not agreeing.events(shop.services).mend
    now = shop.clock.now()
    earlier = now - timedelta(minutes=20)

    keep(
        OutboxRow(kind="a.job", payload={}, created_at=now, due_at=now, failed_at=now),
        StripeEvent(event_id="evt_1", kind="charge.refunded", body="", received_at=earlier),
    )

    assert "/staff/faults" in agreeing.jobs(shop.services).mend
    assert "20 minutes" in agreeing.events(shop.services).words
    assert "store orders reconcile" in agreeing.events(shop.services).mend


def test_proofs_that_differ_or_are_old_want_mending(app: Flask, shop: Shop) -> None:
    assert agreeing.proofs(shop.services).is_open
    now = shop.clock.now()
    keep(
        Reconciliation(at=now, differences=0, named=[]),
        StockProof(at=now, differences=0),
        GiftCardProof(at=now, differences=0),
    )
    finding = agreeing.proofs(shop.services)
    assert not finding.mend
    assert not finding.is_open

    keep(StockProof(at=now, differences=3))
    shop.clock.move_to(now + timedelta(days=3))
    finding = agreeing.proofs(shop.services)

    assert "store stock prove" in finding.mend
    assert "Stripe: not compared for 3 days." in finding.words
    assert "stock: 3 differences." in finding.words


def test_a_shop_without_an_owner_wants_one(app: Flask, shop: Shop) -> None:
    with writing():
        a_member(shop.clock, role=Role.MANAGER)
    assert "store staff create" in agreeing.staff(shop.services).mend

    with writing():
        a_member(shop.clock)

    assert not agreeing.staff(shop.services).mend


def test_what_slips_lack_is_named(app: Flask, shop: Shop) -> None:
    lacking = agreeing.imprint(shop.services)
    whole = doors(
        shop, brand_address="1 Press St", brand_email="a@b.example", brand_business_number="ABN 1"
    )

    assert "a postal address" in lacking.words
    assert not agreeing.imprint(whole).is_open


def test_the_shop_is_found_at_its_address_and_answers_from_memory(
    tmp_path: Path, database_url: str
) -> None:
    with live_shop(tmp_path, database_url) as live, live.app.app_context():
        addressed, remembered = (
            look(live.services) for look in (reached.public_url, reached.page_memory)
        )

    assert (addressed.mend, addressed.is_open) == ("", False)
    assert remembered.words == "Public pages come from memory."


def test_an_address_that_leads_elsewhere_is_a_fault_in_public_alone(
    app: Flask, shop: Shop, another: int
) -> None:
    elsewhere = doors(shop, public_url=f"{AT_HOME}:{another}")

    finding = reached.public_url(elsewhere)

    assert "answers 404" in finding.words
    assert finding.is_open
    assert reached.page_memory(elsewhere).is_open


def test_an_address_that_does_not_answer_wants_mending_once_it_is_public(
    app: Flask, shop: Shop
) -> None:
    port = free_port()

    at_home = reached.public_url(doors(shop, public_url=f"{AT_HOME}:{port}"))
    in_public = reached.public_url(doors(shop, public_url=f"https://127.0.0.1:{port}"))

    assert at_home.is_open
    assert "does not answer" in at_home.words
    assert "proxy" in in_public.mend


def test_a_host_that_is_not_allowed_is_named(app: Flask, shop: Shop) -> None:
    assert not reached.hosts(shop.services).mend

    moved = doors(shop, public_url="https://shop.example.org")

    assert reached.hosts(moved).mend == "Add shop.example.org to STORE_ALLOWED_HOSTS."


def test_a_certificate_that_browsers_do_not_believe_wants_mending(
    app: Flask, shop: Shop, secured: int
) -> None:
    assert reached.certificate(shop.services).is_open

    finding = reached.certificate(doors(shop, public_url=f"https://localhost:{secured}"))

    assert "do not believe" in finding.words
    assert finding.mend


def test_a_certificate_is_told_by_the_days_it_has_left(
    app: Flask, shop: Shop, tmp_path: Path, secured: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))

    finding = reached.certificate(doors(shop, public_url=f"https://localhost:{secured}"))
    now = shop.clock.now()
    soon = reached.lasting_until(now + timedelta(days=3, hours=1), now)

    assert "more days" in finding.words
    assert not finding.mend
    assert "3 more days" in soon.words
    assert soon.mend


def test_news_sites_that_cannot_be_reached_are_named(app: Flask, shop: Shop, another: int) -> None:
    assert reached.news_sites(doors(shop, news_origins=())).is_open
    here, away = f"{AT_HOME}:{another}", f"{AT_HOME}:{free_port()}"

    assert not reached.news_sites(doors(shop, news_origins=(here,))).mend
    finding = reached.news_sites(doors(shop, news_origins=(here, away)))

    assert away in finding.words
    assert here not in finding.words
    assert "STORE_NEWS_ORIGINS" in finding.mend


def test_a_cache_that_is_away_wants_mending(app: Flask, shop: Shop) -> None:
    assert reached.cache(doors(shop, cache_url="")).is_open

    finding = reached.cache(doors(shop, cache_url=f"redis://127.0.0.1:{free_port()}/0"))

    assert "STORE_CACHE_URL" in finding.mend


def test_extras_that_settings_ask_for_are_looked_for(app: Flask, shop: Shop) -> None:
    assert keeping.extras(shop.services).is_open

    asked = doors(shop, traces_url="http://127.0.0.1:4318/v1/traces")

    assert keeping.extras(asked).words == "Installed: tracing."

"""Promises of the page that says whether the shop is well: each fault is named, with a way on."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store.app import STAFF, job_handlers
from store.checkout.models import Reconciliation
from store.database import Model, db, writing
from store.gift_cards.models import GiftCardProof
from store.inventory.models import StockProof
from store.jobs.leases import show_life
from store.jobs.models import OutboxRow
from store.mail.models import Message
from store.mail.resting import MANY_REFUSALS, RELAY, let_rest
from store.newsletter.campaigns.models import CampaignState, PauseCause
from store.orders.models import StripeEvent
from store.staff.roles import Role
from store.staff.status.ground import version
from store.staff.status.job_words import WORDS
from store.web.doors import EXTENSION
from store.web.machine import LAST_BACKUP, PLENTY_BYTES, Room
from tests.campaigns import a_campaign
from tests.catalog.counting import counted_queries
from tests.shop import Shop
from tests.staffing import at_the_desk

FINDING = re.compile(
    r'finding__about">(?P<about>[^<]+)</dt>\s*<dd[^>]*>\s*<span[^>]*>(?P<verdict>[^<]+)</span>'
    r'\s*</dd>\s*<dd class="finding__words">(?P<words>.*?)</dd>',
    re.DOTALL,
)


def page_of(shop: Shop) -> str:
    return at_the_desk(shop, role=Role.MANAGER).get("/staff/status").text


def told(shop: Shop, about: str) -> tuple[str, str]:
    """Return the verdict and the words of what is told of this first: with what to do about it."""
    for found in FINDING.finditer(page_of(shop)):
        if found["about"] == about:
            return found["verdict"], " ".join(re.sub(r"<[^>]+>", " ", found["words"]).split())
    raise AssertionError(about)


def keep(shop: Shop, *rows: Model) -> None:
    with shop.app.app_context(), writing():
        db.session.add_all(rows)


def a_job(shop: Shop, *, minutes: int, kind: str = "mail.send", **more: object) -> OutboxRow:
    due = shop.clock.now() - timedelta(minutes=minutes)
    return OutboxRow(kind=kind, payload={}, created_at=due, due_at=due, **more)


def proofs(shop: Shop, *, days: int = 0, differences: int = 0) -> list[Model]:
    at = shop.clock.now() - timedelta(days=days)
    return [
        Reconciliation(at=at, differences=differences, named=[]),
        StockProof(at=at, differences=differences),
        GiftCardProof(at=at, differences=differences),
    ]


@pytest.fixture
def well(shop: Shop) -> Shop:
    """A shop in which a worker lives and everything was proved."""
    with shop.app.app_context():
        show_life("worker-of-a-test", timedelta(minutes=1), shop.clock)
    keep(shop, *proofs(shop))
    return shop


def test_shop_that_is_well_says_so_at_a_glance(well: Shop) -> None:
    page = page_of(well)

    assert "All is well" in page
    assert "Wants a hand" not in page
    assert {found["verdict"] for found in FINDING.finditer(page)} == {"Well", "Not known"}


def test_what_wants_a_hand_stands_on_top_with_the_worst_first(well: Shop) -> None:
    now = well.clock.now()
    refused = Message(
        dedupe_key="1",
        message_id="1",
        kind="orders.confirmed",
        recipient="a@b.example",
        subject="",
        text="",
        html="",
        created_at=now,
        refused_at=now,
    )
    keep(well, refused, a_job(well, minutes=90, failed_at=now))
    page = page_of(well)

    assert "2 things want a hand" in page
    assert page.index("Jobs that gave up") < page.index("Mails that were refused")
    assert page.index("Wants a hand") < page.index("/staff/faults/#jobs")
    assert "a@b.example" not in page


def test_no_worker_is_told_with_what_to_do(shop: Shop) -> None:
    verdict, words = told(shop, "Workers")

    assert verdict == "Mend it"
    assert "start “store worker”" in words


@pytest.mark.parametrize(("minutes", "verdict"), [(1, "Well"), (5, "Look at it"), (12, "Mend it")])
def test_jobs_that_are_late_are_told_by_how_long(well: Shop, minutes: int, verdict: str) -> None:
    keep(well, a_job(well, minutes=minutes))

    found, words = told(well, "Jobs that wait")

    assert found == verdict
    assert f"due for {minutes} minute" in words


def test_jobs_that_are_due_for_longest_are_named_in_words(well: Shop) -> None:
    claimed = well.clock.now() + timedelta(minutes=1)
    keep(
        well,
        a_job(well, minutes=9, kind="catalog.write_import", attempts=1, claimed_until=claimed),
        a_job(well, minutes=4),
        a_job(well, minutes=-4, kind="gift_cards.mail"),
    )
    table = page_of(well).partition("Due for longest")[2]

    assert table.index("Write an import") < table.index("Send a mail")
    assert table.index(">runs<") < table.index(">waits<")
    assert "gift card" not in table


def test_every_job_has_words(shop: Shop) -> None:
    assert set(job_handlers(shop.services)) == set(WORDS)


def test_mail_server_that_takes_nothing_is_told_in_its_words(well: Shop) -> None:
    with well.app.app_context():
        for _ in range(MANY_REFUSALS):
            with writing():
                until = let_rest(RELAY, "421 too busy", well.clock)
            well.clock.move_to(until)

    verdict, words = told(well, "Mails on their way")

    assert verdict == "Mend it"
    assert "421 too busy" in words


def test_many_mails_that_wait_are_looked_at(well: Shop) -> None:
    keep(well, *(a_job(well, minutes=-1) for _ in range(51)))

    assert told(well, "Mails on their way")[0] == "Look at it"


def test_campaign_that_stopped_itself_is_told(well: Shop) -> None:
    with well.app.app_context(), writing():
        paused = a_campaign(well.clock)
        paused.state, paused.pause_cause = CampaignState.PAUSED, PauseCause.COMPLAINTS

    assert told(well, "Campaigns")[0] == "Mend it"


@pytest.mark.parametrize(("minutes", "verdict"), [(1, "Well"), (5, "Look at it"), (20, "Mend it")])
def test_what_stripe_told_and_waits_is_told(well: Shop, minutes: int, verdict: str) -> None:
    received = well.clock.now() - timedelta(minutes=minutes)
    keep(well, StripeEvent(event_id="evt_1", kind="charge.refunded", body="", received_at=received))

    assert told(well, "What Stripe tells us")[0] == verdict


@pytest.mark.parametrize("about", ["Compared with Stripe", "Stock", "Gift cards"])
def test_proofs_tell_what_differs_what_is_old_and_what_was_never_made(
    shop: Shop, about: str
) -> None:
    assert told(shop, about)[0] == "Not known"

    keep(shop, *proofs(shop, days=3))
    verdict, words = told(shop, about)
    assert verdict == "Look at it"
    assert "3 days ago" in words

    keep(shop, *proofs(shop, differences=2))
    verdict, words = told(shop, about)
    assert verdict == "Mend it"
    assert words.startswith("2 ")


def test_disk_that_fills_up_is_told() -> None:
    large = 100 * PLENTY_BYTES
    rooms = [Room(Path("/"), free, large) for free in (PLENTY_BYTES + 1, PLENTY_BYTES - 1, 10**8)]

    assert [(room.is_scarce, room.is_gone) for room in rooms] == [
        (False, False),
        (True, False),
        (True, True),
    ]
    assert not Room(Path("/"), 3 * 10**9, 10**10).is_scarce


@pytest.fixture
def kept_shop(well: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A shop whose data directory is there."""
    services = replace(
        well.services, settings=well.services.settings.model_copy(update={"data_dir": tmp_path})
    )
    staff = well.app.extensions[STAFF].app
    staff.extensions[EXTENSION] = services
    yield replace(well, services=services)
    staff.extensions[EXTENSION] = well.services


def test_last_backup_is_told_by_its_age(kept_shop: Shop) -> None:
    assert told(kept_shop, "Last backup")[0] == "Not known"

    for hours, verdict in ((3, "Well"), (60, "Mend it")):
        mark = kept_shop.services.settings.data_dir / LAST_BACKUP
        mark.touch()
        made_at = (kept_shop.clock.now() - timedelta(hours=hours)).timestamp()
        os.utime(mark, (made_at, made_at))
        assert told(kept_shop, "Last backup")[0] == verdict


@pytest.fixture
def behind(database_url: str) -> Iterator[None]:
    """Let the database have seen a migration of long ago; afterwards it is what it was."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        seen = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
        connection.execute(text("UPDATE alembic_version SET version_num = '20261128_0500'"))
    yield
    with engine.begin() as connection:
        for revision in seen:
            connection.execute(
                text("UPDATE alembic_version SET version_num = :seen"), {"seen": revision}
            )
    engine.dispose()


@pytest.mark.usefixtures("behind")
def test_database_behind_its_code_is_told(well: Shop) -> None:
    verdict, words = told(well, "Version")

    assert verdict == "Mend it"
    assert "store db upgrade" in words


def test_status_costs_few_statements(well: Shop) -> None:
    browser = at_the_desk(well)
    browser.get("/staff/status")
    with well.app.app_context(), counted_queries() as statements:
        browser.get("/staff/status")

    assert len(statements) <= 12


@pytest.mark.usefixtures("app")
def test_a_tree_that_was_copied_is_called_by_no_number() -> None:
    # An image installs nothing of ours, so that no release can be asked for.
    assert version("").words == "This code; the database is as it needs it."
    assert version("1.2.3").words.startswith("1.2.3; ")

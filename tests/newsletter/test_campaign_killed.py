"""A promise about real workers that are ended by -9 while they send: one mail each in doubt."""

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from bench.campaign import Crew, Plan, Probes, run_campaign
from bench.campaign_shop import fill_readers
from bench.mail_sink import open_sink
from store.app import create_app, open_doors
from store.database import db, writing
from store.jobs.models import OutboxRow
from store.newsletter.campaigns.models import Delivery
from tests.jobs.test_command import the_environment
from tests.shop import some_settings

pytestmark = pytest.mark.slow

READERS, KILLS, WORKERS = 200, 2, 2


def test_campaign_outlives_its_workers(database_url: str, tmp_path: Path) -> None:
    with open_sink() as sink:
        environment = the_environment(tmp_path, database_url) | {"STORE_MAIL_URL": sink.url}
        settings = some_settings(tmp_path, database_url, mail_url=sink.url)
        services = open_doors(settings)
        app = create_app(settings, services)
        with app.app_context():
            fill_readers(READERS, services.clock, settings)
        crew = Crew(os.environ | environment, tmp_path / "workers.log")

        def let_claims_end() -> None:
            """Do what two minutes do: those who died have nothing in hand any more."""
            crew.dismiss()
            _end_claims(app)
            for _worker in range(WORKERS):
                crew.hire()

        try:
            plan = Plan(READERS, KILLS, WORKERS, most_seconds=180, alone=1)
            run = run_campaign(plan, "", Probes(app, services, sink), crew, let_claims_end)
        finally:
            crew.dismiss()
            with app.app_context():
                db.engine.dispose()

    assert run.kills == KILLS
    assert (run.written_to, run.missing) == (READERS, 0)
    assert run.twice <= KILLS
    assert run.message_ids == READERS
    assert run.is_sent


def _end_claims(app: Flask) -> None:
    with app.app_context(), writing():
        for model in (Delivery, OutboxRow):
            db.session.execute(update(model).values(claimed_until=None))

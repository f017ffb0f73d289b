"""`store doctor` finds what is amiss, says how it is mended, and ends so that a script can tell."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import text

from store.app import create_app, open_doors
from store.cli import looking
from store.cli.doctor import doctor
from store.cli.findings import Finding
from store.cli.looking import Look, Patient, examined
from store.database import writing
from store.jobs.leases import show_life
from store.jobs.outbox import enqueue
from store.mail.outgoing import SendMail
from store.mail.smtp_mailer import SmtpMailer
from store.media.storage import open_media
from store.payments.gateway import Standing
from store.sandbox.stripe import ApiFault, FaultKind, Faults
from store.sandbox.stripe.state import Shelf
from store.services import Services
from store.web.doors import EXTENSION
from tests.buying import a_variant, check_out, fill_cart
from tests.mail.post_office import PostOffice, open_post_office
from tests.newsletter.signing_up import ask
from tests.ports import free_port
from tests.shop import Shop, doors, some_settings
from tests.staffing import a_member

LIVE = {"public_url": "https://shop.example.org"}


def run(services: Services, shop: Shop) -> Result:
    """Examine a shop with these doors from the command line."""
    shop.app.extensions[EXTENSION] = services
    try:
        return CliRunner().invoke(doctor, obj=ScriptInfo(create_app=lambda: shop.app))
    finally:
        shop.app.extensions[EXTENSION] = shop.services


def an_owner(shop: Shop) -> None:
    with shop.app.app_context(), writing():
        a_member(shop.clock)


def found(look: Look, services: Services) -> Finding:
    return look(examined(services))


@pytest.mark.slow
def test_every_look_is_printed_and_the_end_tells_a_script(shop: Shop, tmp_path: Path) -> None:
    media = open_media((tmp_path / "media").as_uri())
    (tmp_path / "media" / "doctor").write_text("a file in the way")
    an_owner(shop)

    result = run(replace(shop.services, media=media), shop)

    wanted = [line for line in result.output.splitlines() if line.startswith("mend")]
    assert [line.split()[1] for line in wanted] == ["media"]
    assert result.exit_code == 1
    assert "1 to mend." in result.output
    for about in ("settings", "database", "migrations", "stripe", "webhook", "clock", "printing"):
        assert f"ok    {about}" in result.output


@pytest.mark.slow
def test_a_shop_that_is_well_is_told_so(shop: Shop, tmp_path: Path) -> None:
    media = open_media((tmp_path / "media").as_uri())
    an_owner(shop)

    result = run(replace(shop.services, media=media), shop)

    assert result.exit_code == 0, result.output
    assert result.output.endswith("The shop is well.\n")


def test_settings_that_cannot_be_are_all_named(tmp_path: Path) -> None:
    def make() -> Flask:
        some_settings(tmp_path, "", timezone="Mars/Olympus", currency="dollars")
        raise AssertionError("these settings cannot be")

    result = CliRunner().invoke(doctor, obj=ScriptInfo(create_app=make))

    assert result.exit_code == 1
    assert "mend  settings" in result.output
    assert "STORE_TIMEZONE" in result.output
    assert "STORE_CURRENCY" in result.output


def test_a_folder_that_nobody_may_make_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in the way")

    def make() -> Flask:
        settings = some_settings(tmp_path / "var", "")
        return create_app(settings, open_doors(settings))

    result = CliRunner().invoke(doctor, obj=ScriptInfo(create_app=make))

    assert isinstance(result.exception, SystemExit)
    assert "mend  folders" in result.output
    assert "Give STORE_DATA_DIR to this user" in result.output


def test_a_database_that_is_behind_wants_its_migrations(app: Flask, shop: Shop) -> None:
    with writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '20261122_2200'"))

    finding = found(looking.migrations, shop.services)

    with writing() as session:
        newest = finding.words.split()[-3]
        session.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": newest})
    assert finding.mend == "store db upgrade"


def test_another_key_than_that_of_what_is_kept_is_noticed(app: Flask, shop: Shop) -> None:
    another = doors(shop, kept_key=SecretStr("another key of a test, as long as it has to be"))
    before = found(looking.keys, another)
    ask(shop)

    assert before.mend == ""
    assert "STORE_KEPT_KEY" in found(looking.keys, another).mend
    assert found(looking.keys, shop.services).mend == ""


def test_a_former_key_is_named_as_long_as_it_counts(app: Flask, shop: Shop) -> None:
    former = SecretStr("a former key of a test, as long as it has to be")

    assert found(looking.keys, doors(shop, secret_key_previous=former)).is_open


def test_a_database_that_is_ahead_wants_nothing(app: Flask, shop: Shop) -> None:
    with writing() as session:
        newest = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = '29990101_0000'"))

    finding = found(looking.migrations, shop.services)

    with writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :n"), {"n": newest})
    assert finding.mend == ""
    assert "newer than this code" in finding.words


def test_jobs_that_nobody_runs_want_a_worker(app: Flask, shop: Shop) -> None:
    assert found(looking.worker, shop.services).is_open
    with writing():
        enqueue(SendMail(message_id=1), shop.clock)
    shop.clock.move_to(shop.clock.now() + timedelta(minutes=11))

    assert "store worker" in found(looking.worker, shop.services).mend


def test_a_living_worker_is_seen(app: Flask, shop: Shop) -> None:
    show_life("one", timedelta(minutes=5), shop.clock)

    finding = found(looking.worker, shop.services)

    assert (finding.mend, finding.is_open) == ("", False)


def test_pay_pages_elsewhere_want_their_origin_allowed(
    app: Flask, shop: Shop, reader: FlaskClient
) -> None:
    assert not found(looking.pay_origin, shop.services).mend
    fill_cart(reader, a_variant(shop))
    check_out(reader)

    closed = doors(shop, pay_origins=("https://checkout.stripe.com",))

    assert (
        found(looking.pay_origin, closed).mend == "Add http://localhost:5001 to STORE_PAY_ORIGINS."
    )


def test_stripes_own_pay_page_is_expected_where_nothing_was_sold(app: Flask, shop: Shop) -> None:
    real = doors(shop, stripe_api_base="https://api.stripe.com", pay_origins=())

    finding = looking.pay_origin(Patient(real, None))

    assert "https://checkout.stripe.com" in finding.mend


def test_pictures_are_kept_and_read_back(app: Flask, shop: Shop, tmp_path: Path) -> None:
    kept = replace(shop.services, media=open_media((tmp_path / "media").as_uri()))

    assert not found(looking.media, kept).mend
    assert not found(looking.media, kept).mend


def test_a_folder_that_is_none_wants_mending(app: Flask, shop: Shop, tmp_path: Path) -> None:
    media = open_media((tmp_path / "media").as_uri())
    (tmp_path / "media" / "doctor").write_text("a file in the way")

    assert "STORE_MEDIA_URL" in found(looking.media, replace(shop.services, media=media)).mend


def test_a_mail_server_that_answers_is_well(app: Flask, shop: Shop) -> None:
    with open_post_office(PostOffice()) as office:
        services = doors(shop, mail_url=SecretStr(office.url))
        finding = found(looking.mail, replace(services, mailer=SmtpMailer(office.url)))

    assert (finding.mend, finding.is_open) == ("", False)
    assert office.taken == []


def test_a_mail_server_that_is_away_wants_mending(app: Flask, shop: Shop) -> None:
    url = f"smtp://127.0.0.1:{free_port()}"
    services = replace(doors(shop, mail_url=SecretStr(url)), mailer=SmtpMailer(url))

    assert "STORE_MAIL_URL" in found(looking.mail, services).mend


def test_mails_that_stay_files_are_meant_at_home_and_not_in_public(app: Flask, shop: Shop) -> None:
    assert found(looking.mail, shop.services).is_open
    assert found(looking.mail, doors(shop, **LIVE)).mend == "Set STORE_MAIL_URL."


def test_dns_is_left_alone_until_the_shop_is_on_the_internet(app: Flask, shop: Shop) -> None:
    looks = (looking.spf, looking.dkim, looking.dmarc)

    assert all(found(look, shop.services).is_open for look in looks)


def test_a_stripe_that_does_not_answer_is_named_once(app: Flask, shop: Shop) -> None:
    shop.sandbox.faults = Faults(api=(ApiFault(FaultKind.UNAVAILABLE),))

    patient = examined(shop.services)

    assert "STORE_STRIPE_KEY" in looking.stripe(patient).mend
    assert looking.webhook(patient).is_open
    assert looking.clock(patient).is_open


def test_events_that_are_sent_nowhere_want_an_endpoint(app: Flask, shop: Shop) -> None:
    assert not found(looking.webhook, shop.services).mend

    assert found(looking.webhook, doors(shop, **LIVE)).mend.startswith("store stripe setup")
    assert found(looking.webhook, doors(shop, stripe_webhook_secrets=())).mend


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"status": "disabled"}, "has stopped"),
        ({"enabled_events": ["checkout.session.completed"]}, "refund.created"),
    ],
)
def test_an_endpoint_that_hears_too_little_wants_mending(
    app: Flask, shop: Shop, changed: dict[str, object], said: str
) -> None:
    state = shop.sandbox.account.state
    with state.changing():
        (endpoint,) = state.scan(Shelf.ENDPOINT)
        state.put(Shelf.ENDPOINT, state.take(Shelf.ENDPOINT, endpoint["id"]) | changed)

    finding = found(looking.webhook, shop.services)

    assert finding.mend
    assert said in finding.words


def test_a_clock_that_is_wrong_is_told_by_how_much(app: Flask, shop: Shop) -> None:
    now = shop.clock.now()

    right = looking.clock(Patient(shop.services, Standing(now + timedelta(seconds=2), ())))
    wrong = looking.clock(Patient(shop.services, Standing(now - timedelta(seconds=400), ())))

    assert not right.mend
    assert "400 seconds" in wrong.words
    assert wrong.mend


def test_https_without_a_trusted_proxy_wants_one(app: Flask, shop: Shop) -> None:
    assert not found(looking.proxies, shop.services).mend
    assert "STORE_TRUSTED_PROXIES" in found(looking.proxies, doors(shop, **LIVE)).mend


def test_a_machine_without_pango_is_told_what_to_install(
    app: Flask, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lame = tmp_path / "weasyprint"
    lame.mkdir()
    (lame / "__init__.py").write_text("raise OSError('cannot load library libpango')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    assert "libpango-1.0-0" in found(looking.printing, shop.services).mend

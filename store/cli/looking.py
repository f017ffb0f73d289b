"""The looks of `store doctor`: each asks one thing and says what it found, and how it is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from store.checkout.vitals import JOBS_TOO_LATE
from store.cli import agreeing, keeping, reached
from store.cli.findings import Finding
from store.cli.mail_names import ABOUT_DKIM, ABOUT_DMARC, ABOUT_SPF, MailNames
from store.cli.returning import what_comes_back
from store.database import db, end_reading
from store.errors import StoreError, UnavailableError
from store.jobs.leases import living_workers
from store.jobs.models import OutboxRow
from store.mail.mailer import CheckedMailer
from store.mail.records import AskedServers
from store.migrating import Schema, current_revision, newest_revision, schema_after
from store.newsletter.recognising import recognises_addresses
from store.orders.models import Order
from store.payments.gateway import GatewayRefusedError, GatewayUnknownError, Standing
from store.services import Services
from store.settings import Settings
from store.web.health import OK, queue_state
from store.web.printing import INSTALL, printer_fault

CLOCKS_MAY_DIFFER = timedelta(seconds=60)
"""Stripe's events are refused from five minutes on, and a clock that drifts goes on drifting."""
STRIPE, CHECKOUT = "https://api.stripe.com", "https://checkout.stripe.com"
TEST_KEYS = ("sk_test_", "rk_test_")
PROBE = ("doctor/probe.png", b"a picture that the doctor left")


@dataclass(frozen=True, slots=True)
class Patient:
    """The shop, and what Stripe says of it, which is asked for once."""

    services: Services
    standing: Standing | None
    why_not: str = ""

    @property
    def settings(self) -> Settings:
        return self.services.settings

    @property
    def webhook_url(self) -> str:
        return f"{self.settings.public_url}/webhooks/stripe"


def examined(services: Services) -> Patient:
    """Ask Stripe what it knows of us, with nothing held open meanwhile."""
    end_reading()
    try:
        return Patient(services, services.payments.standing())
    except (GatewayRefusedError, GatewayUnknownError) as error:
        return Patient(services, None, str(error)[:200])


def database(patient: Patient) -> Finding:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        words = f"It does not answer: {type(error).__name__}."
        return Finding("database", words, "Start it, or mend STORE_DATABASE_URL.")
    name = make_url(patient.settings.database_url).get_backend_name()
    return Finding("database", f"{name} answers.")


def migrations(patient: Patient) -> Finding:
    seen, newest = current_revision(patient.settings), newest_revision()
    how = schema_after(seen)
    if how == Schema.BEHIND:
        return Finding(
            "migrations", f"It has seen {seen}, and {newest} is there.", "store db upgrade"
        )
    if how == Schema.AHEAD:
        return Finding("migrations", f"It has seen {seen}, which is newer than this code.")
    return Finding("migrations", f"It has seen {newest}, the newest.")


def worker(patient: Patient) -> Finding:
    clock = patient.services.clock
    late = db.session.scalars(
        select(func.count()).where(
            OutboxRow.done_at.is_(None),
            OutboxRow.failed_at.is_(None),
            OutboxRow.due_at < clock.now() - JOBS_TOO_LATE,
        )
    ).one()
    alive = living_workers(clock)
    if late:
        words = f"{late} jobs wait for longer than ten minutes; {alive} workers show life."
        return Finding("worker", words, "Start `store worker`, or `store serve`, which starts one.")
    if not alive:
        return Finding("worker", "None shows life; `store serve` starts one.", is_open=True)
    return Finding("worker", f"{alive} show life, and no job is late.")


def keys(patient: Patient) -> Finding:
    if not recognises_addresses(patient.settings):
        words = "Addresses that are kept as hashes are not recognised: nor is who must get no mail."
        mend = "Set STORE_KEPT_KEY to the STORE_SECRET_KEY with which the shop began."
        return Finding("keys", words, mend)
    if patient.settings.secret_key_previous.get_secret_value():
        words = "Links of the former STORE_SECRET_KEY open still."
        return Finding("keys", words, is_open=True)
    return Finding("keys", "What is kept is recognised.")


def pay_origin(patient: Patient) -> Finding:
    newest = select(Order.session_url).where(Order.session_url != "").order_by(Order.id.desc())
    url = db.session.scalar(newest.limit(1))
    expected = _origin(url) if url else _usual_pay_origin(patient.settings)
    if expected not in patient.settings.pay_origins:
        words = f"Pay pages are at {expected}, which browsers will not be let through to."
        return Finding("pay origin", words, f"Add {expected} to STORE_PAY_ORIGINS.")
    return Finding("pay origin", f"Browsers may go to {expected}.")


def media(patient: Patient) -> Finding:
    name, content = PROBE
    store = patient.services.media
    try:
        store.put(name, content)
        kept = store.get(name)
    except (StoreError, OSError) as error:
        words = f"No picture can be kept: {error}."
        return Finding("media", words, "Give the folder or bucket of STORE_MEDIA_URL to this user.")
    if kept != content:
        words = "What was kept does not come back."
        return Finding("media", words, "Look at the bucket of STORE_MEDIA_URL and its rules.")
    return Finding("media", "Pictures are kept, and come back.")


def queue(patient: Patient) -> Finding:
    if queue_state(patient.services.queue) != OK:
        words = "It does not answer; jobs only wait longer, for the sweep finds them."
        return Finding("queue", words, "Start it, or mend STORE_QUEUE_URL.")
    return Finding("queue", "It answers.")


def mail(patient: Patient) -> Finding:
    mailer = patient.services.mailer
    if not patient.settings.mail_url.get_secret_value():
        folder = patient.settings.data_dir / "mail"
        words = f"No server is set: mails are files in {folder}, and no reader gets any."
        is_meant = not patient.settings.is_https
        return Finding("mail", words, "" if is_meant else "Set STORE_MAIL_URL.", is_open=is_meant)
    try:
        if isinstance(mailer, CheckedMailer):
            mailer.check()
    except UnavailableError as error:
        return Finding("mail", f"{error}.", "Mend STORE_MAIL_URL: host, port, user, password.")
    return Finding("mail", "The server takes our sign-in.")


def spf(patient: Patient) -> Finding:
    return _seen_in_dns(ABOUT_SPF, MailNames.spf, patient.settings)


def dkim(patient: Patient) -> Finding:
    return _seen_in_dns(ABOUT_DKIM, MailNames.dkim, patient.settings)


def dmarc(patient: Patient) -> Finding:
    return _seen_in_dns(ABOUT_DMARC, MailNames.dmarc, patient.settings)


def bounces(patient: Patient) -> Finding:
    return what_comes_back(patient.services)


def stripe(patient: Patient) -> Finding:
    if patient.standing is None:
        words = f"It was not to be asked: {patient.why_not}"
        return Finding(
            "stripe", words, "Mend STORE_STRIPE_KEY, or the way to Stripe, and try again."
        )
    if patient.settings.stripe_key.get_secret_value().startswith(TEST_KEYS):
        return Finding("stripe", "The key is known; payments are tests.")
    return Finding("stripe", "The key is known; payments are live.")


def webhook(patient: Patient) -> Finding:
    url, setup = patient.webhook_url, "store stripe setup"
    if not patient.settings.stripe_webhook_secrets:
        words = "No signing secret is set, so that no event of Stripe's is believed."
        return Finding("webhook", words, f"{setup}, and set STORE_STRIPE_WEBHOOK_SECRETS.")
    if patient.standing is None:
        return Finding("webhook", "A secret is set; Stripe could not be asked.", is_open=True)
    known = next((e for e in patient.standing.endpoints if e.url == url), None)
    if known is None:
        words = f"Stripe sends no events to {url}. Payments settle by the sweep only, minutes late."
        return Finding("webhook", words, f"{setup}, and set the secret that it prints.")
    if not known.is_enabled:
        words = f"Stripe has stopped sending events to {url}."
        return Finding("webhook", words, "Enable the endpoint in Stripe's dashboard.")
    if known.missing:
        words = f"Stripe does not tell of {', '.join(known.missing)}."
        return Finding("webhook", words, "Add these events to the endpoint in Stripe's dashboard.")
    return Finding("webhook", f"Stripe sends events to {url}.")


def clock(patient: Patient) -> Finding:
    theirs = patient.standing.now if patient.standing else None
    if theirs is None:
        return Finding("clock", "Stripe did not say what time it is.", is_open=True)
    apart = abs(patient.services.clock.now() - theirs)
    seconds = round(apart.total_seconds())
    if apart > CLOCKS_MAY_DIFFER:
        words = f"It is {seconds} seconds away from Stripe's; from 300 on no event is believed."
        return Finding(
            "clock", words, "Let the machine keep time: systemd-timesyncd, chrony or ntpd."
        )
    return Finding("clock", f"It is {seconds} seconds away from Stripe's.")


def proxies(patient: Patient) -> Finding:
    settings = patient.settings
    if settings.is_https and not settings.trusted_proxies:
        words = "Readers use https, so a proxy stands before us, and none is trusted: every reader"
        words += " looks like the proxy to the limits, and links may name http."
        return Finding("proxies", words, "Set STORE_TRUSTED_PROXIES, such as 127.0.0.1,::1.")
    if not settings.is_https:
        return Finding("proxies", "Readers use http: none is needed.")
    return Finding("proxies", f"{len(settings.trusted_proxies)} networks are trusted.")


def printing(_patient: Patient) -> Finding:
    fault = printer_fault()
    if fault:
        words = f"Slips print from the browser only, for no PDF can be made: {fault}."
        return Finding("printing", words, INSTALL)
    return Finding("printing", "Slips can be made as PDF; no browser is needed on this machine.")


Look = Callable[[Patient], Finding]


def _at(look: Callable[[Services], Finding]) -> Look:
    """Let a look that asks Stripe nothing stand among the others."""
    return lambda patient: look(patient.services)


GROUND: tuple[Look, ...] = (database, migrations)
"""Where one of these wants mending, those that stand on it would only fail as well."""
ON_THE_GROUND: tuple[Look, ...] = (
    keys,
    worker,
    *map(_at, (agreeing.jobs, agreeing.events, agreeing.proofs, agreeing.staff, agreeing.imprint)),
    pay_origin,
)
BESIDE: tuple[Look, ...] = (
    *map(_at, (keeping.disk, keeping.backup, keeping.assets, keeping.extras)),
    media,
    _at(keeping.files),
    queue,
    _at(reached.cache),
    mail,
    spf,
    dkim,
    dmarc,
    bounces,
    stripe,
    webhook,
    clock,
    proxies,
    *map(_at, (reached.hosts, reached.public_url, reached.certificate, reached.page_memory)),
    _at(reached.news_sites),
    printing,
)


def _seen_in_dns(about: str, look: Callable[[MailNames], Finding], settings: Settings) -> Finding:
    if not settings.is_https:
        words = "Asked for once readers use https: this shop is not on the internet."
        return Finding(about, words, is_open=True)
    end_reading()
    return look(MailNames.of(settings, AskedServers()))


def _usual_pay_origin(settings: Settings) -> str:
    return CHECKOUT if settings.stripe_api_base == STRIPE else settings.stripe_api_base


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"

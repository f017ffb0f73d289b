"""Whether what comes back reaches the shop: a mailbox that opens, providers that may call."""

from store.cli.findings import Finding
from store.database import end_reading
from store.errors import UnavailableError
from store.mail.mailboxes import open_mailbox
from store.newsletter.bounces.calling import PROVIDERS, secrets_of
from store.newsletter.bounces.providers import sendgrid
from store.services import Services
from store.settings import Settings

ABOUT = "bounces"


def what_comes_back(services: Services) -> Finding:
    """Open the mailbox, and name the providers that were set up."""
    settings = services.settings
    callers = [name for name in PROVIDERS if secrets_of(name, settings)]
    if not all(map(sendgrid.is_key, settings.bounces_sendgrid_keys)):
        mend = "Copy the verification key from SendGrid's mail settings, without lines around it."
        return Finding(ABOUT, "STORE_BOUNCES_SENDGRID_KEYS holds what is no key.", mend)
    if not settings.bounces_url.get_secret_value():
        return _without_mailbox(callers, settings)
    end_reading()
    try:
        with open_mailbox(settings.bounces_url) as mailbox:
            next(mailbox.waiting(1), None)
    except UnavailableError as error:
        mend = "Mend STORE_BOUNCES_URL: host, user, password, folder."
        return Finding(ABOUT, f"Nothing can be read from {error}.", mend)
    return Finding(ABOUT, f"The mailbox opens.{_called_by(callers, settings)}")


def _without_mailbox(callers: list[str], settings: Settings) -> Finding:
    if callers:
        return Finding(ABOUT, _called_by(callers, settings).strip())
    words = (
        "Nobody tells the shop what comes back, and it goes on writing to addresses that are gone:"
        " set STORE_BOUNCES_URL, or let a provider call."
    )
    return Finding(ABOUT, words, is_open=True)


def _called_by(callers: list[str], settings: Settings) -> str:
    addresses = [f"{settings.public_url}/webhooks/mail/{name}" for name in callers]
    return f" Called at {', '.join(addresses)}." if addresses else ""

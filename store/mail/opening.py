"""Chooses the way that mail leaves the store by STORE_MAIL_URL."""

from store.mail.file_mailer import FileMailer
from store.mail.mailer import Mailer
from store.mail.smtp_mailer import SmtpMailer
from store.settings import Settings


def open_mailer(settings: Settings) -> Mailer:
    """Return SMTP where a server is named, else files in DATA_DIR/mail."""
    url = settings.mail_url.get_secret_value()
    return SmtpMailer(url) if url else FileMailer(settings.data_dir / "mail")

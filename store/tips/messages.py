"""The mail that carries a tip to the newsroom."""

from store.mail.letterhead import branded
from store.mail.outgoing import Attachment, UnmailableError, mailable, write_mail
from store.mail.rendering import render
from store.services import Services
from store.tips.files import GivenFile
from store.tips.models import Tip


def mail_tip(tip: Tip, file: GivenFile | None, services: Services) -> None:
    """Send the newsroom the tip; an answer goes to whoever sent it, if she said how."""
    settings = branded(services.settings)
    attachments = (Attachment(file.name, file.media_type, file.content),) if file else ()
    write_mail(
        render("tips/told", settings=settings, tip=tip, file=file),
        recipient=settings.newsroom_email,
        # SQLite gives the number of a forgotten tip to another one; the mail's row stays for good.
        dedupe_key=f"tip:{tip.id}:{tip.at.isoformat()}",
        kind="tips.told",
        clock=services.clock,
        settings=settings,
        reply_to=_address(tip.contact),
        attachments=attachments,
    )


def _address(contact: str) -> str:
    try:
        return mailable(contact)
    except UnmailableError:
        # A telephone number, a handle, or nothing: it stands in the mail's text.
        return ""

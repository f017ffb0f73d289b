"""The mails of signing up; their subjects tell a mailbox's other readers nothing."""

from store.mail.letterhead import branded
from store.mail.outgoing import was_written, write_mail
from store.mail.wording import ReaderMail, render_worded
from store.newsletter import mail_words
from store.newsletter.links import confirm_link, leave_link, preferences_link
from store.newsletter.models import Subscriber
from store.services import Services

ROOM = "newsletter"
INVITATION = f"{ROOM}.invitation"


def mail_invitation(subscriber: Subscriber, services: Services) -> None:
    """Ask whether it was really her; nothing else is ever sent before she says so."""
    when = int(subscriber.asked_at.timestamp())
    link = confirm_link(subscriber, services)
    _mail(subscriber, mail_words.INVITATION, f"{when}", services, link=link)


def mail_welcome(subscriber: Subscriber, services: Services) -> None:
    when = int(services.clock.now().timestamp())
    link = leave_link(subscriber, services)
    _mail(subscriber, mail_words.WELCOME, f"{when}", services, link=link)


def mail_already(subscriber: Subscriber, services: Services) -> None:
    """Tell somebody who signs up again that she is on the list, at most once a day."""
    day = services.clock.now().date().isoformat()
    link = leave_link(subscriber, services)
    _mail(subscriber, mail_words.ALREADY, day, services, link=link)


def _mail(
    subscriber: Subscriber, mail: ReaderMail, cause: str, services: Services, *, link: str
) -> None:
    what = mail.template.partition("/")[2]
    dedupe_key = f"newsletter:{subscriber.id}:{what}:{cause}"
    # Before anything is rendered: whoever asks again costs the same, on the list or not.
    if was_written(dedupe_key):
        return
    settings = branded(services.settings)
    # RFC 8058: both headers, so that a mail program's own button leaves in one click.
    headers = {
        "List-Unsubscribe": f"<{leave_link(subscriber, services)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    write_mail(
        render_worded(
            mail,
            settings=settings,
            link=link,
            preferences=preferences_link(subscriber, services),
        ),
        recipient=subscriber.email,
        dedupe_key=dedupe_key,
        kind=f"{ROOM}.{what}",
        clock=services.clock,
        settings=settings,
        headers={} if mail is mail_words.INVITATION else headers,
    )

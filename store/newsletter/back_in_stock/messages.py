"""The mails about what was sold out; their subjects tell a mailbox's other readers nothing."""

from store.mail.letterhead import branded
from store.mail.outgoing import write_mail
from store.mail.wording import ReaderMail, render_worded
from store.newsletter.back_in_stock import mail_words
from store.newsletter.back_in_stock.models import StockRequest
from store.newsletter.back_in_stock.queries import wanted_variant
from store.newsletter.back_in_stock.tokens import token_for
from store.newsletter.tokens import Act
from store.services import Services

ROOM = "back_in_stock"
INVITATION = f"{ROOM}.invitation"
BACK = f"{ROOM}.back"


def mail_invitation(request: StockRequest, services: Services) -> None:
    """Ask whether it was really her; nothing else is ever sent before she says so."""
    when = int(services.clock.now().timestamp())
    link = _link(request, Act.CONFIRM, services)
    _mail(request, request.email, mail_words.INVITATION, f"{when}", services, link=link)


def mail_back(request: StockRequest, email: str, services: Services, *, is_on_shelf: bool) -> None:
    """Tell her, once: the mail's key is the request and the moment that it was answered."""
    when = int((request.told_at or services.clock.now()).timestamp())
    wanted = wanted_variant(request.variant_id)
    leave = _link(request, Act.LEAVE, services)
    # RFC 8058: both headers, so that a mail program's own button leaves in one click.
    headers = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    link = services.settings.public_url + (wanted.path if wanted else "/")
    _mail(
        request,
        email,
        mail_words.BACK,
        f"{when}",
        services,
        headers=headers,
        link=link,
        leave=leave,
        is_on_shelf=is_on_shelf,
    )


def _mail(
    request: StockRequest,
    email: str,
    mail: ReaderMail,
    cause: str,
    services: Services,
    *,
    headers: dict[str, str] | None = None,
    link: str,
    leave: str = "",
    is_on_shelf: bool = True,
) -> None:
    what, settings = mail.template.partition("/")[2], branded(services.settings)
    wanted = wanted_variant(request.variant_id)
    name = wanted.name if wanted else ""
    write_mail(
        render_worded(
            mail, settings=settings, name=name, link=link, leave=leave, is_on_shelf=is_on_shelf
        ),
        recipient=email,
        dedupe_key=f"{ROOM}:{request.id}:{what}:{cause}",
        kind=f"{ROOM}.{what}",
        clock=services.clock,
        settings=settings,
        headers=headers or {},
    )


def _link(request: StockRequest, act: Act, services: Services) -> str:
    token = token_for(request, act, services.settings, services.clock)
    return f"{services.settings.public_url}/back-in-stock/{act}/{token}"

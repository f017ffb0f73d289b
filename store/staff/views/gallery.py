"""Every mail on one wall, as mailboxes show it: by day and by night, narrow, without pictures."""

from enum import StrEnum

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from store.staff import gallery
from store.staff.permissions import may
from store.staff.roles import Permission
from store.web.doors import services
from store.web.headers import Exposure, content_policy

blueprint = Blueprint("gallery", __name__, url_prefix="/wording/gallery")

NIGHT = "@media (prefers-color-scheme: dark)"
# A link of a sample would lead the frame away from it.
INERT = "<style>a{pointer-events:none}</style></head>"


class Look(StrEnum):
    """How the mails are looked at."""

    MAILBOX = "mailbox"
    PHONE = "phone"
    DARK = "dark"
    BARE = "bare"
    """With pictures off, as most mailboxes begin."""
    TEXT = "text"


@blueprint.get("")
@may(Permission.EDIT_SETTINGS)
def wall() -> ResponseReturnValue:
    page = render_template(
        "staff/wording/gallery.html", mails=list(gallery.hung()), look=_look(), looks=Look
    )
    response = make_response(page)
    policy = content_policy(services().settings, Exposure.OWN)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


@blueprint.get("/<room>/<name>")
@may(Permission.EDIT_SETTINGS)
def sheet(room: str, name: str) -> Response:
    """Answer one mail alone, as a document that may do nothing; its edition is the chosen one."""
    mail, look = gallery.drawn(f"{room}/{name}", services()), _look()
    if mail is None:
        abort(404)
    if look is Look.TEXT:
        response = Response(mail.text, content_type="text/plain; charset=utf-8")
    else:
        edition = "@media all" if look is Look.DARK else "@media not all"
        response = Response(mail.html.replace(NIGHT, edition).replace("</head>", INERT, 1))
    response.headers["Content-Security-Policy"] = _policy(shows_pictures=look is not Look.BARE)
    return response


def _look() -> Look:
    asked = request.args.get("look", "")
    return Look(asked) if asked in set(Look) else Look.MAILBOX


def _policy(*, shows_pictures: bool) -> str:
    pictures = f"'self' {services().settings.public_url}" if shows_pictures else "'none'"
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src {pictures}; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'self'; sandbox"
    )

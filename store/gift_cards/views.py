"""The page that shows what is on a gift card; every wrong code is answered alike."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from store.database import db
from store.gift_cards.codes import hash_of, read_code
from store.gift_cards.models import CardState, GiftCard
from store.web.doors import services

LONGEST_CODE = 60

blueprint = Blueprint("gift_cards", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/gift-cards")
def look() -> ResponseReturnValue:
    return render_template("gift_cards/balance.html", card=None, typed="", error="")


@blueprint.post("/gift-cards")
def answer() -> ResponseReturnValue:
    typed = request.form.get("code", "")[:LONGEST_CODE].strip()
    card = _known(typed)
    if card is None:
        # Whether it is spelled wrong, was never ours or was replaced: nobody learns which.
        error = _("No gift card has this code. Check it letter by letter.")
        page = render_template("gift_cards/balance.html", card=None, typed=typed, error=error)
        return page, 422
    is_over = card.state == CardState.EXPIRED or bool(
        card.expires_at and card.expires_at <= services().clock.now()
    )
    return render_template(
        "gift_cards/balance.html",
        card=card,
        is_over=is_over,
        is_stopped=card.state == CardState.VOIDED,
        typed="",
        error="",
    )


def _known(typed: str) -> GiftCard | None:
    code = read_code(typed)
    # A text that can be no code is looked up as well, so that it takes no less time.
    wanted = hash_of(code or typed, services().settings)
    return db.session.scalar(select(GiftCard).where(GiftCard.code_hash == wanted))

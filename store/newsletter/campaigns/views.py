"""The archive of letters as everybody reads it, and the post that counts who came by one."""

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.campaigns.archive import archived, letter_at
from store.newsletter.campaigns.visits import count_visit
from store.web.doors import services
from store.web.letterhead import shop_settings
from store.web.page_policy import cached_for

blueprint = Blueprint("archive", __name__)

LARGEST_NUMBER = 9
"""Figures; no campaign has a number of more."""


@blueprint.get("/newsletter/archive")
@cached_for(60, stale=3600)
def archive() -> str:
    settings = shop_settings()
    return render_template(
        "newsletter/archive.html",
        letters=archived(),
        canonical=settings.public_url + url_for("archive.archive"),
        description=_("What %(name)s has written to its readers.", name=settings.brand_name),
    )


@blueprint.get("/newsletter/archive/<slug>")
@cached_for(300, stale=3600)
def letter(slug: str) -> str:
    settings = services().settings
    return render_template(
        "newsletter/letter.html",
        letter=letter_at(slug, settings.public_url),
        canonical=settings.public_url + url_for("archive.letter", slug=slug),
    )


@blueprint.post("/newsletter/visits")
def visit() -> ResponseReturnValue:
    """Count a visit that a letter led to: said by the page itself, once, and by no GET."""
    typed, doors = request.form.get("campaign", ""), services()
    if typed.isascii() and typed.isdigit() and len(typed) <= LARGEST_NUMBER:
        with writing():
            count_visit(int(typed), doors.settings, doors.clock)
    return Response(status=204)

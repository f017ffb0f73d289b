"""Text pages, and the frame that every page of the shop stands in."""

from datetime import timedelta
from functools import cache
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from store.catalog.queries import collection_links
from store.catalog.structured import organization, share_picture, website
from store.content.accent import Accent
from store.content.frame import Brand, BrandInPrint, Edition
from store.content.front_page import front_page
from store.content.queries import active_notice, other_pages, text_page
from store.errors import NotFoundError
from store.web.doors import services, shown_as_of
from store.web.language import gettext as _
from store.web.language import shop_language
from store.web.letterhead import shop_settings
from store.web.markdown import plain_text
from store.web.page_policy import cached_for

blueprint = Blueprint("content", __name__)

YEAR_SECONDS = 31_536_000
CONTACT_HOLDS = timedelta(days=90)
"""How long whoever finds a weakness may go by what she read; each reading begins anew."""
_in_print = BrandInPrint()


@blueprint.app_context_processor
def frame() -> dict[str, Any]:
    """Give the layouts what they show; what needs the database is asked for only when called."""
    doors = services()
    return {
        "brand": _in_print.of(shop_settings()),
        "edition": Edition.at(doors.clock.now(), doors.settings),
        "sections": cache(collection_links),
        "announcement": active_notice,
        "as_of": shown_as_of(),
        "tips_address": doors.settings.tips_url or "/tips",
    }


@blueprint.get("/")
@cached_for(120, stale=600)
def home() -> str:
    doors = services()
    brand = _in_print.of(shop_settings())
    shown = front_page(now=doors.clock.now())
    lead = shown.lead.page.card if shown.lead else None
    return render_template(
        "content/home.html",
        front=shown,
        canonical=brand.public_url + "/",
        description=_(
            "%(tagline)s: the store of %(name)s.", tagline=brand.tagline, name=brand.name
        ),
        share_picture=share_picture(brand.public_url, lead.picture if lead else None),
        structured=[
            organization(shop_settings()),
            website(brand.name, brand.public_url),
        ],
    )


@blueprint.get("/pages/<slug>")
@cached_for(300, stale=3600)
def page(slug: str) -> str:
    brand = Brand.of(shop_settings())
    shown = text_page(slug, brand.names)
    return render_template(
        "content/page.html",
        page=shown,
        others=other_pages(slug, brand.names),
        description=shown.description or plain_text(shown.body),
        canonical=brand.public_url + url_for("content.page", slug=slug),
    )


@blueprint.get("/brand/<name>.css")
def accent(name: str) -> Response:
    """Answer the colour that the address names: pages name another one when staff choose it."""
    found = Accent.named(name)
    if found is None:
        raise NotFoundError("no accent of ours")
    response = Response(found.stylesheet, mimetype="text/css")
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response


@blueprint.get("/.well-known/security.txt")
@cached_for(3600)
def security_contact() -> Response:
    """Say whom to tell of a weakness (RFC 9116)."""
    doors = services()
    brand = _in_print.of(shop_settings())
    expires = (doors.clock.now() + CONTACT_HOLDS).replace(microsecond=0)
    lines = (
        f"Contact: mailto:{brand.email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {shop_language().language}",
        f"Canonical: {brand.public_url}{request.path}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")

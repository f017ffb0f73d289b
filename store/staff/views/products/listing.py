"""The list of products, and what is done to many of them at once."""

from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from store.catalog.grouping import FilledByRulesError, NoSuchCollectionError, TagRefusedError
from store.database import writing
from store.digits import whole_number
from store.staff import products
from store.staff.audit import Actor
from store.staff.permissions import may, signed_in
from store.staff.product_acts import MOST_AT_ONCE, do_to_all
from store.staff.products import Look, Wanted
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("products", __name__, url_prefix="/products")

PLACE = "/staff/products/"


@blueprint.get("/")
@may(Permission.SEE_PRODUCTS)
def index() -> str:
    return _list_page()


@blueprint.post("/acts")
@may(Permission.EDIT_PRODUCTS)
def act() -> ResponseReturnValue:
    """Do one thing to every product that was ticked."""
    actor, name = Actor.of(signed_in()), request.form.get("act", "")
    ids = [
        number
        for ticked in request.form.getlist("product")
        if (number := whole_number(ticked)) is not None
    ]
    field = "collection" if name in {"collect", "uncollect"} else "tag"
    fault = _fault_of(ids, name)
    if not fault:
        try:
            with writing():
                value = request.form.get(field, "").strip()
                changed = do_to_all(ids, name, value, actor=actor, services=services())
        except TagRefusedError:
            fault = _("Type the tag first: a few words, up to 80 characters.")
        except (NoSuchCollectionError, FilledByRulesError):
            fault = _("Choose a collection that is made by hand; others fill themselves.")
    if fault:
        return _list_page(fault, ids), 422
    say(ngettext("%(num)s product changed.", "%(num)s products changed.", changed))
    return redirect(_back(), 303)


def _fault_of(ids: list[int], name: str) -> str:
    if not ids:
        return str(_("Tick at least one product first."))
    if len(ids) > MOST_AT_ONCE:
        return str(_("That is more than 200 at once; take them in parts."))
    if not name:
        return str(_("Choose what to do with them."))
    return ""


def _list_page(fault: str = "", ticked: list[int] | None = None) -> str:
    wanted, now, known = _wanted(), services().clock.now(), products.collections()
    return render_template(
        "staff/products/products.html",
        part=products.products(wanted, request.args.get("at", ""), now),
        wanted=wanted,
        looks=Look,
        counts=products.counts(now),
        query=_query(wanted),
        types=[("", _("Every type")), *((name, name) for name in products.product_types())],
        tags=[("", _("Every tag")), *((name, name) for name in products.tags())],
        collections=known,
        collection_choices=[("", _("Every collection")), *((c.id, c.title) for c in known)],
        fault=fault,
        ticked=ticked or (),
        typed=request.form,
    )


def _wanted() -> Wanted:
    asked = request.args
    look, collection = asked.get("view", ""), asked.get("collection", "")
    return Wanted(
        Look(look) if look in set(Look) else Look.ALL,
        asked.get("q", "").strip(),
        asked.get("type", ""),
        asked.get("tag", ""),
        whole_number(collection),
    )


def _query(wanted: Wanted) -> dict[str, str | int | None]:
    """Return what narrows the list, as its own links carry it."""
    return {
        "view": wanted.look if wanted.look != Look.ALL else None,
        "q": wanted.search or None,
        "type": wanted.product_type or None,
        "tag": wanted.tag or None,
        "collection": wanted.collection_id,
    }


def _back() -> str:
    """Return the list as it was narrowed, if the address is ours."""
    parts = urlsplit(request.form.get("back", ""))
    is_ours = not parts.scheme and not parts.netloc and parts.path == PLACE
    return f"{PLACE}?{parts.query}" if is_ours and parts.query else url_for("products.index")

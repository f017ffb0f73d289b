"""What is done to one product as a whole, and what was typed into its form and not saved."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff import kept_edits, product_editing
from store.staff.audit import Actor
from store.staff.permissions import may, signed_in
from store.staff.product_acts import do_to_all
from store.staff.product_editing import HasHistoryError
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services
from store.web.markdown import rendered_markdown

blueprint = Blueprint("product", __name__, url_prefix="/products")

LONGEST_TEXT, LONGEST_KEY = 200_000, 40


@blueprint.post("/<int:product_id>/kept")
@may(Permission.EDIT_PRODUCTS)
def keep(product_id: int) -> ResponseReturnValue:
    """Keep what is typed, every few seconds and when she leaves the page."""
    product_of(product_id)
    return _keep(str(product_id))


@blueprint.post("/new/<key>/kept")
@may(Permission.EDIT_PRODUCTS)
def keep_new(key: str) -> ResponseReturnValue:
    return _keep(f"{kept_edits.NEW}{key[:LONGEST_KEY]}")


@blueprint.post("/<int:product_id>/kept/discard")
@may(Permission.EDIT_PRODUCTS)
def discard(product_id: int) -> ResponseReturnValue:
    _forget(str(product_id))
    return redirect(url_for("editor.edit", product_id=product_id), 303)


@blueprint.post("/new/<key>/kept/discard")
@may(Permission.EDIT_PRODUCTS)
def discard_new(key: str) -> ResponseReturnValue:
    _forget(f"{kept_edits.NEW}{key[:LONGEST_KEY]}")
    return redirect(url_for("editor.new"), 303)


@blueprint.get("/<int:product_id>/others")
@may(Permission.EDIT_PRODUCTS)
def others(product_id: int) -> str:
    """Say who else is editing, for the note at the top of the form."""
    about, user = str(product_id), signed_in()
    names = kept_edits.others_editing(about, user.id, services().clock)
    return render_template("staff/products/others.html", others=names)


@blueprint.post("/text")
@may(Permission.EDIT_PRODUCTS)
def text() -> str:
    """Return a Markdown text as the shop shows it."""
    body = request.form.get("body", "")[:LONGEST_TEXT]
    return render_template("staff/products/text.html", html=rendered_markdown(body))


@blueprint.post("/<int:product_id>/copies")
@may(Permission.EDIT_PRODUCTS)
def duplicate(product_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        product = product_of(product_id)
        title = _("%(title)s, a copy", title=product.title)
        made = product_editing.duplicate(product, title, actor=actor, services=services())
        number = made.id
    say(_("Copied as a draft: without SKUs, barcodes and stock."))
    return redirect(url_for("editor.edit", product_id=number), 303)


@blueprint.post("/<int:product_id>/status")
@may(Permission.EDIT_PRODUCTS)
def status(product_id: int) -> ResponseReturnValue:
    """Archive the product, or bring it back as a draft."""
    actor, wanted = Actor.of(signed_in()), request.form.get("status", "")
    act = "archive" if wanted == "archived" else "draft"
    with writing():
        product_of(product_id)
        do_to_all([product_id], act, "", actor=actor, services=services())
    say(_("Archived.") if act == "archive" else _("Brought back as a draft."))
    return redirect(url_for("editor.edit", product_id=product_id), 303)


@blueprint.post("/<int:product_id>/delete")
@may(Permission.EDIT_PRODUCTS)
def delete(product_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    try:
        with writing():
            product_editing.remove(product_id, actor=actor, services=services())
    except HasHistoryError:
        say(_("It was counted or ordered before, so it stays. Archive it instead."))
        return redirect(url_for("editor.edit", product_id=product_id), 303)
    say(_("Deleted."))
    return redirect(url_for("products.index"), 303)


def _keep(about: str) -> ResponseReturnValue:
    user_id, pairs = signed_in().id, list(request.form.items(multi=True))
    with writing():
        kept_edits.keep(about, pairs, user_id, services().clock)
    return "", 204


def _forget(about: str) -> None:
    user_id = signed_in().id
    with writing():
        kept_edits.forget(about, user_id)
    say(_("Discarded."))

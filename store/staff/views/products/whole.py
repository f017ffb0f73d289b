"""What is done to one product as a whole."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.staff import product_editing
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

LONGEST_TEXT = 200_000


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

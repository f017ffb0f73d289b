"""How the variants of one product are sold: at their price, at the reader's, as gift cards."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.describing import draft_of
from store.catalog.models import Product
from store.catalog.prices.changing import settle_prices
from store.catalog.saving import save_product
from store.database import db, writing
from store.staff import changes
from store.staff.audit import Actor, history, record
from store.staff.forms.ways_of_selling import Way, WaysForm
from store.staff.permissions import may, may_do, signed_in
from store.staff.product_values import thing_of, values_of
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("ways_of_selling", __name__, url_prefix="/products")


@blueprint.get("/<int:product_id>/selling")
@may(Permission.SEE_PRODUCTS)
def index(product_id: int) -> str:
    product = product_of(product_id)
    return _page(product, WaysForm.of(draft_of(product)))


@blueprint.post("/<int:product_id>/selling")
@may(Permission.EDIT_PRODUCTS)
def save(product_id: int) -> ResponseReturnValue:
    actor, clock = Actor.of(signed_in()), services().clock
    draft = draft_of(product_of(product_id))
    form = WaysForm.read(request.form, draft)
    if form.wanted(draft) is None:
        return _page(product_of(product_id), form), 422
    with writing():
        settle_prices([product_id], clock)
        product = product_of(product_id)
        before = values_of(product)
        wanted = WaysForm.read(request.form, draft_of(product)).wanted(draft_of(product))
        if wanted is not None:
            save_product(wanted, clock)
            db.session.expire_all()
            after = values_of(product)
            thing = thing_of(product)
            record(actor, "product.edited", thing, clock=clock, before=before, after=after)
    say(_("Saved."))
    return redirect(url_for("ways_of_selling.index", product_id=product_id), 303)


def _page(product: Product, form: WaysForm) -> str:
    return render_template(
        "staff/products/ways_of_selling.html",
        product=product,
        form=form,
        ways=[
            (Way.GOODS.value, _("Goods at their price")),
            (Way.GOODS_CHOSEN.value, _("Goods at a price that readers choose")),
            (Way.GIFT_CARD.value, _("A gift card of its price")),
            (Way.GIFT_CARD_CHOSEN.value, _("A gift card of a value that readers choose")),
        ],
        changes=changes.shown(
            history(thing_of(product), limit=10),
            UNDOING,
            may_undo=may_do(Permission.EDIT_PRODUCTS),
        ),
    )

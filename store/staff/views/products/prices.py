"""Prices of one product for a time: those that hold, those that come, and a form for another."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_datetime
from flask_babel import gettext as _

from store.catalog.models import Product
from store.catalog.prices.changing import OverlappingPriceError, PriceChangeRefusedError
from store.database import writing
from store.digits import whole_number
from store.staff import changes, product_prices
from store.staff.audit import Actor, history
from store.staff.forms.prices import PricesForm
from store.staff.permissions import may, may_do, signed_in
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("prices", __name__, url_prefix="/products")


@blueprint.get("/<int:product_id>/prices")
@may(Permission.SEE_PRODUCTS)
def index(product_id: int) -> str:
    return _page(product_of(product_id), PricesForm())


@blueprint.post("/<int:product_id>/prices")
@may(Permission.EDIT_PRODUCTS)
def add(product_id: int) -> ResponseReturnValue:
    form, actor = PricesForm.read(request.form), Actor.of(signed_in())
    zone, now = services().settings.zone, services().clock.now()
    wanted = form.wanted(product_of(product_id), zone, now)
    if wanted is None:
        return _page(product_of(product_id), form), 422
    try:
        with writing():
            product_prices.set_prices(
                product_of(product_id), wanted, actor=actor, services=services()
            )
    except OverlappingPriceError as refusal:
        form.errors["starts_at"] = _overlap(refusal)
        return _page(product_of(product_id), form), 422
    except PriceChangeRefusedError as refusal:
        form.explain(refusal)
        return _page(product_of(product_id), form), 422
    say(_("Set. Readers see it at its moment, to the second."))
    return redirect(url_for("prices.index", product_id=product_id), 303)


@blueprint.post("/<int:product_id>/prices/withdrawals")
@may(Permission.EDIT_PRODUCTS)
def take_back(product_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    ticked = map(whole_number, request.form.getlist("change"))
    ids = [number for number in ticked if number is not None]
    with writing():
        product = product_of(product_id)
        was_there = product_prices.take_back(product, ids, actor=actor, services=services())
    say(_("Taken back.") if was_there else _("That was over already."))
    return redirect(url_for("prices.index", product_id=product_id), 303)


def _overlap(refusal: OverlappingPriceError) -> str:
    words: str = _(
        "“%(name)s” has another price from %(starts)s until %(ends)s. Take that back first, or"
        " choose a time beside it.",
        name=refusal.combination or _("The product"),
        starts=format_datetime(refusal.starts_at),
        ends=format_datetime(refusal.ends_at) if refusal.ends_at else _("for good"),
    )
    return words


def _page(product: Product, form: PricesForm) -> str:
    return render_template(
        "staff/products/prices.html",
        product=product,
        form=form,
        times=product_prices.price_times(product, services().clock.now()),
        changes=changes.shown(
            history(product_prices.thing_of(product), limit=10),
            UNDOING,
            may_undo=may_do(Permission.EDIT_PRODUCTS),
        ),
    )

"""One product: its form, what of it was not saved, and what is done to the whole of it."""

import secrets

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.drafts import DraftRefusedError
from store.catalog.filling import VariantInUseError
from store.catalog.grouping import hand_made_handles
from store.catalog.models import Product
from store.catalog.prices.changing import settle_prices
from store.catalog.publishing import ScheduleRefusedError
from store.catalog.renaming import HandleRefusedError, HandleTakenError
from store.catalog.saving import SkuTakenError
from store.database import writing
from store.staff import kept_edits, product_editing
from store.staff.audit import Actor
from store.staff.forms.product import ProductForm
from store.staff.kept_edits import PRODUCT
from store.staff.permissions import may, may_do, signed_in
from store.staff.product_editing import Meant
from store.staff.product_values import compared_values, thing_of, values_of
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.versions import EditedMeanwhileError, fingerprint
from store.staff.views.editing import both_versions, typed_in
from store.staff.views.products.page import editor_page
from store.web.doors import services

blueprint = Blueprint("editor", __name__, url_prefix="/products")

REFUSALS = (
    DraftRefusedError,
    HandleRefusedError,
    HandleTakenError,
    ScheduleRefusedError,
    SkuTakenError,
    VariantInUseError,
)


@blueprint.get("/new")
@may(Permission.EDIT_PRODUCTS)
def new() -> str:
    asked = request.args.get("restore", "")
    found = kept_edits.kept_of(PRODUCT.new(asked), signed_in().id) if asked else None
    form = ProductForm.read(typed_in(found)) if found else ProductForm.blank()
    form.key = asked if found else secrets.token_hex(8)
    return editor_page(None, form, is_restored=found is not None)


@blueprint.post("/new")
@may(Permission.EDIT_PRODUCTS)
def create() -> ResponseReturnValue:
    form, actor = ProductForm.read(request.form), Actor.of(signed_in())
    if act := request.form.get("act", ""):
        form.do(act)
        return editor_page(None, form, act=act)
    meant = _meant(form, None)
    if meant is None:
        return editor_page(None, form), 422
    try:
        with writing():
            product = product_editing.create(meant, actor=actor, services=services())
            _receive_first(product, form, actor)
            kept_edits.forget(PRODUCT.new(form.key), actor.id or 0)
            number = product.id
    except REFUSALS as refusal:
        _explain(refusal, form)
        return editor_page(None, form), 422
    say(_("Made. Give it pictures next."))
    return redirect(url_for("editor.edit", product_id=number), 303)


@blueprint.get("/<int:product_id>")
@may(Permission.SEE_PRODUCTS)
def edit(product_id: int) -> str:
    product, user = product_of(product_id), signed_in()
    found = kept_edits.kept_of(PRODUCT.of(product_id), user.id)
    if found and "restore" in request.args:
        return editor_page(product, ProductForm.read(typed_in(found)), is_restored=True)
    form = ProductForm.of(product, hand_made_handles(product), services().settings.zone)
    form.opened = fingerprint(compared_values(product))
    return editor_page(product, form, kept=found)


@blueprint.post("/<int:product_id>")
@may(Permission.EDIT_PRODUCTS)
def save(product_id: int) -> ResponseReturnValue:
    form, actor = ProductForm.read(request.form), Actor.of(signed_in())
    product = product_of(product_id)
    if act := request.form.get("act", ""):
        form.do(act)
        return editor_page(product, form, act=act)
    meant = _meant(form, product)
    if meant is None:
        return editor_page(product, form), 422
    try:
        with writing():
            product_editing.edit(
                product_of(product_id), meant, form.opened, actor=actor, services=services()
            )
            _receive_first(product_of(product_id), form, actor)
            kept_edits.forget(PRODUCT.of(product_id), actor.id or 0)
    except EditedMeanwhileError:
        with writing():
            # Prices that changed for good are theirs as well, also before a worker has come by.
            settle_prices([product_id], services().clock)
        return _both_versions(product_of(product_id), meant), 409
    except REFUSALS as refusal:
        _explain(refusal, form)
        return editor_page(product_of(product_id), form), 422
    say(_("Saved."))
    return redirect(url_for("editor.edit", product_id=product_id), 303)


def _meant(form: ProductForm, product: Product | None) -> Meant | None:
    settings = services().settings
    return form.values(product, currency=settings.currency, zone=settings.zone)


def _receive_first(product: Product, form: ProductForm, actor: Actor) -> None:
    units = [row.cells["stock"] for row in form.matrix.variants]
    if any(typed.strip() for typed in units) and may_do(Permission.EDIT_STOCK):
        product_editing.receive_first(product, units, actor=actor, services=services())


def _explain(refusal: Exception, form: ProductForm) -> None:
    """Write beside the field why the shop does not take it."""
    match refusal:
        case HandleTakenError():
            form.errors["handle"] = _("Another product has this address.")
        case HandleRefusedError():
            form.errors["handle"] = _("An address is made of letters, digits and hyphens.")
        case ScheduleRefusedError():
            form.errors["unpublish_at"] = _("It would end before it appears.")
        case SkuTakenError(sku=sku):
            for place, row in enumerate(form.matrix.variants):
                if row.cells["sku"].strip() == sku:
                    form.errors[f"sku:{place}"] = _("Another product has this SKU.")
        case VariantInUseError(combination=combination):
            form.errors["options"] = _(
                "“%(name)s” was counted or ordered, so it cannot go. Keep it and stop selling it.",
                name=combination or _("The variant"),
            )
        case _:
            form.errors["options"] = _("These options and variants contradict one another.")
    if not form.errors:
        form.errors["options"] = _("Another product has one of these SKUs.")


def _both_versions(product: Product, meant: Meant) -> str:
    theirs = values_of(product)
    return both_versions(
        thing_of(product),
        url_for("editor.edit", product_id=product.id),
        theirs=theirs,
        mine=theirs | product_editing.whole_values(product, meant),
        opened=fingerprint(compared_values(product)),
    )

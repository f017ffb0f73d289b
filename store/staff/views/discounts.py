"""Discounts: the list, and the form that tries one on past orders before it is saved."""

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from store.catalog.importing.difference import amount
from store.catalog.models import Collection
from store.database import db, writing
from store.digits import whole_number
from store.money import Money
from store.pricing.models import Discount
from store.pricing.writing_discounts import (
    CodeTakenError,
    DiscountWanted,
    LimitBelowUsesError,
    discount_of,
)
from store.staff import changes, discounts
from store.staff.audit import Actor, history
from store.staff.collections import find_products, titles_of
from store.staff.discount_trial import PAST_ORDERS, Trial, try_on_past_orders
from store.staff.discounts import Look
from store.staff.forms.discount import DiscountForm
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.staff.versions import EditedMeanwhileError, fingerprint
from store.web.doors import services

blueprint = Blueprint("discounts", __name__, url_prefix="/discounts")

OF_NO_TRIAL = frozenset({"name", "active", "starts_at", "ends_at"})
"""What may change without another look at past orders: it takes nothing more off any of them."""


@blueprint.get("/")
@may(Permission.SEE_DISCOUNTS)
def index() -> str:
    asked, now = request.args.get("look", ""), services().clock.now()
    look = Look(asked) if asked in set(Look) else Look.RUNNING
    part = discounts.discounts_in(look, now, request.args.get("at", ""))
    return render_template(
        "staff/discounts/discounts.html",
        look=look,
        looks=Look,
        part=part,
        look_of=lambda discount: discounts.look_of(discount, now),
        percent_words=discounts.percent_words,
    )


@blueprint.get("/new")
@may(Permission.EDIT_DISCOUNTS)
def new() -> str:
    copied = whole_number(request.args.get("of", ""))
    if copied is None:
        return _page(None, DiscountForm.blank())
    form = _form_of(discounts.wanted_of(discount_of(copied)))
    # A code is somebody's already, and the days of the first are its own.
    form.words |= {"code": "", "starts_at": "", "ends_at": ""}
    return _page(None, form)


@blueprint.post("/new")
@may(Permission.EDIT_DISCOUNTS)
def create() -> ResponseReturnValue:
    form, actor = DiscountForm.read(request.form), Actor.of(signed_in())
    answer, wanted = _read(None, form)
    if wanted is None:
        return answer
    try:
        with writing():
            made = discounts.save_new(wanted, actor, services().clock).id
    except CodeTakenError:
        return _taken(None, form)
    say(_("Saved."))
    return redirect(url_for("discounts.edit", discount_id=made), 303)


@blueprint.get("/<int:discount_id>")
@may(Permission.SEE_DISCOUNTS)
def edit(discount_id: int) -> str:
    found = discount_of(discount_id)
    return _page(found, _form_of(discounts.wanted_of(found)))


@blueprint.post("/<int:discount_id>")
@may(Permission.EDIT_DISCOUNTS)
def save(discount_id: int) -> ResponseReturnValue:
    form, actor = DiscountForm.read(request.form), Actor.of(signed_in())
    found = discount_of(discount_id)
    answer, wanted = _read(found, form)
    if wanted is None:
        return answer
    try:
        with writing():
            found = discount_of(discount_id, locked=True)
            kept = replace(wanted, is_active=found.is_active)
            discounts.save(found, kept, form.opened, actor, services().clock)
    except CodeTakenError:
        return _taken(discount_of(discount_id), form)
    except LimitBelowUsesError as error:
        form.errors["most_in_all"] = _(
            "%(number)s orders have it already; the limit cannot lie below.", number=error.taken
        )
        return _page(discount_of(discount_id), form), 422
    except EditedMeanwhileError:
        found = discount_of(discount_id)
        form.opened = fingerprint(discounts.values_of(found))
        alert = _(
            "Somebody else saved it meanwhile. Below is what you typed;"
            " saving puts it in the place of theirs."
        )
        return _page(found, form, alert=alert), 409
    say(_("Saved; carts reckon with it from now on."))
    return redirect(url_for("discounts.edit", discount_id=discount_id), 303)


@blueprint.post("/<int:discount_id>/activity")
@may(Permission.EDIT_DISCOUNTS)
def switch(discount_id: int) -> ResponseReturnValue:
    actor, is_active = Actor.of(signed_in()), request.form.get("active") == "1"
    with writing():
        found = discount_of(discount_id, locked=True)
        discounts.switch(found, actor, services().clock, is_active=is_active)
    if is_active:
        say(_("It goes on."))
    else:
        say(_("Stopped. Who is paying just now still gets it; nobody else does."))
    return redirect(url_for("discounts.edit", discount_id=discount_id), 303)


def _read(
    found: Discount | None, form: DiscountForm
) -> tuple[ResponseReturnValue, DiscountWanted | None]:
    """Return what is to be saved, or else the page that says why it is not yet."""
    if act := request.form.get("act", ""):
        form.do(act)
        return _page(found, form), None
    wanted = _wanted(form)
    if wanted is None:
        return (_page(found, form), 422), None
    meant = _meant(wanted)
    is_known = found is not None and meant == _meant(discounts.wanted_of(found))
    if is_known or form.tried == meant:
        return "", wanted
    form.tried = meant
    return _page(found, form, trial=try_on_past_orders(wanted)), None


def _wanted(form: DiscountForm) -> DiscountWanted | None:
    settings = services().settings
    return form.wanted(settings.currency, settings.zone, _now())


def _now() -> datetime:
    return services().clock.now()


def _meant(wanted: DiscountWanted) -> str:
    """Return what is another as soon as the discount would give anything else."""
    values = discounts.values_meant(wanted)
    return fingerprint({name: v for name, v in values.items() if name not in OF_NO_TRIAL})


def _form_of(wanted: DiscountWanted) -> DiscountForm:
    percent, currency = wanted.basis_points, wanted.currency
    amounts = {"amount": wanted.amount_minor, "minimum": wanted.minimum_minor}
    words = {
        "percent": "" if percent is None else discounts.percent_words(percent),
        **{
            name: "" if minor is None else amount(Money(minor, currency))
            for name, minor in amounts.items()
        },
    }
    return DiscountForm.of(wanted, services().settings.zone, words)


def _taken(found: Discount | None, form: DiscountForm) -> ResponseReturnValue:
    form.errors["code"] = _("Another discount has this code; capitals make no difference.")
    return _page(found, form), 422


def _page(
    found: Discount | None, form: DiscountForm, *, trial: Trial | None = None, alert: str = ""
) -> str:
    if found is not None and not form.opened:
        form.opened = fingerprint(discounts.values_of(found))
    entries = history(discounts.thing_of(found), limit=10) if found else ()
    orders, given = discounts.given_by(found) if found else (0, None)
    return render_template(
        "staff/discounts/discount.html",
        discount=found,
        form=form,
        trial=trial,
        alert=alert,
        most=PAST_ORDERS,
        look=discounts.look_of(found, _now()) if found else None,
        orders=orders,
        given=given,
        uses=discounts.recent_uses(found) if found else (),
        every_collection=db.session.execute(
            select(Collection.id, Collection.title).order_by(Collection.position, Collection.id)
        ).all(),
        titles_of=titles_of(form.products),
        finds=find_products(form.words["find"], form.products),
        changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.EDIT_DISCOUNTS)),
    )

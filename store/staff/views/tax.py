"""How tax is reckoned: saved whole, after a look at what it changes."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.models import TaxClass
from store.database import writing
from store.money import Money, smallest_charge_step
from store.pricing.places import Place
from store.pricing.rates import Parcel
from store.pricing.shipping import groups
from store.pricing.tax import Taxes, taxes
from store.pricing.totals import Totals
from store.pricing.writing_taxes import TaxesRefusedError, written_taxes
from store.staff import changes, taxation
from store.staff.audit import Actor, history
from store.staff.forms.tax import TaxForm, form_of, read_form
from store.staff.forms.trial import TrialForm
from store.staff.order_words import country_name
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.trying_rates import Sample, totals_of, try_rates
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("tax", __name__, url_prefix="/tax")


@blueprint.get("/")
@may(Permission.EDIT_SETTINGS)
def index() -> str:
    return _page(form_of(taxes(services().settings)))


@blueprint.post("/")
@may(Permission.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    doors, actor, form = services(), Actor.of(signed_in()), read_form(request.form)
    if form.has_faults:
        return _page(form), 422
    if request.form.get("act") == "preview":
        return _page(form, wanted=form.to_taxes())
    is_default = request.form.get("act") == "default"
    try:
        with writing():
            taxation.save_taxes(None if is_default else form.to_taxes(), actor, doors)
    except TaxesRefusedError as refused:
        form.refuse(refused.faults)
        return _page(form), 422
    say(_("Saved; carts and pages follow it from now on. Orders that stand do not change."))
    return redirect(url_for("tax.index"), 303)


def _page(form: TaxForm, *, wanted: Taxes | None = None) -> str:
    settings = services().settings
    now = taxes(settings)
    box = TrialForm.read(request.args, country=settings.country)
    sample = box.to_sample(settings.currency)
    return render_template(
        "staff/tax/tax.html",
        form=form,
        is_written=written_taxes() is not None,
        home=settings.country,
        compared=_compared(now, wanted) if wanted else [],
        box=box,
        trial=try_rates(sample, groups(settings), now) if sample else None,
        changes=changes.shown(history(taxation.THING, limit=10), UNDOING, may_undo=True),
    )


def _compared(now: Taxes, wanted: Taxes) -> list[tuple[str, Totals, Totals]]:
    """Return what one thing of 100 comes to at home and abroad, as it is and as it would be."""
    settings = services().settings
    hundred = Money(10_000 * smallest_charge_step(settings.currency), settings.currency)
    nothing = Money.zero(settings.currency)
    codes = dict.fromkeys([settings.country, *(rule.country for rule in wanted.rules), "NZ", "US"])
    found = []
    for code in list(codes)[:8]:
        sample = Sample(Place(code), Parcel(hundred), TaxClass.STANDARD)
        before, after = (totals_of(sample, nothing, terms) for terms in (now, wanted))
        found.append((country_name(code), before, after))
    return found

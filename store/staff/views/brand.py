"""Who the shop says that it is: one form over what the environment says."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.content.accent import day_contrast, night_contrast
from store.content.frame import Brand, Edition
from store.database import writing
from store.mail.discretion import revealing_words
from store.mail.letterhead import in_print, written_words
from store.money import Money
from store.staff import branding, changes
from store.staff.audit import Actor, history
from store.staff.forms.brand import BrandForm
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("brand", __name__, url_prefix="/brand")

SAMPLE_PRICE_MINOR = 4_500


@blueprint.get("/")
@may(Permission.EDIT_SETTINGS)
def index() -> str:
    form = BrandForm(data=written_words())
    form.validate()
    return _page(form)


@blueprint.post("/")
@may(Permission.EDIT_SETTINGS)
def save() -> ResponseReturnValue:
    form, actor = BrandForm(request.form), Actor.of(signed_in())
    is_valid = form.validate()
    if not is_valid or "preview" in request.form:
        return _page(form), 200 if is_valid else 422
    with writing():
        branding.save_brand(form.to_words(), actor, services())
    say(_("Saved; every page and every mail from now on says so."))
    return redirect(url_for("brand.index"), 303)


@blueprint.post("/preview")
@may(Permission.EDIT_SETTINGS)
def preview() -> str:
    form = BrandForm(request.form)
    form.validate()
    return render_template("staff/brand/preview.html", **_shown(form))


def _page(form: BrandForm) -> str:
    given = services().settings
    return render_template(
        "staff/brand/brand.html",
        form=form,
        given=Brand.of(given),
        order_prefix=given.brand_order_prefix,
        changes=changes.shown(history(branding.THING, limit=10), UNDOING, may_undo=True),
        **_shown(form),
    )


def _shown(form: BrandForm) -> dict[str, object]:
    settings = in_print(services().settings, form.sound_words())
    shown = Brand.of(settings)
    return {
        "shown": shown,
        "price": Money(SAMPLE_PRICE_MINOR, settings.currency),
        "edition": Edition.at(services().clock.now(), settings),
        "faults": [*form.accent.errors, *form.accent_night.errors],
        "contrasts": _contrasts(shown),
        "telling": {
            "sender": revealing_words(settings.brand_sender, settings),
            "statement": revealing_words(settings.brand_statement, settings),
        },
    }


def _contrasts(shown: Brand) -> tuple[float, float] | None:
    accent = shown.accent
    return (day_contrast(accent.day), night_contrast(accent.night)) if accent else None

"""What the shop says to everybody: the notice, that it is closed, and its text pages."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.previewing import shop_preview_token
from store.content.closing import closure
from store.content.defaults import SLUGS
from store.content.frame import Brand
from store.content.queries import current_notice, filled
from store.content.writing_pages import has_page, page_draft, page_entries
from store.database import writing
from store.staff import changes, saying_to_readers
from store.staff.audit import Actor, Thing, history
from store.staff.forms.shop import (
    ClosingForm,
    NewPageForm,
    NoticeForm,
    PageForm,
    PreviewForm,
)
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.saying_to_readers import CLOSING, NOTICE, PAGE
from store.staff.undoing import UNDOING
from store.web.doors import services
from store.web.letterhead import shop_settings

blueprint = Blueprint("shop", __name__, url_prefix="/shop")


@blueprint.get("/")
@may(Permission.EDIT_CONTENT)
def index() -> str:
    return _index_page(_shown_notice(), ClosingForm())


@blueprint.get("/preview")
@may(Permission.EDIT_CONTENT)
def preview() -> ResponseReturnValue:
    """Give a link to the whole shop as of a moment to come."""
    form, doors = PreviewForm(request.args), services()
    moment = form.to_moment(doors.settings) if form.validate() else None
    if moment is None or moment <= doors.clock.now():
        form.moment.errors = [_("Choose a moment to come.")]
        return _index_page(_shown_notice(), ClosingForm(), form), 422
    token = shop_preview_token(moment, doors.settings, doors.clock)
    address = f"{doors.settings.public_url}/preview/{token}/"
    return _index_page(_shown_notice(), ClosingForm(), form, address)


@blueprint.post("/notice")
@may(Permission.EDIT_CONTENT)
def notice() -> ResponseReturnValue:
    form, actor = NoticeForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _index_page(form, ClosingForm()), 422
    with writing():
        text, link = form.text.data or "", form.link.data or ""
        saying_to_readers.say_notice(text, link, actor, services().clock)
    say(_("Every page says so now.") if form.text.data else _("The line is gone."))
    return redirect(url_for("shop.index"), 303)


@blueprint.post("/closing")
@may(Permission.EDIT_SETTINGS)
def close() -> ResponseReturnValue:
    form, actor, doors = ClosingForm(request.form), Actor.of(signed_in()), services()
    is_valid = form.validate()
    until = form.to_until(doors.settings) if is_valid else None
    if until is not None and until <= doors.clock.now():
        form.until.errors = [_("That moment is over. Choose a later one, or leave it empty.")]
        is_valid = False
    if not is_valid:
        return _index_page(NoticeForm(), form), 422
    with writing():
        saying_to_readers.close(until, form.words.data or "", actor, doors.clock)
    say(_("Closed: nobody can pay now. Carts are kept."))
    return redirect(url_for("shop.index"), 303)


@blueprint.post("/opening")
@may(Permission.EDIT_SETTINGS)
def reopen() -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        saying_to_readers.reopen(actor, services().clock)
    say(_("Open again."))
    return redirect(url_for("shop.index"), 303)


@blueprint.get("/pages/new")
@may(Permission.EDIT_CONTENT)
def new_page() -> str:
    return render_template("staff/pages/page.html", form=NewPageForm(), slug="", preview=None)


@blueprint.post("/pages/new")
@may(Permission.EDIT_CONTENT)
def add_page() -> ResponseReturnValue:
    form = NewPageForm(request.form)
    is_valid = form.validate()
    slug = form.slug.data or ""
    if is_valid and has_page(slug):
        form.slug.errors = [_("A page has this address already.")]
        is_valid = False
    if not is_valid or "preview" in request.form:
        return _page_page(form, "", shows_preview=is_valid), 200 if is_valid else 422
    return _save(slug, form)


@blueprint.get("/pages/<slug>")
@may(Permission.EDIT_CONTENT)
def page(slug: str) -> str:
    draft = page_draft(slug)
    form = PageForm(title=draft.title, description=draft.description, body=draft.body)
    return _page_page(form, slug)


@blueprint.post("/pages/<slug>")
@may(Permission.EDIT_CONTENT)
def edit_page(slug: str) -> ResponseReturnValue:
    form = PageForm(request.form)
    page_draft(slug)
    is_valid = form.validate()
    if not is_valid or "preview" in request.form:
        return _page_page(form, slug, shows_preview=is_valid), 200 if is_valid else 422
    return _save(slug, form)


@blueprint.post("/pages/<slug>/drop")
@may(Permission.EDIT_CONTENT)
def drop(slug: str) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        saying_to_readers.forget_page(slug, actor, services().clock)
    say(_("Gone. It can be taken back under Changes."))
    return redirect(url_for("shop.index"), 303)


def _save(slug: str, form: PageForm) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        saying_to_readers.save_page(slug, form.to_draft(), actor, services().clock)
    say(_("Saved; readers see it now."))
    return redirect(url_for("shop.page", slug=slug), 303)


def _shown_notice() -> NoticeForm:
    shown = current_notice()
    return NoticeForm(text=shown.text if shown else "", link=shown.link if shown else "")


def _index_page(
    notice: NoticeForm,
    closing: ClosingForm,
    preview: PreviewForm | None = None,
    preview_address: str = "",
) -> str:
    entries = [*history(Thing(NOTICE, "1"), limit=5), *history(Thing(CLOSING, "1"), limit=5)]
    entries.sort(key=lambda entry: -entry.id)
    return render_template(
        "staff/shop/shop.html",
        notice=notice,
        closing=closing,
        preview=preview or PreviewForm(),
        preview_address=preview_address,
        closed=closure(services().clock.now()),
        pages=page_entries(),
        changes=changes.shown(entries, UNDOING, may_undo=True),
    )


def _page_page(form: PageForm, slug: str, *, shows_preview: bool = False) -> str:
    names = Brand.of(shop_settings()).names
    entries = history(Thing(PAGE, slug), limit=10) if slug else ()
    return render_template(
        "staff/pages/page.html",
        form=form,
        slug=slug,
        is_shipped=slug in SLUGS,
        preview=filled(form.body.data or "", names) if shows_preview else None,
        changes=changes.shown(entries, UNDOING, may_undo=True),
    )

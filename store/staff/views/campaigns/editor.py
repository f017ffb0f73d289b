"""The form of a campaign, with the letter as it would be sent beside it."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from store.catalog.models import Product, ProductStatus
from store.database import db, writing
from store.digits import whole_number
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.segments import size
from store.newsletter.campaigns.writing import (
    NotADraftError,
    as_wanted,
    campaign_of,
)
from store.newsletter.topics import TITLES
from store.staff import campaigns, changes, kept_edits
from store.staff.audit import Actor, history
from store.staff.campaign_checks import checked
from store.staff.collections import find_products, titles_of
from store.staff.forms.campaign import CampaignForm
from store.staff.kept_edits import CAMPAIGN
from store.staff.models import KeptEdit
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.staff.versions import EditedMeanwhileError, fingerprint
from store.staff.views.campaigns.blueprint import blueprint
from store.staff.views.campaigns.progress import progress_page
from store.staff.views.editing import both_versions, typed_in, unsaved_of
from store.web.doors import services
from store.web.headers import Exposure, content_policy


@blueprint.get("/<int:campaign_id>")
@may(Permission.SEE_CAMPAIGNS)
def edit(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_of(campaign_id)
    if campaign.state != CampaignState.DRAFT:
        return progress_page(campaign)
    found = kept_edits.kept_of(CAMPAIGN.of(campaign_id), signed_in().id)
    if found and "restore" in request.args:
        return page(campaign, CampaignForm.read(typed_in(found)), is_restored=True)
    return page(campaign, CampaignForm.of(campaigns.wanted_of(campaign)), kept=found)


@blueprint.post("/<int:campaign_id>")
@may(Permission.WRITE_CAMPAIGNS)
def save(campaign_id: int) -> ResponseReturnValue:
    form, actor = CampaignForm.read(request.form), Actor.of(signed_in())
    campaign = campaign_of(campaign_id)
    if act := request.form.get("act", ""):
        form.do(act, _handle(act))
        return page(campaign, form, act=act)
    wanted = form.wanted()
    if wanted is None:
        return page(campaign, form), 422
    try:
        with writing():
            found = campaign_of(campaign_id, locked=True)
            campaigns.save(found, wanted, form.opened, actor, services())
            kept_edits.forget(CAMPAIGN.of(campaign_id), actor.id or 0)
    except EditedMeanwhileError:
        theirs = campaigns.values_of(campaign_of(campaign_id))
        return both_versions(
            campaigns.thing_of(campaign_of(campaign_id)),
            url_for("campaigns.edit", campaign_id=campaign_id),
            theirs=theirs,
            mine=campaigns.values_meant(wanted),
            opened=fingerprint(theirs),
        ), 409
    except NotADraftError:
        say(_("Not saved: it is no draft any more. What it says stands."))
        return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)
    say(_("Saved."))
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


@blueprint.post("/<int:campaign_id>/delete")
@may(Permission.WRITE_CAMPAIGNS)
def delete(campaign_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    try:
        with writing():
            campaigns.delete(campaign_of(campaign_id, locked=True), actor, services())
    except NotADraftError:
        say(_("It stays: it is no draft any more."))
        return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)
    say(_("Thrown away."))
    return redirect(url_for("campaigns.index"), 303)


@blueprint.post("/finds/<name>")
@may(Permission.WRITE_CAMPAIGNS)
def finds(name: str) -> str:
    """Show what the words of a search line find, while they are typed."""
    form = CampaignForm.read(request.form)
    typed = form.words["find_bought" if name == "bought" else "find"]
    return render_template(
        "staff/campaigns/found.html", typed=typed, found=_found(form, name), act=name
    )


def page(
    campaign: Campaign,
    form: CampaignForm,
    *,
    act: str = "",
    kept: KeptEdit | None = None,
    is_restored: bool = False,
) -> Response:
    """Show the form; what stops the letter stands beside the field that it is about."""
    if not form.opened:
        form.opened = fingerprint(campaigns.values_of(campaign))
    entries = history(campaigns.thing_of(campaign), limit=10)
    return framing(
        render_template(
            "staff/campaigns/campaign.html",
            campaign=campaign,
            form=form,
            act=act,
            shown=letter_shown(campaign, form),
            topics=[(topic.value, words) for topic, words in TITLES.items()],
            known_sections=_sections(form),
            titles_of=titles_of(form.bought),
            found=_found(form, "card"),
            found_bought=_found(form, "bought"),
            address=signed_in().email,
            is_typed=bool(act or is_restored or form.errors),
            changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.WRITE_CAMPAIGNS)),
            **unsaved_of(CAMPAIGN, CAMPAIGN.of(campaign.id), kept=kept, is_restored=is_restored),
        )
    )


def letter_shown(campaign: Campaign, form: CampaignForm) -> dict[str, object]:
    """Return what is said of the letter that is typed."""
    meant, doors = as_wanted(form.meant(), campaign.id), services()
    return {"checked": checked(meant, doors), "readers": size(meant, doors.clock)}


def framing(html: str) -> Response:
    """Answer a page that shows letters in frames of our own."""
    response = make_response(html)
    policy = content_policy(services().settings, Exposure.OWN)
    response.headers["Content-Security-Policy"] = f"{policy}; frame-src 'self'"
    return response


def _sections(form: CampaignForm) -> list[str]:
    known = campaigns.sections_known()
    return [*known, *(name for name in form.sections if name not in known)]


def _found(form: CampaignForm, name: str) -> list[Product]:
    if name == "bought":
        return list(find_products(form.words["find_bought"], form.bought))
    found = find_products(form.words["find"], ())
    return [product for product in found if product.status == ProductStatus.ACTIVE]


def _handle(act: str) -> str:
    """Return the address of the product whose card is put in."""
    name, _colon, given = act.partition(":")
    number = whole_number(given)
    if name != "card" or number is None:
        return ""
    return db.session.scalar(select(Product.handle).where(Product.id == number)) or ""

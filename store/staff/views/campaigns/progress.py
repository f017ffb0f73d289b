"""What became of a campaign that is no draft any more."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.campaigns.counting import tally
from store.newsletter.campaigns.models import Campaign, CampaignState, DeliveryState
from store.newsletter.campaigns.visits import visits_of
from store.newsletter.campaigns.writing import campaign_of
from store.newsletter.topics import TITLES, Topic
from store.staff import campaigns, changes
from store.staff.audit import Actor, history
from store.staff.campaign_checks import checked
from store.staff.campaign_sending import answers_of
from store.staff.campaign_words import CAUSES, DELIVERIES, STATES
from store.staff.permissions import may, may_do, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.staff.views.campaigns.blueprint import blueprint
from store.web.doors import services


@blueprint.get("/<int:campaign_id>/progress")
@may(Permission.SEE_CAMPAIGNS)
def progress(campaign_id: int) -> ResponseReturnValue:
    """Lead to the page of the campaign, which says how far it is."""
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


@blueprint.get("/<int:campaign_id>/tally")
@may(Permission.SEE_CAMPAIGNS)
def counted(campaign_id: int) -> str:
    """Say how far it is, for a page that stays open."""
    return render_template("staff/campaigns/tally.html", **_counted(campaign_of(campaign_id)))


@blueprint.post("/<int:campaign_id>/archive")
@may(Permission.SEND_CAMPAIGNS)
def archive(campaign_id: int) -> ResponseReturnValue:
    """Let everybody read what was sent, or nobody who was not sent it."""
    actor, slug = Actor.of(signed_in()), request.form.get("slug", "")
    with writing():
        found = campaign_of(campaign_id, locked=True)
        campaigns.keep_in_archive(found, slug, actor, services())
    say(_("Changed; the archive shows it within a minute."))
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


def progress_page(campaign: Campaign) -> str:
    entries = history(campaigns.thing_of(campaign), limit=20)
    waits = campaign.state == CampaignState.SCHEDULED
    return render_template(
        "staff/campaigns/progress.html",
        topic=TITLES[Topic(campaign.topic)],
        checked=checked(campaign, services()) if waits else None,
        now=services().clock.now(),
        changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.WRITE_CAMPAIGNS)),
        **_counted(campaign),
    )


def _counted(campaign: Campaign) -> dict[str, Any]:
    told = tally(campaign)
    return {
        "campaign": campaign,
        "state": STATES[campaign.state],
        "cause": CAUSES.get(campaign.pause_cause, ""),
        "tally": told,
        "counts": [(DELIVERIES[one], getattr(told, one.value)) for one in DeliveryState],
        "whole": told.waiting + told.given + told.skipped,
        "answers": answers_of(campaign),
        "visits": visits_of(campaign.id),
    }

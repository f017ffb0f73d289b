"""What became of a campaign that is no draft any more."""

from typing import Any

from flask import render_template

from store.newsletter.campaigns.counting import tally
from store.newsletter.campaigns.models import Campaign, CampaignState, DeliveryState
from store.newsletter.campaigns.visits import visits_of
from store.newsletter.campaigns.writing import campaign_of
from store.newsletter.topics import TITLES, Topic
from store.staff import campaigns, changes
from store.staff.audit import history
from store.staff.campaign_checks import checked
from store.staff.campaign_sending import answers_of
from store.staff.campaign_words import CAUSES, DELIVERIES, STATES
from store.staff.permissions import may, may_do
from store.staff.roles import Permission
from store.staff.undoing import UNDOING
from store.staff.views.campaigns.blueprint import blueprint
from store.web.doors import services


@blueprint.get("/<int:campaign_id>/progress")
@may(Permission.SEE_CAMPAIGNS)
def progress(campaign_id: int) -> str:
    """Say how far it is, for a page that stays open."""
    campaign = campaign_of(campaign_id)
    return render_template("staff/campaigns/tally.html", **_counted(campaign))


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
    counted = tally(campaign)
    return {
        "campaign": campaign,
        "state": STATES[campaign.state],
        "cause": CAUSES.get(campaign.pause_cause, ""),
        "tally": counted,
        "counts": [(DELIVERIES[one], getattr(counted, one.value)) for one in DeliveryState],
        "whole": counted.waiting + counted.given + counted.skipped,
        "answers": answers_of(campaign),
        "visits": visits_of(campaign.id),
    }

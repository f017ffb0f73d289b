"""What became of a campaign that is no draft any more."""

from flask import render_template

from store.newsletter.campaigns.models import Campaign
from store.newsletter.topics import TITLES, Topic
from store.staff import campaigns, changes
from store.staff.audit import history
from store.staff.campaign_words import CAUSES, STATES
from store.staff.permissions import may_do
from store.staff.roles import Permission
from store.staff.undoing import UNDOING


def progress_page(campaign: Campaign) -> str:
    entries = history(campaigns.thing_of(campaign), limit=20)
    return render_template(
        "staff/campaigns/progress.html",
        campaign=campaign,
        state=STATES[campaign.state],
        cause=CAUSES.get(campaign.pause_cause, ""),
        topic=TITLES[Topic(campaign.topic)],
        changes=changes.shown(entries, UNDOING, may_undo=may_do(Permission.WRITE_CAMPAIGNS)),
    )

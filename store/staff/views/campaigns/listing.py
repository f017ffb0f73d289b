"""All campaigns, newest first, and where a new one begins."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.campaigns.writing import CampaignWanted
from store.newsletter.topics import TITLES, Topic
from store.staff import campaigns
from store.staff.audit import Actor
from store.staff.campaign_words import STATES
from store.staff.campaigns import Look
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.views.campaigns.blueprint import blueprint
from store.web.doors import services
from store.web.filters import moment_words


@blueprint.get("/")
@may(Permission.SEE_CAMPAIGNS)
def index() -> str:
    asked = request.args.get("look", "")
    look = Look(asked) if asked in set(Look) else Look.ALL
    return render_template(
        "staff/campaigns/campaigns.html",
        look=look,
        looks=Look,
        counts=campaigns.counts(),
        part=campaigns.campaigns_in(look, request.args.get("at", "")),
        states=STATES,
        topics=TITLES,
    )


@blueprint.post("/")
@may(Permission.WRITE_CAMPAIGNS)
def create() -> ResponseReturnValue:
    """Begin a draft; it has a page from its first word, so that nothing typed is lost."""
    actor, doors = Actor.of(signed_in()), services()
    day = moment_words(doors.clock.now(), doors.settings, "d MMMM")
    wanted = CampaignWanted(
        title=_("Campaign of %(day)s", day=day), topic=Topic.DROPS, subject="", preview="", body=""
    )
    with writing():
        made = campaigns.save_new(wanted, actor, doors).id
    return redirect(url_for("campaigns.edit", campaign_id=made), 303)

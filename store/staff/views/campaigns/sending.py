"""From the draft to its readers: one page that states the number, then one step at a time."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.database import writing
from store.newsletter.campaigns.letters import UnfinishedLetterError
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.moving import CampaignMovedError
from store.newsletter.campaigns.writing import campaign_of
from store.newsletter.topics import TITLES, Topic
from store.services import Services
from store.staff import campaign_sending
from store.staff.audit import Actor
from store.staff.campaign_checks import checked
from store.staff.campaign_sending import NotAsSeenError, seen_now
from store.staff.collections import titles_of
from store.staff.forms.sending import SendingForm
from store.staff.permissions import may, signed_in, wants_fresh_sign_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.campaigns.blueprint import blueprint
from store.web.doors import services

Step = Callable[[Campaign, Actor, Services], None]


@blueprint.get("/<int:campaign_id>/send")
@may(Permission.SEND_CAMPAIGNS)
@wants_fresh_sign_in
def confirm(campaign_id: int) -> ResponseReturnValue:
    campaign = campaign_of(campaign_id)
    if campaign.state not in {CampaignState.DRAFT, CampaignState.SCHEDULED}:
        return _back(campaign_id)
    return _page(campaign, SendingForm(MultiDict()))


@blueprint.post("/<int:campaign_id>/start")
@may(Permission.SEND_CAMPAIGNS)
@wants_fresh_sign_in
def start(campaign_id: int) -> ResponseReturnValue:
    form, actor = SendingForm(request.form), Actor.of(signed_in())
    return _sent(
        campaign_id,
        form,
        lambda found: campaign_sending.start(found, form.seen, actor, services()),
        _("Under way. It goes on by itself; you may leave this page."),
    )


@blueprint.post("/<int:campaign_id>/schedule")
@may(Permission.SEND_CAMPAIGNS)
@wants_fresh_sign_in
def schedule(campaign_id: int) -> ResponseReturnValue:
    form, actor, doors = SendingForm(request.form), Actor.of(signed_in()), services()
    at = form.moment(doors.settings.zone, doors.clock.now())
    if at is None:
        return _page(campaign_of(campaign_id), form), 422
    return _sent(
        campaign_id,
        form,
        lambda found: campaign_sending.schedule(found, at, form.seen, actor, doors),
        _("Scheduled. Until then it can be taken back."),
    )


@blueprint.post("/<int:campaign_id>/unschedule")
@may(Permission.SEND_CAMPAIGNS)
def unschedule(campaign_id: int) -> ResponseReturnValue:
    return _stepped(campaign_id, campaign_sending.unschedule, _("It is a draft again."))


@blueprint.post("/<int:campaign_id>/pause")
@may(Permission.SEND_CAMPAIGNS)
def pause(campaign_id: int) -> ResponseReturnValue:
    return _stepped(campaign_id, campaign_sending.pause, _("Paused. Nobody else gets it for now."))


@blueprint.post("/<int:campaign_id>/resume")
@may(Permission.SEND_CAMPAIGNS)
def resume(campaign_id: int) -> ResponseReturnValue:
    return _stepped(campaign_id, campaign_sending.resume, _("It goes on where it stood."))


@blueprint.post("/<int:campaign_id>/cancel")
@may(Permission.SEND_CAMPAIGNS)
def cancel(campaign_id: int) -> ResponseReturnValue:
    return _stepped(campaign_id, campaign_sending.cancel, _("Cancelled. Nobody else gets it."))


def _sent(
    campaign_id: int, form: SendingForm, act: Callable[[Campaign], None], words: str
) -> ResponseReturnValue:
    try:
        with writing():
            act(campaign_of(campaign_id, locked=True))
    except (NotAsSeenError, UnfinishedLetterError):
        form.error = _("Not sent: something changed since you looked. Look once more.")
        return _page(campaign_of(campaign_id), form), 409
    except CampaignMovedError:
        say(_("Somebody was faster: it is no draft any more."))
        return _back(campaign_id)
    say(words)
    return _back(campaign_id)


def _stepped(campaign_id: int, step: Step, words: str) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    try:
        with writing():
            step(campaign_of(campaign_id, locked=True), actor, services())
    except CampaignMovedError:
        say(_("Nothing was done: the campaign has moved on meanwhile."))
    else:
        say(words)
    return _back(campaign_id)


def _back(campaign_id: int) -> ResponseReturnValue:
    return redirect(url_for("campaigns.edit", campaign_id=campaign_id), 303)


def _page(campaign: Campaign, form: SendingForm) -> str:
    return render_template(
        "staff/campaigns/send.html",
        campaign=campaign,
        form=form,
        seen=seen_now(campaign, services()),
        checked=checked(campaign, services()),
        topic=TITLES[Topic(campaign.topic)],
        titles_of=titles_of(campaign.bought),
        zone=services().settings.timezone,
    )

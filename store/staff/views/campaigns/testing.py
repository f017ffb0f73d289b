"""A campaign on trial: mailed to oneself or to colleagues, saved or not."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.campaigns.letters import UnfinishedLetterError
from store.newsletter.campaigns.writing import as_wanted, campaign_of
from store.staff import campaigns
from store.staff.audit import Actor
from store.staff.campaign_tests import MOST, addresses_in, mail_to_staff, strangers
from store.staff.forms.campaign import CampaignForm
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.campaigns.blueprint import blueprint
from store.staff.views.campaigns.editor import page
from store.web.doors import services


@blueprint.post("/<int:campaign_id>/test")
@may(Permission.WRITE_CAMPAIGNS)
def test(campaign_id: int) -> ResponseReturnValue:
    form, person = CampaignForm.read(request.form), signed_in()
    campaign, actor = campaign_of(campaign_id), Actor.of(person)
    wanted = form.wanted()
    addresses = addresses_in(form.words["test_to"]) or [person.email]
    _check(form, addresses)
    if wanted is None or form.errors:
        return page(campaign, form), 422
    thing = campaigns.thing_of(campaign)
    try:
        with writing():
            looked_at = as_wanted(wanted, campaign_id)
            mail_to_staff(looked_at, thing, addresses, actor, services())
    except UnfinishedLetterError:
        form.errors["test_to"] = _("Not sent: mend first what is marked in the letter.")
        return page(campaign_of(campaign_id), form), 422
    say(_("On its way to %(addresses)s. Nothing is saved by this.", addresses=", ".join(addresses)))
    # What was typed may not be saved yet, so the page stays as it was.
    return page(campaign_of(campaign_id), form, act="test")


def _check(form: CampaignForm, addresses: list[str]) -> None:
    if len(addresses) > MOST:
        form.errors["test_to"] = _("At most %(most)s addresses at once.", most=MOST)
    elif unknown := strangers(addresses):
        words = _(
            "Tests go to people who work here. Nobody here has %(addresses)s.",
            addresses=", ".join(unknown[:3]),
        )
        form.errors["test_to"] = words

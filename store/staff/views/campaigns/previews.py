"""The letter as mailboxes show it: documents of their own, that may do nothing."""

from dataclasses import dataclass
from enum import StrEnum

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from store.database import writing
from store.newsletter.campaigns.letters import Letter, addressed, draft_of, sent_letter
from store.newsletter.campaigns.models import Campaign, CampaignState
from store.newsletter.campaigns.writing import as_wanted, campaign_of
from store.staff import kept_edits
from store.staff.forms.campaign import CampaignForm
from store.staff.kept_edits import CAMPAIGN
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.views.campaigns.blueprint import blueprint
from store.staff.views.campaigns.editor import framing, letter_shown
from store.staff.views.editing import typed_in
from store.web.doors import services

NIGHT = "@media (prefers-color-scheme: dark)"
# A link in the proof would lead the frame away from it.
INERT = "<style>a{pointer-events:none}</style></head>"


class Look(StrEnum):
    """How a letter is looked at."""

    WIDE = "wide"
    NARROW = "narrow"
    DARK = "dark"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Asked:
    look: Look
    is_kept: bool

    @classmethod
    def read(cls) -> "Asked":
        look = request.args.get("look", "")
        return cls(Look(look) if look in set(Look) else Look.WIDE, "kept" in request.args)


@blueprint.get("/<int:campaign_id>/preview")
@may(Permission.SEE_CAMPAIGNS)
def preview(campaign_id: int) -> ResponseReturnValue:
    """Show the letter in a frame, for whoever has no script and for a page of its own."""
    asked, campaign = Asked.read(), campaign_of(campaign_id)
    return framing(
        render_template(
            "staff/campaigns/preview.html",
            campaign=campaign,
            look=asked.look,
            looks=Look,
            is_kept=asked.is_kept,
            letter=_letter(campaign, is_kept=asked.is_kept),
        )
    )


@blueprint.get("/<int:campaign_id>/sheet")
@may(Permission.SEE_CAMPAIGNS)
def sheet(campaign_id: int) -> Response:
    """Answer the letter alone; dark and light whatever the reader's own edition is."""
    asked = Asked.read()
    letter = _letter(campaign_of(campaign_id), is_kept=asked.is_kept)
    link = f"{services().settings.public_url}/newsletter"
    shown = addressed(letter, link, link)
    if asked.look is Look.TEXT:
        response = Response(shown.text, content_type="text/plain; charset=utf-8")
    else:
        media = "@media all" if asked.look is Look.DARK else "@media not all"
        html = shown.html.replace(NIGHT, media).replace("</head>", INERT, 1)
        response = Response(html)
    response.headers["Content-Security-Policy"] = _sheet_policy()
    return response


@blueprint.post("/<int:campaign_id>/look")
@may(Permission.WRITE_CAMPAIGNS)
def look(campaign_id: int) -> str:
    """Keep what is typed, and say what there is to say of it; the frame shows what was kept."""
    campaign, user_id = campaign_of(campaign_id), signed_in().id
    form, pairs = CampaignForm.read(request.form), list(request.form.items(multi=True))
    shown = letter_shown(campaign, form)
    with writing():
        kept_edits.keep(CAMPAIGN.of(campaign_id), pairs, user_id, services().clock)
    return render_template("staff/campaigns/checks.html", **shown)


def _letter(campaign: Campaign, *, is_kept: bool) -> Letter:
    """Return the letter as it was sent, as it is saved, or as she typed it last."""
    if campaign.sent_html:
        return sent_letter(campaign)
    found = kept_edits.kept_of(CAMPAIGN.of(campaign.id), signed_in().id) if is_kept else None
    if found is None or campaign.state != CampaignState.DRAFT:
        return draft_of(campaign, services())
    meant = CampaignForm.read(typed_in(found)).meant()
    return draft_of(as_wanted(meant, campaign.id), services())


def _sheet_policy() -> str:
    pictures = services().settings.public_url
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' {pictures};"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
    )

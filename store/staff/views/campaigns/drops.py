"""New products that no letter has told of: each one button away from a draft."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.campaigns.drops import draft_for, drop_of, untold
from store.staff import campaigns
from store.staff.audit import Actor
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.views.campaigns.blueprint import blueprint
from store.web.doors import services


@blueprint.get("/drops")
@may(Permission.WRITE_CAMPAIGNS)
def drops() -> str:
    now = services().clock.now()
    return render_template("staff/campaigns/drops.html", drops=untold(now), now=now)


@blueprint.post("/drops/<int:product_id>")
@may(Permission.WRITE_CAMPAIGNS)
def tell(product_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        drop = drop_of(product_id, doors.clock.now())
        made = campaigns.save_new(draft_for(drop), actor, doors).id if drop else None
    if made is None:
        say(_("A letter shows it already, or it is no news any more."))
        return redirect(url_for("campaigns.index"), 303)
    say(_("A draft with its card. Nothing is sent yet."))
    return redirect(url_for("campaigns.edit", campaign_id=made), 303)

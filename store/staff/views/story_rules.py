"""The block under stories: its switch, its rules, and a box to try them in."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form

from store.catalog.queries import cards_for
from store.database import writing
from store.staff import story_rules
from store.staff.audit import Actor
from store.staff.forms.story_rules import (
    SCOPES,
    PlacedForm,
    QuietForm,
    SynonymForm,
    rule_from,
)
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.story_rules import Rule, RuleKind
from store.web.doors import services
from store.widget.asking import question_of
from store.widget.matching import choose
from store.widget.reasons import reason_for
from store.widget.rules import NoSuchPlaceError, NoSuchProductError

blueprint = Blueprint("story_rules", __name__, url_prefix="/widget")


@blueprint.get("/")
@may(Permission.EDIT_CONTENT)
def index() -> str:
    return _page({})


@blueprint.post("/rules/<kind>")
@may(Permission.EDIT_CONTENT)
def add(kind: str) -> ResponseReturnValue:
    if kind not in set(RuleKind):
        return redirect(url_for("story_rules.index"), 303)
    wanted = RuleKind(kind)
    form = _form(wanted)
    if not form.validate():
        return _page({wanted: form}), 422
    actor = Actor.of(signed_in())
    try:
        with writing():
            story_rules.add(_rule(form, wanted), actor, services().clock)
    except NoSuchProductError:
        return _refused(wanted, form, "handle", _("No product has this handle."))
    except NoSuchPlaceError:
        field = "key" if isinstance(form, PlacedForm) else next(iter(form.data))
        return _refused(wanted, form, field, _("That holds no word, or is no web address."))
    say(_("It counts within a minute, under every story."))
    return redirect(url_for("story_rules.index"), 303)


@blueprint.post("/rules/remove")
@may(Permission.EDIT_CONTENT)
def remove() -> ResponseReturnValue:
    rule, actor = rule_from(request.form.get("rule", "")), Actor.of(signed_in())
    if rule is not None:
        with writing():
            story_rules.remove(rule, actor, services().clock)
        say(_("Removed. It can be taken back under Changes."))
    return redirect(url_for("story_rules.index"), 303)


@blueprint.post("/switch")
@may(Permission.EDIT_CONTENT)
def switch() -> ResponseReturnValue:
    actor, is_silent = Actor.of(signed_in()), request.form.get("silent") == "1"
    with writing():
        story_rules.switch(actor, services().clock, is_silent=is_silent)
    if is_silent:
        say(_("Silent: within a minute no story carries products."))
    else:
        say(_("Stories carry products again within a minute."))
    return redirect(url_for("story_rules.index"), 303)


def _form(kind: RuleKind) -> PlacedForm | QuietForm | SynonymForm:
    match kind:
        case RuleKind.PIN | RuleKind.BLOCK:
            return PlacedForm(request.form)
        case RuleKind.QUIET:
            return QuietForm(request.form)
        case RuleKind.SYNONYM:
            return SynonymForm(request.form)


def _rule(form: PlacedForm | QuietForm | SynonymForm, kind: RuleKind) -> Rule:
    return form.to_rule(kind) if isinstance(form, PlacedForm) else form.to_rule()


def _refused(kind: RuleKind, form: Form, field: str, words: str) -> ResponseReturnValue:
    form[field].errors = [words]
    return _page({kind: form}), 422


def _page(forms: Mapping[RuleKind, Form]) -> str:
    fresh = {
        RuleKind.PIN: PlacedForm(),
        RuleKind.BLOCK: PlacedForm(),
        RuleKind.QUIET: QuietForm(),
        RuleKind.SYNONYM: SynonymForm(),
    }
    return render_template(
        "staff/widget/widget.html",
        book=story_rules.rule_book(),
        forms={**fresh, **forms},
        scopes=SCOPES,
        tried=_tried(),
    )


def _tried() -> dict[str, object] | None:
    """Return what a story would carry under the rules as they stand now."""
    question = question_of(request.query_string.decode("latin-1"))
    story, now = question.story, services().clock.now()
    if not (story.title or story.url or story.section or story.tags):
        return None
    choice = choose(story, now=now)
    cards = {
        card.product_id: card
        for card in cards_for([pick.product_id for pick in choice.picks], now=now)
    }
    return {
        "story": story,
        "quiet": choice.quiet,
        "shown": [
            (cards[pick.product_id], reason_for(pick), pick)
            for pick in choice.picks
            if pick.product_id in cards
        ],
    }

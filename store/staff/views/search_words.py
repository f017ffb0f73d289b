"""Words that mean the same to whoever searches: the staff's lines, and a box to try them in."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog.searching import LONGEST_QUERY
from store.catalog.synonyms import SynonymRefusedError, own_groups, synonym_lines
from store.database import writing
from store.staff import search_words
from store.staff.audit import Actor
from store.staff.forms.search_words import LineForm
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.web.doors import services

blueprint = Blueprint("search_words", __name__, url_prefix="/search")


@blueprint.get("/")
@may(Permission.EDIT_CONTENT)
def index() -> str:
    return _page(LineForm())


@blueprint.post("/")
@may(Permission.EDIT_CONTENT)
def add() -> ResponseReturnValue:
    form, actor = LineForm(request.form), Actor.of(signed_in())
    if not form.validate():
        return _page(form), 422
    try:
        with writing():
            line = search_words.add_line(form.to_line(), actor, services().clock)
    except SynonymRefusedError:
        refusal = _("Name two things or more, each in one to three words, with commas between.")
        return _refused(form, refusal)
    except search_words.LineStandsError:
        return _refused(form, _("This line stands already."))
    say(_("Searches know it within a minute."))
    return redirect(url_for("search_words.index", q=line.partition(",")[0], _anchor="try"), 303)


@blueprint.post("/remove")
@may(Permission.EDIT_CONTENT)
def remove() -> ResponseReturnValue:
    line, actor = request.form.get("line", ""), Actor.of(signed_in())
    with writing():
        is_removed = search_words.remove_line(line, actor, services().clock)
    say(_("Removed. It can be taken back under Changes.") if is_removed else _("It was gone."))
    return redirect(url_for("search_words.index"), 303)


def _refused(form: LineForm, words: str) -> ResponseReturnValue:
    form.words.errors = [words]
    return _page(form), 422


def _page(form: LineForm) -> str:
    query = request.args.get("q", "")[:LONGEST_QUERY]
    return render_template(
        "staff/search_words/search_words.html",
        form=form,
        lines=synonym_lines(),
        known=own_groups(),
        query=query,
        tried=search_words.tried(query, now=services().clock.now()),
    )

"""Lists of subscribers that are brought in: a file and a statement, a look, a yes."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.database import writing
from store.newsletter.importing import bringing_in
from store.newsletter.importing.bringing_in import NotWaitingError
from store.newsletter.importing.files import MOST_BYTES, MOST_ROWS, ListFileError, read_list
from store.newsletter.importing.inviting import AT_ONCE
from store.newsletter.importing.models import ImportState, SubscriberImport
from store.newsletter.topics import TITLES, topic_titles
from store.staff import changes
from store.staff.audit import Actor, Thing, history, record
from store.staff.forms.subscribers import ListForm
from store.staff.permissions import may, signed_in, wants_fresh_factor
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.subscriber_words import FILE_FAULTS, KINDS_OF_LIST, LINE_FAULTS, LISTS
from store.staff.undoing import UNDOING
from store.staff.views.subscribers.blueprint import blueprint
from store.web.doors import services

KIND = "subscriber_list"


@blueprint.get("/lists")
@may(Permission.EDIT_SUBSCRIBERS)
def lists() -> str:
    return _upload_page(ListForm())


@blueprint.post("/lists")
@may(Permission.EDIT_SUBSCRIBERS)
def read() -> ResponseReturnValue:
    """Read a file outside any transaction, and keep what it holds to be looked at."""
    actor, doors = Actor.of(signed_in()), services()
    form, given = ListForm(request.form), request.files.get("file")
    statement = form.to_statement(actor.name, doors.clock.now().astimezone(doors.settings.zone))
    if given is None or not given.filename:
        return _upload_page(form, file_error=_("Choose a file first.")), 422
    with given.stream as stream:
        content = stream.read(MOST_BYTES + 1)
    try:
        found = read_list(content)
    except ListFileError as refused:
        return _upload_page(form, file_error=str(FILE_FAULTS[refused.fault])), 422
    if statement is None:
        return _upload_page(form, file_error=_("Choose the file once more.")), 422
    with writing():
        list_id = bringing_in.take_in(found, statement, doors)
        kept = bringing_in.import_of(list_id)
        record(actor, f"{KIND}.read", _thing(kept), clock=doors.clock, after=_values(kept))
    return redirect(url_for("subscribers.one_list", list_id=list_id), 303)


@blueprint.get("/lists/<int:list_id>")
@may(Permission.EDIT_SUBSCRIBERS)
def one_list(list_id: int) -> str:
    kept = bringing_in.import_of(list_id)
    return render_template(
        "staff/subscribers/list.html",
        kept=kept,
        topics=topic_titles(kept.topics),
        outlook=bringing_in.outlook(list_id) if kept.state == ImportState.READ else None,
        waiting=bringing_in.waiting_of(list_id),
        faults=[(line, LINE_FAULTS[str(fault)]) for line, fault in kept.faults],
        a_minute=AT_ONCE,
        lists=LISTS,
        kinds=KINDS_OF_LIST,
        changes=changes.shown(history(_thing(kept)), UNDOING, may_undo=False),
    )


@blueprint.post("/lists/<int:list_id>/begin")
@may(Permission.EDIT_SUBSCRIBERS)
@wants_fresh_factor
def begin(list_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        kept = bringing_in.import_of(list_id, locked=True)
        bringing_in.begin(kept, doors.clock)
        record(actor, f"{KIND}.begun", _thing(kept), clock=doors.clock, after=_values(kept))
    say(_("Begun. Each of them is asked by one mail, and is on the list once she says yes."))
    return redirect(url_for("subscribers.one_list", list_id=list_id), 303)


@blueprint.post("/lists/<int:list_id>/stop")
@may(Permission.EDIT_SUBSCRIBERS)
def stop(list_id: int) -> ResponseReturnValue:
    actor, doors = Actor.of(signed_in()), services()
    with writing():
        kept = bringing_in.import_of(list_id, locked=True)
        bringing_in.stop(kept, doors.clock)
        record(actor, f"{KIND}.stopped", _thing(kept), clock=doors.clock)
    say(_("Stopped. Whoever was not asked yet is forgotten."))
    return redirect(url_for("subscribers.one_list", list_id=list_id), 303)


@blueprint.errorhandler(NotWaitingError)
def say_it_moved_on(_error: NotWaitingError) -> ResponseReturnValue:
    say(_("Somebody was quicker: this list is no longer what you looked at."))
    number = (request.view_args or {}).get("list_id", 0)
    return redirect(url_for("subscribers.one_list", list_id=number), 303)


def _upload_page(form: ListForm, *, file_error: str = "") -> str:
    return render_template(
        "staff/subscribers/lists.html",
        form=form,
        file_error=file_error,
        imports=bringing_in.imports(),
        topics=TITLES,
        largest_mb=MOST_BYTES // 1024 // 1024,
        most_rows=MOST_ROWS,
        lists=LISTS,
        kinds=KINDS_OF_LIST,
    )


def _thing(kept: SubscriberImport) -> Thing:
    return Thing(KIND, str(kept.id), kept.agreed_where)


def _values(kept: SubscriberImport) -> dict[str, object]:
    return {
        "agreed_where": kept.agreed_where,
        "agreed_on": kept.agreed_on.isoformat(),
        "topics": list(kept.topics),
        "rows": kept.rows,
    }

"""Marks orders as sent by a file of tracking numbers: uploaded, looked at, confirmed."""

from collections.abc import Mapping, Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.database import end_reading, writing
from store.orders.carriers import doubt_about
from store.orders.shipping import Parcel
from store.orders.tracking_files import (
    MOST_BYTES,
    MOST_ROWS,
    Fault,
    RowFault,
    TrackingFileError,
    TrackingRow,
    read_tracking_file,
)
from store.orders.tracking_lists import (
    Entry,
    Standing,
    entries_of,
    forget_list,
    forget_rows,
    keep_list,
    list_of,
)
from store.staff.audit import Actor
from store.staff.parcels import Wanted, send_all
from store.staff.permissions import may, signed_in
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.tracking_words import doubt_words
from store.staff.views.orders.blueprint import blueprint
from store.staff.views.orders.parcels import refusal_words
from store.web.doors import services

AT_ONCE = 200
"""Parcels that one confirmation sends: as many as a person would wait for."""
SHOWN = 100
"""Rows of each kind that the page lists."""
REASONS: Mapping[str, LazyString] = {
    Standing.READY: _l("Will be marked as sent"),
    Standing.UNKNOWN: _l("No order has this number"),
    Standing.SHIPPED: _l("Sent already"),
    Standing.NOT_PAID: _l("Not paid"),
    Standing.PARKED: _l("Parked: decide about it first"),
    Standing.REFUNDED: _l("Its money went back"),
    RowFault.NO_NUMBER: _l("The row names no order"),
    RowFault.NO_TRACKING: _l("The row has no tracking number"),
    RowFault.SHORTENED: _l("A spreadsheet has shortened the tracking number"),
    RowFault.NO_TRACKING_SIGNS: _l("That is no tracking number"),
    RowFault.REPEATED: _l("The order stands in the file twice"),
}


@blueprint.get("/tracking")
@may(Permission.SHIP)
def tracking() -> str:
    return _upload_page()


@blueprint.post("/tracking")
@may(Permission.SHIP)
def upload() -> ResponseReturnValue:
    given, clock, person_id = request.files.get("file"), services().clock, signed_in().id
    if given is None or not given.filename:
        return _upload_page(_("Choose a file first.")), 422
    with given.stream as stream:
        content = stream.read(MOST_BYTES + 1)
    try:
        rows = read_tracking_file(content)
    except TrackingFileError as refused:
        return _upload_page(_fault_words(refused.fault)), 422
    if not any(row.fault is None for row in rows):
        return _list_page(_unusable(rows), None), 422
    with writing():
        list_id = keep_list(rows, person_id, clock).id
    return redirect(url_for("orders.tracking_list", list_id=list_id), 303)


@blueprint.get("/tracking/<int:list_id>")
@may(Permission.SHIP)
def tracking_list(list_id: int) -> str:
    kept = list_of(list_id, signed_in().id)
    return _list_page(entries_of(kept), kept.id)


@blueprint.post("/tracking/<int:list_id>/confirmation")
@may(Permission.SHIP)
def confirm(list_id: int) -> ResponseReturnValue:
    """Send what the list names, some hundred at a time; what was dealt with is forgotten."""
    user, doors = signed_in(), services()
    actor, person_id, mails = Actor.of(user), user.id, "mails" in request.form
    ready = [entry for entry in entries_of(list_of(list_id, person_id)) if entry.is_ready]
    now, later = ready[:AT_ONCE], ready[AT_ONCE:]
    end_reading()
    outcomes = send_all([_wanted(entry) for entry in now], doors, actor=actor, mails=mails)
    with writing():
        kept = list_of(list_id, person_id)
        if later:
            forget_rows(kept, {entry.row.line for entry in now})
        else:
            forget_list(kept)
    return render_template(
        "staff/orders/sent.html",
        outcomes=outcomes,
        refusal_words=refusal_words,
        list_id=list_id if later else None,
        left=len(later),
        mails=mails,
    )


@blueprint.post("/tracking/<int:list_id>/discard")
@may(Permission.SHIP)
def discard(list_id: int) -> ResponseReturnValue:
    person_id = signed_in().id
    with writing():
        forget_list(list_of(list_id, person_id))
    say(_("The list is thrown away; nothing was sent."))
    return redirect(url_for("orders.tracking"), 303)


def _wanted(entry: Entry) -> Wanted:
    row = entry.row
    return Wanted(entry.order_id or 0, row.number, Parcel({}, row.carrier, row.tracking))


def _upload_page(error: str = "") -> str:
    return render_template(
        "staff/orders/tracking.html",
        error=error,
        largest_mb=MOST_BYTES // 1024 // 1024,
        most_rows=MOST_ROWS,
    )


def _list_page(entries: Sequence[Entry], list_id: int | None) -> str:
    by_reason: dict[str, list[Entry]] = {}
    for entry in entries:
        by_reason.setdefault(entry.reason, []).append(entry)
    ready = [(entry, _doubt(entry)) for entry in by_reason.pop(Standing.READY, [])]
    return render_template(
        "staff/orders/tracking_list.html",
        list_id=list_id,
        ready=sorted(ready, key=lambda entry: not entry[1])[:SHOWN],
        doubted=sum(1 for _entry, doubt in ready if doubt),
        number=len(ready),
        at_once=min(len(ready), AT_ONCE),
        others=[(REASONS[why], len(rows), rows[:SHOWN]) for why, rows in by_reason.items()],
        shown=SHOWN,
        total=len(entries),
    )


def _doubt(entry: Entry) -> str:
    """Return what speaks against a number; a list is for somebody to look at, so it may stay."""
    row, home = entry.row, services().settings.country
    doubt = doubt_about(row.tracking, row.carrier, home=home)
    return doubt_words(doubt) if doubt else ""


def _unusable(rows: Sequence[TrackingRow]) -> list[Entry]:
    return [Entry(row, None, row.fault) for row in rows if row.fault is not None]


def _fault_words(fault: Fault) -> str:
    words = {
        Fault.EMPTY: _("The file is empty."),
        Fault.TOO_LARGE: _("The file is larger than any list of parcels. Send it in parts."),
        Fault.TOO_MANY_ROWS: _("The file has more than 10,000 rows. Send it in parts."),
        Fault.NO_TEXT: _("That is no CSV file. Save the sheet as CSV and try again."),
        Fault.NO_COLUMNS: _(
            "The first line names no columns that we know. Two are wanted: Order and Tracking."
        ),
    }
    return str(words[fault])

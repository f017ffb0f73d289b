"""Files that were bought: the button that counts, and the link that it leads to."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from store.catalog.files.kinds import KINDS
from store.database import end_reading, writing
from store.errors import NotFoundError
from store.orders.downloads.giving import downloads_of
from store.orders.downloads.models import Download
from store.orders.downloads.standing import Standing
from store.orders.downloads.taking import DownloadEndedError, LinkOverError, link_behind, take
from store.orders.models import Order
from store.orders.queries import locked_order
from store.orders.views.blueprint import blueprint, opened
from store.orders.views.order import order_page
from store.web.doors import services
from store.web.file_answers import AnsweredFile, file_answer

links = Blueprint("downloads", __name__)
REFUSALS: Mapping[Standing, tuple[LazyString, int]] = {
    Standing.GIVEN_BACK: (
        _l("The money for this file went back to you, so it cannot be downloaded any more."),
        410,
    ),
    Standing.EXPIRED: (
        _l("The time to download this file is over. Answer any of our mails for more."),
        410,
    ),
    Standing.USED_UP: (
        _l("This file was downloaded as often as it may be. Answer any of our mails for more."),
        409,
    ),
    Standing.NOT_PAID: (_l("This file opens once the order is paid."), 409),
}
ENDED = _l("The money for this order went back, and its downloads ended with it.")
OVER = _l(
    "A download link is good for two hours. Open your order from the mail that we sent you and"
    " press the button again: a broken download costs you nothing but the press."
)


@blueprint.post("/orders/<number>/downloads/<int:download_id>")
def take_file(number: str, download_id: int) -> ResponseReturnValue:
    """Count the download and lead to its link; looking at the page or the mail counts nothing."""
    order_id = _found(opened(number), download_id).line.order_id
    seen = request.form.get("seen", "")
    try:
        with writing():
            order = locked_order(order_id)
            known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 6 else None
            path = take(order, _found(order, download_id), services(), seen=known)
    except DownloadEndedError as ended:
        words, status = REFUSALS[ended.standing]
        end_reading()
        return order_page(opened(number), alert=str(words)), status
    return redirect(path, 303)


@links.get("/downloads/<token>")
def file(token: str) -> ResponseReturnValue:
    try:
        download = link_behind(token, services()).download
    except LinkOverError:
        return _over(OVER)
    except DownloadEndedError as ended:
        words = ENDED if ended.standing is Standing.GIVEN_BACK else REFUSALS[ended.standing][0]
        return _over(words)
    newest = download.file
    shown = AnsweredFile(
        newest.name, KINDS[newest.kind].media_type, newest.size_bytes, newest.content_hash
    )
    # A large file over a slow line is hours: no transaction stays open meanwhile.
    end_reading()
    return file_answer(shown)


def _found(order: Order, download_id: int) -> Download:
    for download in downloads_of(order):
        if download.id == download_id:
            return download
    raise NotFoundError("no such file belongs to this order")


def _over(words: LazyString) -> ResponseReturnValue:
    page = render_template("orders/download_over.html", text=words)
    return page, 410, {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

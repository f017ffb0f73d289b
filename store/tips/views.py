"""The page where a reader tells the newsroom something; it keeps no trace of who she is."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RateLimitExceeded
from werkzeug.datastructures import FileStorage, MultiDict

from store.database import writing
from store.tips.files import LARGEST_FILE_BYTES, MEDIA_TYPES, TipFileRefusedError
from store.tips.forms import LONGEST_CONTACT, LONGEST_MESSAGE, TipForm
from store.tips.telling import tell
from store.web.doors import services

blueprint = Blueprint("tips", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    # Not no-store: a browser that goes back must still find what was typed.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/tips")
def tips() -> ResponseReturnValue:
    elsewhere = services().settings.tips_url
    if elsewhere:
        return redirect(elsewhere, code=302)
    return _page(TipForm(story=request.args.get("story", "")), is_told="told" in request.args)


@blueprint.post("/tips")
def take_tip() -> ResponseReturnValue:
    elsewhere = services().settings.tips_url
    if elsewhere:
        return redirect(elsewhere, code=303)
    form = TipForm(_given())
    if not form.validate():
        return _page(form), 422
    try:
        new = form.to_tip(services().settings.news_origins)
    except TipFileRefusedError:
        return _page(form, file_error=_refusal()), 422
    if not form.is_from_a_robot:
        with writing():
            tell(new, services())
    return redirect(url_for("tips.tips", told=1), code=303)


@blueprint.errorhandler(RateLimitExceeded)
def ask_for_patience(_error: RateLimitExceeded) -> ResponseReturnValue:
    """Give the reader back what she typed: a tip is written once."""
    words = _("That is more than the newsroom can take at once. Send this again in a minute.")
    return _page(TipForm(request.form), notice=words), 429


def _given() -> MultiDict[str, str | FileStorage]:
    """Return the words and the one file; a file in the place of words is nobody's tip."""
    given: MultiDict[str, str | FileStorage] = MultiDict(request.form)
    given.setlist("file", request.files.getlist("file"))
    return given


def _page(form: TipForm, *, is_told: bool = False, file_error: str = "", notice: str = "") -> str:
    return render_template(
        "tips/tips.html",
        form=form,
        is_told=is_told,
        notice_words=notice,
        file_error=file_error,
        file_is_gone=any(file.filename for file in request.files.values()),
        kinds=",".join(MEDIA_TYPES),
        largest_file=LARGEST_FILE_BYTES // 1024 // 1024,
        longest_message=LONGEST_MESSAGE,
        longest_contact=LONGEST_CONTACT,
    )


def _refusal() -> str:
    words: str = _(
        "We cannot take that file. Send a picture, a document, a recording or a text"
        " of up to %(size)s MB.",
        size=LARGEST_FILE_BYTES // 1024 // 1024,
    )
    return words

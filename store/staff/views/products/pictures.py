"""The pictures of one product."""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage, MultiDict

from store.catalog.models import Product
from store.database import end_reading, writing
from store.digits import whole_number
from store.media.decoding import MAX_BYTES
from store.media.images import PictureRefusedError, StoredPicture, store_picture
from store.staff import changes
from store.staff.audit import Actor, history
from store.staff.permissions import may, may_do, signed_in
from store.staff.product_pictures import MOST_PICTURES, Arrangement, add_pictures, arrange
from store.staff.product_values import thing_of
from store.staff.products import product_of
from store.staff.roles import Permission
from store.staff.saying import say
from store.staff.undoing import UNDOING
from store.web.doors import services

blueprint = Blueprint("pictures", __name__, url_prefix="/products")

MOST_FILES = 20
MOST_BYTES = 32 * 1024 * 1024
MOST_BOXES = 3_000
"""Boxes of variants on one page: pictures times variants."""


@blueprint.get("/<int:product_id>/pictures")
@may(Permission.SEE_PRODUCTS)
def index(product_id: int) -> str:
    return _page(product_of(product_id))


@blueprint.post("/<int:product_id>/pictures")
@may(Permission.EDIT_PRODUCTS)
def upload(product_id: int) -> ResponseReturnValue:
    """Take pictures in; a script sends them one by one and wants an answer in one line."""
    actor = Actor.of(signed_in())
    product_of(product_id)
    given = [file for file in request.files.getlist("pictures") if file.filename]
    # Decoding takes its time: nothing stays open meanwhile.
    end_reading()
    stored, refusals = _take(given)
    with writing():
        product = product_of(product_id)
        added = add_pictures(product, stored, actor=actor, services=services())
        if len(product.images) >= MOST_PICTURES and added < len(stored):
            refusals.append(_("A product has at most 250 pictures."))
    if "alone" in request.form:
        # A refusal is an answer here and no fault: the script shows it and goes on.
        return Response("\n".join(refusals), 200 if refusals else 201, mimetype="text/plain")
    if refusals or not given:
        words = refusals or [str(_("Choose at least one picture."))]
        return _page(product_of(product_id), words, added), 422
    say(ngettext("%(num)s picture added.", "%(num)s pictures added.", added))
    return redirect(url_for("pictures.index", product_id=product_id), 303)


@blueprint.post("/<int:product_id>/pictures/order")
@may(Permission.EDIT_PRODUCTS)
def put_in_order(product_id: int) -> ResponseReturnValue:
    actor = Actor.of(signed_in())
    with writing():
        product = product_of(product_id)
        arrange(product, _arrangement(request.form), actor=actor, services=services())
    say(_("Saved."))
    return redirect(url_for("pictures.index", product_id=product_id), 303)


def _take(given: Iterable[FileStorage]) -> tuple[list[StoredPicture], list[str]]:
    """Keep those files that are pictures; say of the others why not."""
    stored, refusals, left, bytes_left = [], [], 0, MOST_BYTES
    for place, file in enumerate(given):
        with file.stream as stream:
            content = stream.read(MAX_BYTES + 1) if place < MOST_FILES else b""
        if place >= MOST_FILES or len(content) > bytes_left:
            left += 1
            continue
        bytes_left -= len(content)
        try:
            stored.append(store_picture(content, services().media))
        except PictureRefusedError as error:
            refusals.append(_refusal(file.filename or "", error))
    if left:
        refusals.append(
            ngettext(
                "%(num)s file was more than we take at once (20 files, 32 MB). Send it again.",
                "%(num)s files were more than we take at once (20 files, 32 MB). Send them again.",
                left,
            )
        )
    return stored, refusals


def _refusal(name: str, error: PictureRefusedError) -> str:
    reason = str(error)
    words: str
    if "25 MB" in reason:
        words = _("%(name)s is larger than 25 MB.", name=name[:80])
    elif "50 million" in reason:
        words = _("%(name)s has more than 50 million pixels.", name=name[:80])
    else:
        words = _("%(name)s is no JPEG, PNG, WebP, AVIF or GIF.", name=name[:80])
    return words


def _arrangement(posted: MultiDict[str, str]) -> Arrangement:
    order = list(_numbers(posted.getlist("picture")))
    name, _colon, number = posted.get("act", "").partition(":")
    chosen = next(_numbers([number]), 0)
    if chosen in order:
        place = order.index(chosen)
        order.pop(place)
        if name in {"up", "down"}:
            order.insert(max(0, place - 1) if name == "up" else place + 1, chosen)
        elif name != "remove":
            order.insert(place, chosen)
    return Arrangement(
        order,
        {number: posted.get(f"alt-{number}", "") for number in order},
        {
            number: frozenset(_numbers(posted.getlist(f"shown-{number}")))
            for number in _numbers(posted.getlist("shows"))
        },
    )


def _numbers(given: Iterable[str]) -> Iterator[int]:
    return (number for text in given if (number := whole_number(text)) is not None)


def _page(product: Product, refusals: Iterable[str] = (), added: int = 0) -> str:
    boxes = len(product.images) * len(product.variants)
    entries = [e for e in history(thing_of(product), limit=30) if e.act.startswith("product.pict")]
    return render_template(
        "staff/products/pictures.html",
        product=product,
        refusals=refusals,
        added=added,
        shows_boxes=len(product.variants) > 1 and boxes <= MOST_BOXES,
        shown={image.id: {variant.id for variant in image.variants} for image in product.images},
        changes=changes.shown(entries[:10], UNDOING, may_undo=may_do(Permission.EDIT_PRODUCTS)),
        most_bytes=MAX_BYTES,
    )

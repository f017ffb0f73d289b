"""Serves pictures from the media store, wherever that is; their names never change their bytes."""

from flask import Blueprint, Response, request

from store.errors import NotFoundError
from store.media.renditions import make_on_demand
from store.media.storage import FOREVER, MediaNameError, content_type
from store.web.doors import services

blueprint = Blueprint("media", __name__)


@blueprint.get("/media/<path:name>")
def picture(name: str) -> Response:
    try:
        kind, content = content_type(name), _content(name)
    except MediaNameError as error:
        raise NotFoundError("no picture has such a name") from error
    if content is None:
        raise NotFoundError("no such picture")
    # In one piece: read piece by piece, a slow reader would hold a thread until her last byte.
    answer = Response(content, content_type=kind)
    answer.set_etag(_etag(name))
    answer.headers["Cache-Control"] = FOREVER
    if request.method == "GET":
        answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer


def _content(name: str) -> bytes | None:
    media = services().media
    found = media.get(name)
    return found if found is not None else make_on_demand(name, media)


def _etag(name: str) -> str:
    return name.rpartition("/")[2].replace(".", "-")

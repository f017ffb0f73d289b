"""The tag's script: floating under v1.js, and pinned for ever under its version and hash."""

from flask import Blueprint, Response

from store.errors import NotFoundError
from store.web.page_policy import cached_for
from store.widget.loader import kept_script, loader

blueprint = Blueprint("widget_script", __name__)

YEAR_SECONDS = 31_536_000


@blueprint.get("/widget/v1.js")
@cached_for(600, stale=86_400)
def floating() -> Response:
    return Response(loader().content, content_type="text/javascript; charset=utf-8")


@blueprint.get("/widget/<version>/<name>.js")
@cached_for(YEAR_SECONDS)
def pinned(version: str, name: str) -> Response:
    content = kept_script(version, name)
    if content is None:
        raise NotFoundError("no version ever shipped this script")
    response = Response(content, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable"
    return response

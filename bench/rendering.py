"""The way of a request that the page memory could not answer, without the memory in front."""

from collections.abc import Iterable
from functools import partial
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

from store.web.traces import FOLLOWED


def rendering_only(shop: Flask) -> WSGIApplication:
    """Return Flask's own layer with all hooks and what rooms remember; nothing keeps its pages."""
    # The edge wraps this callable on the instance; the class still has the bare one.
    bare = partial(Flask.wsgi_app, shop)
    inner: WSGIApplication = shop.extensions.get(FOLLOWED, bare)

    def render(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return inner(environ, start_response)

    return render

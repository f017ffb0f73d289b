"""The way of a request that the page memory could not answer, without the memory in front."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask


def rendering_only(shop: Flask) -> WSGIApplication:
    """Return Flask's own layer with all hooks and what rooms remember; nothing keeps its pages."""

    def render(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # The edge wraps this callable on the instance; the class still has the bare one.
        answer: Iterable[bytes] = Flask.wsgi_app(shop, environ, start_response)
        return answer

    return render

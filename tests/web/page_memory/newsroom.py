"""Views that count how often they are rendered, and do as a test tells them meanwhile."""

from collections.abc import Callable
from threading import Event

from flask import Blueprint, Response, abort, make_response, request

from store.web.page_policy import cached_for


class Newsroom:
    """Views that count how often they are rendered."""

    def __init__(self) -> None:
        self.rendered = 0
        self.waiting = Event()
        self.release = Event()
        self.release.set()
        self.is_broken = False
        self.is_gone = False
        self.is_asked_too_often = False
        self.while_rendering: Callable[[], None] = lambda: None
        self.room = Blueprint("newsroom", __name__)
        self.room.get("/front")(self.front)
        self.room.get("/search")(self.search)
        self.room.get("/slow")(self.slow)
        self.room.get("/gone")(self.gone)
        self.room.get("/greeting")(self.greeting)
        self.room.get("/closed")(self.closed)
        self.room.get("/mirror")(self.mirror)
        self.room.get("/cart")(self.cart)

    @cached_for(60, stale=30)
    def front(self) -> str:
        if self.is_broken:
            abort(503)
        return self._render() + " late edition" * 50

    @cached_for(60, parameters=("q", "page"))
    def search(self) -> str:
        return f"{self._render()} {request.args.to_dict(flat=False)}"

    @cached_for(60, stale=60)
    def slow(self) -> str:
        self.waiting.set()
        self.release.wait(5)
        self.waiting.clear()
        if self.is_gone:
            abort(404)
        if self.is_asked_too_often:
            abort(429)
        return self._render()

    @cached_for(60)
    def gone(self) -> str:
        self._render()
        abort(404)

    @cached_for(60)
    def greeting(self) -> Response:
        response = make_response(self._render())
        response.set_cookie("met", "yes")
        return response

    @cached_for(60)
    def closed(self) -> Response:
        response = make_response(self._render())
        response.headers["Cache-Control"] = "no-store"
        return response

    @cached_for(60)
    def mirror(self) -> str:
        return f"{request.url} {dict(request.cookies)} {request.headers.get('Accept-Language')}"

    def cart(self) -> str:
        return self._render()

    def _render(self) -> str:
        self.rendered += 1
        number = self.rendered
        self.while_rendering()
        return f"rendering {number}"

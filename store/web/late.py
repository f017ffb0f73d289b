"""An application that is made when somebody first asks for it: most processes never need it."""

from collections.abc import Callable, Iterable
from threading import Lock
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask


class LateApplication:
    """A WSGI callable; its maker runs once, however many ask at the same moment."""

    def __init__(self, make: Callable[[], Flask]) -> None:
        self._make = make
        self._made: Flask | None = None
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.app.wsgi_app(environ, start_response)

    @property
    def app(self) -> Flask:
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make()
        return self._made

    @property
    def is_made(self) -> bool:
        return self._made is not None

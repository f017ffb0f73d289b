"""Flask as the shop runs it: plain functions alone, and each address worked out once."""

from collections.abc import Callable
from typing import Any

from flask import Flask, has_request_context, request

from store.web.templating import SharedEnvironment

ADDRESSES_HELD = 4_096


class Application(Flask):
    """What every request asks again and again is known here."""

    jinja_environment = SharedEnvironment

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[tuple[object, ...], str] = {}

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return it as it is: no view and no hook of ours is a coroutine."""
        return func

    def url_for(self, /, endpoint: str, **given: Any) -> str:
        """Return an address; within a request those of plain words are worked out once."""
        # What is none is not said; flask.url_for says so of all that it could be told.
        given = {name: value for name, value in given.items() if value is not None}
        is_plain = all(type(value) is str and name[0] != "_" for name, value in given.items())
        if not (is_plain and endpoint[0] != "." and has_request_context()):
            return super().url_for(endpoint, **given)
        # A shop may stand below a path of another server's.
        key = (request.root_path, endpoint, *given.items())
        known = self._addresses.get(key)
        if known is None:
            known = super().url_for(endpoint, **given)
            if len(self._addresses) >= ADDRESSES_HELD:
                self._addresses = {}
            self._addresses[key] = known
        return known

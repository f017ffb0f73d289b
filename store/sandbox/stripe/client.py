"""How the real SDK talks to a sandbox in the same process, without a socket."""

from collections import UserDict
from collections.abc import Mapping
from typing import Any, ClassVar

import stripe
from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from store.sandbox.stripe.api import CONNECTION, IN_PROCESS


class SandboxHTTPClient(stripe.HTTPClient):
    """Give it to `stripe.StripeClient(http_client=…)`; it sends requests into the WSGI app."""

    name: ClassVar[str] = "sandbox"

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[str, int, Mapping[str, str]]:
        builder = EnvironBuilder.from_environ(
            EnvironBuilder(path=url, method=method.upper(), data=post_data).get_environ()
        )
        builder.headers.update(dict(headers or {}))
        environ = builder.get_environ() | {IN_PROCESS: True}
        chunks, status, answered = run_wsgi_app(self._app.wsgi_app, environ)
        body = b"".join(chunks).decode()
        _raise_if_lost(answered.get(CONNECTION))
        return body, int(status.split()[0]), AnswerHeaders(answered.items())

    def close(self) -> None:
        """Nothing is open: the app lives in this process."""


class AnswerHeaders(UserDict[str, str]):
    """Headers found whatever the case of their name, as the SDK expects them."""

    def __setitem__(self, name: str, value: str) -> None:
        super().__setitem__(name.lower(), value)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())


def _raise_if_lost(how: str | None) -> None:
    if how is None:
        return
    message = "Request timed out." if how == "timeout" else "Connection reset by peer."
    # The SDK leaves the constructor of its errors without types.
    raise stripe.APIConnectionError(message, should_retry=True)  # type: ignore[no-untyped-call]

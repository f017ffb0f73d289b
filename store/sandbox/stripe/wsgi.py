"""The sandbox as a server starts it: settings from STORE_SANDBOX_* variables, its thread running.

`granian --interface wsgi --factory store.sandbox.stripe.wsgi:create` with one worker: the state
lives in this process.
"""

import os
from pathlib import Path

from flask import Flask

from store.sandbox.stripe.app import create_sandbox, sandbox_of
from store.sandbox.stripe.settings import Listener, SandboxSettings


def create() -> Flask:
    app = create_sandbox(_read_settings())
    sandbox_of(app).start()
    return app


def _read_settings() -> SandboxSettings:
    usual = SandboxSettings()
    path = os.environ.get("STORE_SANDBOX_STATE_PATH")
    settle_after = os.environ.get("STORE_SANDBOX_SETTLE_AFTER_SECONDS")
    return SandboxSettings(
        origin=os.environ.get("STORE_SANDBOX_ORIGIN", usual.origin),
        api_key=os.environ.get("STORE_SANDBOX_API_KEY", usual.api_key),
        account_name=os.environ.get("STORE_SANDBOX_ACCOUNT_NAME", usual.account_name),
        state_path=Path(path) if path else None,
        listeners=_read_listeners(),
        settle_after_seconds=int(settle_after) if settle_after else usual.settle_after_seconds,
    )


def _read_listeners() -> tuple[Listener, ...]:
    url = os.environ.get("STORE_SANDBOX_WEBHOOK_URL")
    secret = os.environ.get("STORE_SANDBOX_WEBHOOK_SECRET")
    return (Listener(url, secret),) if url and secret else ()

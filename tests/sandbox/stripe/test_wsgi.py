import pytest

from store.sandbox.stripe import sandbox_of
from store.sandbox.stripe.wsgi import create


def test_the_server_starts_it_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("STORE_SANDBOX_ORIGIN", "http://localhost:6001")
    monkeypatch.setenv("STORE_SANDBOX_API_KEY", "sk_test_of_the_demo")
    monkeypatch.setenv("STORE_SANDBOX_STATE_PATH", f"{tmp_path}/sandbox.db")
    monkeypatch.setenv("STORE_SANDBOX_WEBHOOK_URL", "http://127.0.0.1:6000/webhooks/stripe")
    monkeypatch.setenv("STORE_SANDBOX_WEBHOOK_SECRET", "whsec_demo")

    sandbox = sandbox_of(create())

    assert sandbox.account.settings.origin == "http://localhost:6001"
    assert sandbox.account.settings.listeners[0].secret == "whsec_demo"
    sandbox.close()

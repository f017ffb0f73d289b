from pathlib import Path

import pytest
import stripe

from store.clock import FixedClock
from store.sandbox.stripe import SandboxHTTPClient, SandboxSettings, create_sandbox, sandbox_of
from store.sandbox.stripe.state import Shelf, State
from tests.sandbox.stripe.orders import open_session


def _start(path: Path, clock: FixedClock) -> tuple[stripe.StripeClient, object]:
    app = create_sandbox(SandboxSettings(state_path=path, clock=clock.now))
    client = stripe.StripeClient(
        "sk_test_sandbox", http_client=SandboxHTTPClient(app), max_network_retries=0
    )
    return client, sandbox_of(app)


def test_a_restarted_sandbox_still_knows_its_payments(tmp_path: Path, clock: FixedClock) -> None:
    settings = SandboxSettings(state_path=tmp_path / "sandbox.db", clock=clock.now)
    app = create_sandbox(settings)
    client = stripe.StripeClient("sk_test_sandbox", http_client=SandboxHTTPClient(app))
    session_id = open_session(client).id
    intent = sandbox_of(app).pay(session_id)["payment_intent"]
    sandbox_of(app).close()

    again = create_sandbox(settings)
    client = stripe.StripeClient("sk_test_sandbox", http_client=SandboxHTTPClient(again))

    assert client.v1.checkout.sessions.retrieve(session_id).payment_status == "paid"
    assert client.v1.refunds.create(params={"payment_intent": intent}).status == "succeeded"
    sandbox_of(again).close()


def test_changes_are_kept_all_or_none(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")

    with pytest.raises(RuntimeError, match="half-way"), state.changing():
        state.put(Shelf.COUPON, {"id": "one"})
        raise RuntimeError("half-way")

    assert state.get(Shelf.COUPON, "one") is None
    assert state.scan(Shelf.COUPON) == []
    state.close()


def test_an_inner_change_waits_for_the_outer_one() -> None:
    state = State()

    with pytest.raises(RuntimeError, match="after all"), state.changing():
        with state.changing():
            state.put(Shelf.COUPON, {"id": "one"})
        assert state.get(Shelf.COUPON, "one") == {"id": "one"}
        raise RuntimeError("after all")

    assert state.get(Shelf.COUPON, "one") is None


def test_nothing_changes_outside_a_change() -> None:
    with pytest.raises(RuntimeError, match="inside"):
        State().put(Shelf.COUPON, {"id": "one"})


def test_what_is_read_is_a_copy() -> None:
    state = State()
    with state.changing():
        state.put(Shelf.COUPON, {"id": "one", "metadata": {}})

    state.take(Shelf.COUPON, "one")["metadata"]["a"] = "b"

    assert state.take(Shelf.COUPON, "one")["metadata"] == {}


def test_a_removed_record_is_gone_from_the_file(tmp_path: Path) -> None:
    state = State(tmp_path / "state.db")
    with state.changing():
        state.put(Shelf.COUPON, {"id": "one"})
    with state.changing():
        state.remove(Shelf.COUPON, "one")
        assert state.scan(Shelf.COUPON) == []
    state.close()

    again = State(tmp_path / "state.db")

    assert again.get(Shelf.COUPON, "one") is None
    again.close()


def test_only_test_keys_are_taken() -> None:
    with pytest.raises(ValueError, match="test keys only"):
        SandboxSettings(api_key="sk_live_x")

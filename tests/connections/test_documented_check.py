"""The check of a signature that partners are given, run as it is printed."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from store.connections.signing import secret_of, signed_headers
from store.paths import ROOT
from tests.shop import Shop

BODY = '{"type":"ping","timestamp":"2026-11-26T04:30:00Z","data":{}}'
Check = Callable[[dict[str, str], bytes, str], bool]


@pytest.fixture
def check() -> Check:
    text = (ROOT / "docs" / "fulfilment.md").read_text(encoding="utf-8")
    printed = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert printed
    names: dict[str, Check] = {}
    exec(printed[1], names)
    return names["is_ours"]


def _now() -> datetime:
    return datetime.fromtimestamp(time.time(), tz=UTC)  # noqa: TID251 - so does the printed check


def test_the_printed_check_knows_our_messages(shop: Shop, check: Check) -> None:
    old, new = (secret_of(nonce, shop.services.settings) for nonce in ("old", "new"))
    headers = signed_headers("msg_1", BODY, _now(), [new, old])

    assert check(headers, BODY.encode(), new)
    assert check(headers, BODY.encode(), old)
    assert not check(headers, BODY.encode(), secret_of("another", shop.services.settings))
    assert not check(headers, BODY.replace("ping", "pong").encode(), new)
    assert not check(headers | {"webhook-id": "msg_2"}, BODY.encode(), new)


def test_the_printed_check_refuses_an_old_message(shop: Shop, check: Check) -> None:
    secret = secret_of("nonce", shop.services.settings)
    headers = signed_headers("msg_1", BODY, _now() - timedelta(minutes=6), [secret])

    assert not check(headers, BODY.encode(), secret)

"""Whatever a stranger looks at in the shop, nothing that is kept is another afterwards."""

from collections.abc import Iterator

import pytest
from flask import Flask

from store.database import writing
from tests.builders import a_collection, a_product
from tests.desk import bought
from tests.newsletter.test_scanners import everything_kept
from tests.shop import Shop

VALUES = ("1", "late-edition-tee", "shipping", "1-1-AAAA")
QUERY = {
    "q": "tee",
    "variant": "1",
    "session_id": "cs_test_x",
    "key": "x",
    "url": "http://localhost/products/late-edition-tee",
    "story": "https://news.example/pool",
    "to": "/cart",
}


@pytest.fixture
def filled(shop: Shop) -> Shop:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="late-edition-tee")
        variant_id = tee.variants[0].id
        a_collection(shop.clock, [tee], handle="late-edition-tee")
    bought(shop, variant_id)
    return shop


def readable(app: Flask, value: str) -> Iterator[str]:
    """Yield every address of the shop that can be looked at, with this for its arguments."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            try:
                built = rule.build(dict.fromkeys(rule.arguments, value), append_unknown=False)
            except ValueError:
                continue  # a number is wanted here
            if built:
                yield str(built[1])


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES)
def test_no_look_of_a_stranger_writes(filled: Shop, value: str) -> None:
    paths = list(readable(filled.app, value))
    with filled.app.app_context():
        before = everything_kept()

    statuses = {
        path: answer.status_code
        for path in paths
        for method in ("GET", "HEAD")
        # What is streamed is read to its end, or its connection would outlive the test.
        for answer in [
            filled.browser().open(path, method=method, query_string=QUERY, buffered=True)
        ]
    }

    with filled.app.app_context():
        assert everything_kept() == before
    assert len(paths) > 50
    assert not {path: status for path, status in statuses.items() if status >= 500}

"""Promises about addresses: those that are known are those that Flask would work out."""

import pytest
from flask import Flask, url_for
from werkzeug.routing import BuildError

GIVEN = [
    ("content.home", {}),
    ("catalog.product", {"handle": "late-edition"}),
    ("catalog.product", {"handle": "früh & spät"}),
    ("catalog.products", {"q": "tee", "page": 2}),
    ("catalog.product", {"handle": "late-edition", "_external": True}),
    ("catalog.product", {"handle": "late-edition", "_anchor": "buy"}),
    ("catalog.products", {"q": None, "sort": "price"}),
]


@pytest.mark.parametrize(("endpoint", "given"), GIVEN)
def test_address_is_the_one_that_flask_works_out(
    app: Flask, endpoint: str, given: dict[str, object]
) -> None:
    with app.test_request_context("/"):
        wanted = Flask.url_for(app, endpoint, **given)  # type: ignore[arg-type] # as it is asked

        assert [url_for(endpoint, **given) for _ in range(2)] == [wanted] * 2  # type: ignore[arg-type] # as above


def test_what_was_worked_out_is_known(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.test_request_context("/"):
        wanted = url_for("catalog.product", handle="late-edition")
        monkeypatch.setattr(Flask, "url_for", lambda *_, **__: "worked out anew")

        assert url_for("catalog.product", handle="late-edition") == wanted


def test_shop_below_a_path_of_another_server_links_below_it(app: Flask) -> None:
    with app.test_request_context("/"):
        url_for("catalog.products")
    with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": "/store"}):
        assert url_for("catalog.products") == "/store/products"


def test_address_that_nobody_has_is_refused_each_time(app: Flask) -> None:
    with app.test_request_context("/"):
        for _ in range(2):
            with pytest.raises(BuildError):
                url_for("catalog.product")

"""Promises about who has a session, and about the cookies of those who have none."""

from pathlib import Path

import pytest
from flask import Response, make_response, request, session
from flask.testing import FlaskClient

from store.settings import Settings
from store.web.cookies import CART, CART_COUNT, own_names
from store.web.doors import services
from tests.shop import some_settings
from tests.web.conftest import Kiosk, OpenKiosk, a_room


def sign_in() -> str:
    session["name"] = "Ada"
    return "signed in"


def look_around() -> str:
    return f"hello {session.get('name', 'stranger')}"


@pytest.fixture
def kiosk(open_kiosk: OpenKiosk) -> Kiosk:
    return open_kiosk(
        a_room(
            {
                "GET /": look_around,
                "GET /staff": look_around,
                "GET /staff/in": sign_in,
                "GET /staffroom": look_around,
                "GET /start": sign_in,
            }
        )
    )


@pytest.fixture
def reader(kiosk: Kiosk) -> FlaskClient:
    return kiosk.browser()


def test_staff_keep_their_session(reader: FlaskClient) -> None:
    reader.get("/staff/in")

    assert reader.get("/staff").text == "hello Ada"


def test_session_cookie_stays_below_staff(reader: FlaskClient) -> None:
    cookie = reader.get("/staff/in").headers["Set-Cookie"]

    assert "Path=/staff" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/", "/staffroom"])
def test_shop_knows_no_session_even_of_staff(reader: FlaskClient, path: str) -> None:
    cookie = reader.get("/staff/in").headers["Set-Cookie"].partition(";")[0]
    page = reader.application.test_client(use_cookies=False).get(path, headers={"Cookie": cookie})

    assert page.text == "hello stranger"
    assert "Cookie" not in page.headers.get("Vary", "")
    assert "Set-Cookie" not in page.headers


def test_shop_cannot_start_a_session(reader: FlaskClient) -> None:
    assert reader.get("/start").status_code == 500


@pytest.fixture
def https(tmp_path: Path) -> Settings:
    return some_settings(tmp_path, "sqlite://", public_url="https://shop.example")


def given(settings: Settings) -> str:
    response = Response()
    CART.give(response, "token", settings)
    return response.headers["Set-Cookie"]


def test_cart_cookie_is_bound_to_the_host_on_https(https: Settings) -> None:
    cookie = given(https)

    assert cookie.startswith("__Host-cart=token; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_count_cookie_may_be_read_by_scripts(https: Settings) -> None:
    response = Response()
    CART_COUNT.give(response, "2", https)

    assert response.headers["Set-Cookie"].startswith("cart_count=2; ")
    assert "HttpOnly" not in response.headers["Set-Cookie"]


def test_cookies_by_which_somebody_speaks_are_known(https: Settings) -> None:
    assert own_names(https) == {"__Host-cart", "cart_count", "__Host-article", "__Secure-staff"}


def test_cookie_is_read_back_and_taken_back(open_kiosk: OpenKiosk) -> None:
    def give() -> Response:
        response = make_response("given")
        CART.give(response, "token", services().settings)
        return response

    def take() -> Response:
        response = make_response(CART.read(request, services().settings))
        CART.take_back(response, services().settings)
        return response

    reader = open_kiosk(a_room({"POST /give": give, "POST /take": take})).browser()
    same_origin = {"Sec-Fetch-Site": "same-origin"}
    reader.post("/give", headers=same_origin)

    assert reader.post("/take", headers=same_origin).text == "token"
    assert reader.get_cookie("cart") is None

"""Words of a query language are words, in every parameter of every address, read or sent."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from store.catalog.models import Product
from store.database import db, writing
from store.staff.permissions import SECURITY
from tests.builders import a_collection, a_product
from tests.desk import bought
from tests.newsletter.test_scanners import everything_kept
from tests.shop import Shop
from tests.staff.addresses import address_of
from tests.staff.test_permissions import methods_of, rules
from tests.staffing import at_the_desk, token_of
from tests.web.test_strangers_leave_nothing import readable

PAYLOADS = (
    "1' OR '1'='1' -- ",
    "1; DROP TABLE product; --",
    "x' UNION SELECT password, 1 FROM staff_user --",
    "1) OR pg_sleep(9)::text IS NULL --",
    "%' AND 1=randomblob(100000000) --",
    "tee* NEAR(a b) AND title:x OR (",
    "²' \u02bc OR 1=1",
)
NAMES = (
    "q", "size", "colour", "price", "sort", "page", "exact", "in", "type", "stock", "variant",
    "handles", "url", "story", "to", "title", "section", "tags", "products", "quiet", "key",
    "session_id", "at", "after", "before", "view", "status", "state", "topic", "source", "days",
    "from", "next", "email", "code", "name", "id", "kind", "who", "act", "thing", "look",
)  # fmt: skip
FIELDS = (*NAMES, "variant_id", "quantity", "country", "region", "postcode", "note", "message")
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def filled(shop: Shop) -> Shop:
    with shop.app.app_context(), writing():
        tee = a_product(shop.clock, handle="late-edition-tee")
        variant_id = tee.variants[0].id
        a_collection(shop.clock, [tee], handle="late-edition-tee")
    bought(shop, variant_id)
    return shop


def stands(shop: Shop) -> bool:
    """Whether the product that there was is still there under its name."""
    with shop.app.app_context():
        wanted = Product.handle == "late-edition-tee"
        return db.session.scalar(select(Product.title).where(wanted)) == "Late Edition tee"


def failed(
    browser: FlaskClient, method: str, paths: list[str], payload: str, token: str = ""
) -> list[str]:
    """Send the payload in every parameter at once, and return what broke."""
    fields = dict.fromkeys(FIELDS, payload) | {"csrf_token": token}
    return [
        f"{answer.status_code} {method} {path}"
        for path in paths
        for answer in [
            browser.open(
                path,
                method=method,
                query_string=dict.fromkeys(NAMES, payload),
                data=fields if method == "POST" else None,
                headers=OWN_PAGE,
                buffered=True,
            )
        ]
        if answer.status_code >= 500
    ]


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_parameter_of_the_shop_is_read_as_a_query(filled: Shop, payload: str) -> None:
    paths = [*readable(filled.app, "late-edition-tee"), *readable(filled.app, "1")]
    with filled.app.app_context():
        before = everything_kept()

    broken = failed(filled.browser(), "GET", paths, payload)
    broken += failed(filled.browser(), "GET", [*readable(filled.app, payload)], payload)

    assert broken == []
    with filled.app.app_context():
        assert everything_kept() == before


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_form_of_the_shop_is_read_as_a_query(filled: Shop, payload: str) -> None:
    paths = [
        str(built[1])
        for rule in filled.app.url_map.iter_rules()
        if "POST" in (rule.methods or set())
        for built in [rule.build(dict.fromkeys(rule.arguments, 1), append_unknown=False)]
        if built
    ]

    broken = failed(filled.browser(), "POST", paths, payload)

    assert broken == []
    assert len(paths) > 20
    assert stands(filled)


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_no_parameter_of_the_desk_is_read_as_a_query(filled: Shop, payload: str) -> None:
    browser = at_the_desk(filled)
    paths = [address_of(rule, 1) for rule in rules(filled) if "GET" in methods_of(rule)]
    with filled.app.app_context():
        before = everything_kept()

    broken = failed(browser, "GET", paths, payload)

    assert broken == []
    with filled.app.app_context():
        assert everything_kept() == before


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS[:2], ids=range(2))
def test_no_form_of_the_desk_is_read_as_a_query(filled: Shop, payload: str) -> None:
    browser = at_the_desk(filled)
    token = token_of(browser, "/staff/account/")
    paths = [
        address_of(rule, 1)
        for rule in rules(filled)
        if "POST" in methods_of(rule)
        and not rule.endpoint.startswith(SECURITY)
        and "session_id" not in rule.arguments
    ]

    broken = failed(browser, "POST", paths, payload, token)

    assert broken == []
    assert len(paths) > 60
    assert stands(filled)

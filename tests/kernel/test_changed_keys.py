"""The key is changed: what was handed out and kept is known still, and what is new is new."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from pydantic import SecretStr

from store.app import STAFF
from store.catalog.previewing import NoSuchPreviewError, preview_token, previewed_product
from store.clock import FixedClock
from store.connections.models import Scope
from store.connections.signing import new_nonce, secret_of
from store.connections.tokens import Wanted, make_token, token_for
from store.database import db, writing
from store.errors import NotFoundError
from store.gift_cards.codes import hash_of
from store.newsletter.second_step.asking import SHORTEST, GivenAnswer, take_step
from store.newsletter.signing import read_link, sign
from store.newsletter.suppressing import is_suppressed, suppress_bounced
from store.orders.downloads.taking import link_behind
from store.orders.links import order_behind, order_path
from store.orders.own_data.asking import data_path, request_behind
from store.orders.own_data.models import DataRequest
from store.pricing.offers import reader_of
from store.services import Services
from store.settings import Settings, SettingsError
from store.staff.codes import make_recovery_codes, spend_recovery_code
from store.staff.links import LinkKind, NoSuchLinkError, link_for, opened
from store.web.doors import EXTENSION
from tests.buying import a_variant, fill_cart
from tests.desk import bought, the
from tests.selling_files import a_download_for_sale, press
from tests.selling_files import bought as bought_file
from tests.shop import Shop, open_shop, some_settings
from tests.staff.doing import SECOND_STEP, first_step, is_in, send
from tests.staffing import a_browser, a_colleague, a_member

NEW = "another secret key of a test, as long"
READER = "robin@example.org"


@dataclass(frozen=True, slots=True)
class Keys:
    """The settings of one shop: before its key was changed, while both count, and afterwards."""

    before: Settings
    both: Settings
    after: Settings


@pytest.fixture
def keys(shop: Shop) -> Keys:
    before = shop.services.settings
    changed = {"secret_key": SecretStr(NEW), "kept_key": before.secret_key}
    after = before.model_copy(update=changed)
    both = after.model_copy(update={"secret_key_previous": before.secret_key})
    return Keys(before, both, after)


@pytest.fixture
def doors(app: Flask, shop: Shop, keys: Keys) -> Iterator[dict[str, Services]]:
    """The shop's doors by the names of its keys; each test puts the pages behind one of them."""
    yield {
        name: replace(shop.services, settings=getattr(keys, name))
        for name in ("before", "both", "after")
    }
    shop.app.extensions[EXTENSION] = shop.services


def answers(shop: Shop, doors: dict[str, Services], path: str) -> dict[str, int]:
    """Return what a page answers under each of them."""
    found = {}
    for name, services in doors.items():
        shop.app.extensions[EXTENSION] = services
        found[name] = shop.browser().get(path).status_code
    return found


def test_link_of_an_order(app: Flask, shop: Shop, keys: Keys, doors: dict[str, Services]) -> None:
    order = the(bought(shop, a_variant(shop)))
    old, new = order_path(order, keys.before), order_path(order, keys.both)

    assert old != new == order_path(order, keys.after)
    assert answers(shop, doors, old) == {"before": 200, "both": 200, "after": 404}
    assert answers(shop, doors, new) == {"before": 404, "both": 200, "after": 200}
    with pytest.raises(NotFoundError):
        order_behind(order.number, "é", keys.both)


def test_link_of_a_download(app: Flask, shop: Shop, doors: dict[str, Services]) -> None:
    token = press(bought_file(shop, a_download_for_sale(shop))).location.rpartition("/")[2]

    assert link_behind(token, doors["both"]).download.used == 1
    with pytest.raises(NotFoundError):
        link_behind(token, doors["after"])


def test_link_to_ones_own_data(
    app: Flask, shop: Shop, keys: Keys, doors: dict[str, Services]
) -> None:
    with writing():
        wanted = DataRequest(email=READER, secret="x" * 32, at=shop.clock.now())
        db.session.add(wanted)
        db.session.flush()
        token = data_path(wanted, keys.before).rpartition("/")[2]

    assert request_behind(token, doors["both"]).email == READER
    with pytest.raises(NotFoundError):
        request_behind(token, doors["after"])


def test_link_to_a_preview(shop: Shop, keys: Keys) -> None:
    token = preview_token(7, keys.before, shop.clock)

    assert previewed_product(token, keys.both, shop.clock) == 7
    with pytest.raises(NoSuchPreviewError):
        previewed_product(token, keys.after, shop.clock)


@pytest.mark.parametrize("purpose", ["confirm", "leave", "preferences"])
def test_links_of_the_newsletter(shop: Shop, keys: Keys, purpose: str) -> None:
    link = read_link(sign(7, purpose, "secret of a row", keys.before, shop.clock))

    assert link.is_genuine(purpose, "secret of a row", keys.both)
    assert not link.is_genuine("another purpose", "secret of a row", keys.both)
    assert not link.is_genuine(purpose, "secret of a row", keys.after)


def test_question_before_a_busy_signup(app: Flask, shop: Shop, doors: dict[str, Services]) -> None:
    with writing():
        step = take_step(GivenAnswer(), "hash", "network", doors["before"])
    assert step is not None
    shop.clock.move_to(shop.clock.now() + SHORTEST + timedelta(seconds=1))

    with writing():
        given = GivenAnswer(step.token, str(step.question.right))

        assert take_step(given, "hash", "network", doors["both"]) is None


def test_link_of_staff(app: Flask, shop: Shop, keys: Keys) -> None:
    with writing():
        user = a_member(shop.clock)
        link = link_for(user, LinkKind.INVITATION, keys.before, shop.clock)
    token = link.rpartition("/")[2]

    assert opened(token, keys.both, shop.clock).user.id == user.id
    with pytest.raises(NoSuchLinkError):
        opened(token, keys.after, shop.clock)


def test_addresses_that_are_not_written_to(app: Flask, shop: Shop, keys: Keys) -> None:
    with writing():
        suppress_bounced(READER, keys.before, shop.clock)

    assert is_suppressed(READER, keys.both)
    assert is_suppressed(READER.upper(), keys.after)


def test_codes_of_gift_cards_and_uses_of_discounts(keys: Keys) -> None:
    for known in (keys.both, keys.after):
        assert hash_of("2345678923456789", known) == hash_of("2345678923456789", keys.before)
        assert reader_of(READER, known) == reader_of(READER, keys.before)


def test_tokens_of_partners(app: Flask, doors: dict[str, Services]) -> None:
    with writing():
        wanted = Wanted("Warehouse", frozenset({Scope.READ_ORDERS}), None)
        made, key = make_token(wanted, "Robin", doors["before"])

    found = [token_for(key, doors[name]) for name in ("both", "after")]

    assert [token.id for token in found if token] == [made.id, made.id]


def test_secrets_that_partners_were_told(keys: Keys) -> None:
    nonce = new_nonce()

    assert len({secret_of(nonce, known) for known in (keys.before, keys.both, keys.after)}) == 1


def test_recovery_codes(app: Flask, shop: Shop, keys: Keys) -> None:
    with writing():
        user = a_member(shop.clock)
        codes = make_recovery_codes(user, keys.before)

        assert spend_recovery_code(user.id, codes[0], keys.both)
        assert not spend_recovery_code(user.id, codes[0], keys.both)
        assert spend_recovery_code(user.id, codes[1], keys.after)


@pytest.mark.slow
def test_carts_cookies_passwords_and_apps(
    tmp_path: Path, database_url: str, clock: FixedClock
) -> None:
    """All of a browser: what it holds, and what its owner signs in with, after the restart."""
    old = open_shop(some_settings(tmp_path, database_url), clock)
    who, reader = a_colleague(old, has_app=True), old.browser()
    desk = a_browser(old)
    first_step(desk, who.email)
    send(desk, SECOND_STEP, code=who.app.code())
    fill_cart(reader, a_variant(old, title="Late Edition tee"))
    key = old.services.settings.secret_key.get_secret_value()
    changed = {"secret_key": NEW, "secret_key_previous": key, "kept_key": key}

    new = open_shop(some_settings(tmp_path, database_url, **changed), clock)
    for browser in (desk, reader):
        browser.application = new.app
    clock.move_to(clock.now() + timedelta(minutes=2))
    again = a_browser(new)
    new.app.extensions[STAFF].app.extensions["security"].pwd_context.update(
        argon2__memory_cost=8, argon2__time_cost=1
    )
    first_step(again, who.email)
    send(again, SECOND_STEP, code=who.app.code())

    assert is_in(desk)
    assert is_in(again)
    assert "Late Edition tee" in reader.get("/cart").text
    for shop in (old, new):
        with shop.app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_a_former_key_wants_the_key_of_what_is_kept(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="STORE_KEPT_KEY"):
        some_settings(tmp_path, "", secret_key_previous="a former key of a test, long enough")


@pytest.mark.parametrize("name", ["secret_key_previous", "kept_key"])
def test_a_short_key_is_refused_and_not_repeated(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        some_settings(tmp_path, "", **{"kept_key": "k" * 40, name: "hunter2"})

    assert f"STORE_{name.upper()}" in str(caught.value)
    assert "hunter2" not in str(caught.value)

"""Promises about `store staff`."""

import re

import pytest
from click.testing import Result

from store.cli.staff import staff as command
from store.database import db
from store.staff.people import person_with
from tests.shop import Shop
from tests.staff.doing import first_step, is_in, send, sign_in
from tests.staffing import a_browser, a_colleague

PASSWORD = "a good long password"


def run(shop: Shop, *words: str, typed: str = "") -> Result:
    return shop.app.test_cli_runner().invoke(command, words, input=typed)


def test_the_first_owner_comes_in_by_a_password_that_is_typed_twice(shop: Shop) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"

    result = run(shop, "create", "sam@example.org", "--name", "Sam", typed=typed)

    browser = a_browser(shop)
    first_step(browser, "sam@example.org", PASSWORD)
    assert result.exit_code == 0, result.output
    assert "as owner" in result.output
    assert "Next: sign in at http://localhost/staff/" in result.output
    assert is_in(browser)


def test_a_script_gives_the_password_on_standard_input(shop: Shop) -> None:
    words = ("create", "kim@example.org", "--name", "Kim", "--role", "fulfilment")

    result = run(shop, *words, "--password-stdin", typed=f"{PASSWORD}\n")

    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    assert first_step(a_browser(shop), "kim@example.org", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("email", "name", "password", "words"),
    [
        ("sam@example.org", "Sam", "short", "at least 12 characters"),
        ("sam", "Sam", PASSWORD, "not an e-mail address"),
        ("sam@example.org", "  ", PASSWORD, "needs a name"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_comes_in(
    shop: Shop, email: str, name: str, password: str, words: str
) -> None:
    result = run(shop, "create", email, "--name", name, "--password-stdin", typed=password)

    assert result.exit_code == 1
    assert words in result.output
    with shop.app.app_context():
        assert person_with(email) is None


def test_nobody_comes_in_twice(shop: Shop) -> None:
    who = a_colleague(shop)

    result = run(shop, "create", who.email, "--name", "Sam", "--password-stdin", typed=PASSWORD)

    assert result.exit_code == 1
    assert "works here already" in result.output


def test_whoever_lost_everything_begins_again_by_a_link(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    lost = sign_in(shop, who)

    result = run(shop, "reset", who.email)
    found = re.search(r"http://localhost(/staff/password/\S+)", result.output)
    assert found
    browser = a_browser(shop)
    send(browser, found[1], password=PASSWORD, again=PASSWORD)
    first_step(browser, who.email, PASSWORD)

    assert not is_in(lost)
    assert is_in(browser)
    assert browser.get(found[1]).status_code == 410


def test_a_reset_of_nobody_says_so(shop: Shop) -> None:
    result = run(shop, "reset", "nobody@example.org")

    assert result.exit_code == 1
    assert "nobody here has the address" in result.output


def test_whoever_was_let_go_is_not_let_in_by_a_reset(shop: Shop) -> None:
    who = a_colleague(shop)
    with shop.app.app_context():
        from store.database import writing

        with writing():
            found = person_with(who.email)
            assert found
            found.active = False
        db.session.rollback()

    result = run(shop, "reset", who.email)

    assert result.exit_code == 1
    assert "let go" in result.output


@pytest.mark.parametrize(
    ("password", "words"),
    [("password1234", "taken from other sites"), ("KimBerley2026!", "of your name or address")],
)
def test_a_password_that_is_guessed_first_is_refused_with_words(
    shop: Shop, password: str, words: str
) -> None:
    told = ("create", "kim@example.org", "--name", "Kim Berley", "--password-stdin")

    result = run(shop, *told, typed=f"{password}\n")

    assert result.exit_code == 1
    assert words in result.output
    assert password not in result.output


def test_a_terminal_asks_until_a_password_is_good(shop: Shop) -> None:
    refused, good = "password1234", PASSWORD
    typed = "".join(f"{word}\n" for word in (refused, refused, good, good))

    result = run(shop, "create", "sam@example.org", "--name", "Sam", typed=typed)

    assert result.exit_code == 0, result.output
    assert first_step(a_browser(shop), "sam@example.org", good).status_code == 302

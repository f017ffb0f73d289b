"""How often anybody may try at the door: exactly so often, and nobody learns who works here."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from store.app import job_sweeps
from store.database import db
from store.staff.door_models import Purpose, SignInAttempt
from store.staff.limits import TooManyTriesError, Try, note_try
from tests.shop import Shop
from tests.staff.doing import SECOND_STEP, first_step, is_in, later, mails, run_jobs, send, sign_in
from tests.staffing import PASSWORD, a_browser, a_colleague, at_the_desk, token_of

NETWORK = "203.0.113.7"


def tries(shop: Shop) -> int:
    with shop.app.app_context():
        return db.session.scalar(select(func.count()).select_from(SignInAttempt)) or 0


def from_network(shop: Shop, address: str, email: str, password: str = "wrong") -> int:
    browser = a_browser(shop)
    browser.environ_base["REMOTE_ADDR"] = address
    return first_step(browser, email, password).status_code


@pytest.mark.parametrize("is_known", [True, False])
def test_ten_wrong_passwords_close_an_address_for_a_while(shop: Shop, *, is_known: bool) -> None:
    email = a_colleague(shop).email if is_known else "nobody@example.org"
    for _ in range(10):
        assert first_step(a_browser(shop), email, "wrong").status_code == 422
        later(shop, minutes=1)

    answer = first_step(a_browser(shop), email)

    assert answer.status_code == 429
    assert "for 5 minutes" in answer.text
    assert answer.headers["Retry-After"] == "300"


@pytest.mark.parametrize("written", ["sam@EXAMPLE.org", "sam@\uff45xample.org", " sam@example.org"])
def test_an_address_is_counted_once_however_it_is_written(shop: Shop, written: str) -> None:
    for _ in range(10):
        first_step(a_browser(shop), "sam@example.org", "wrong")

    assert first_step(a_browser(shop), written, "wrong").status_code == 429


def test_strangers_keep_nobody_inside_from_proving_who_she_is(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)
    browser = sign_in(shop, who)
    for _ in range(11):
        first_step(a_browser(shop), who.email, "wrong")
    later(shop, minutes=1)

    answer = send(browser, "/staff/verify", code=who.app.code())

    assert answer.status_code == 303


def test_the_wait_ends_and_the_right_password_opens_again(shop: Shop) -> None:
    who = a_colleague(shop)
    for _ in range(11):
        first_step(a_browser(shop), who.email, "wrong")
    later(shop, minutes=15)
    browser = a_browser(shop)

    first_step(browser, who.email)

    assert is_in(browser)


def test_the_answer_is_the_same_whether_or_not_anybody_has_the_address(shop: Shop) -> None:
    def answer_to(email: str) -> str:
        for _ in range(10):
            first_step(a_browser(shop), email, "wrong")
        answer = first_step(a_browser(shop), email, PASSWORD)
        return re.sub(r"[0-9a-f]{8}-\w+", "", f"{answer.status_code} {answer.text}")

    assert answer_to(a_colleague(shop).email) == answer_to("nobody@example.org")


def test_one_network_tries_thirty_times_whatever_the_addresses(shop: Shop) -> None:
    answers = [
        from_network(shop, f"203.0.113.{number}", f"guess-{number}@example.org")
        for number in range(31)
    ]

    assert answers == [422] * 30 + [429]
    assert from_network(shop, "198.51.100.7", "guess-0@example.org") == 422


def test_what_succeeds_counts_for_nothing(shop: Shop) -> None:
    who = a_colleague(shop, has_app=True)

    for _ in range(12):
        later(shop, minutes=1)
        assert is_in(sign_in(shop, who))

    assert tries(shop) == 0


def test_wrong_codes_count_like_wrong_passwords(shop: Shop) -> None:
    who, browser = a_colleague(shop, has_app=True), a_browser(shop)
    first_step(browser, who.email)

    answers = [send(browser, SECOND_STEP, code="000000").status_code for _ in range(10)]
    token = token_of(browser, SECOND_STEP)
    last = browser.post(SECOND_STEP, data={"code": who.app.code(), "csrf_token": token})

    assert answers == [422] * 10
    assert last.status_code == 429
    assert not is_in(browser)


def test_wrong_codes_before_a_dangerous_act_count_too(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop, has_app=True))

    answers = [send(browser, "/staff/verify", code="000000").status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_guesses_at_the_old_password_count_too(shop: Shop) -> None:
    browser = sign_in(shop, a_colleague(shop))
    form = {"old_password": "wrong", "password": PASSWORD, "again": PASSWORD}

    answers = [send(browser, "/staff/account/password", **form).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_links_by_mail_are_counted_for_every_address(shop: Shop) -> None:
    def ask(email: str) -> list[int]:
        return [send(a_browser(shop), "/staff/password", email=email).status_code for _ in range(4)]

    answers = ask(a_colleague(shop).email), ask("nobody@example.org")
    run_jobs(shop)

    assert answers == ([303, 303, 303, 429], [303, 303, 303, 429])
    assert len(mails(shop)) == 3


def test_one_address_is_invited_a_few_times_an_hour(shop: Shop) -> None:
    owner = at_the_desk(shop)
    form = {"name": "Robin", "email": "robin@example.org", "role": "editor"}

    answers = [
        send(owner, "/staff/people/", "/staff/people/new", **form).status_code for _ in range(4)
    ]

    assert answers == [303, 422, 422, 429]


def test_a_refused_guess_writes_nothing_and_waits_for_nobody(shop: Shop) -> None:
    """Nobody holds the one turn to write by posting passwords."""
    for _ in range(10):
        first_step(a_browser(shop), "nobody@example.org", "wrong")
    browser = a_browser(shop)
    token = token_of(browser, "/staff/sign-in")
    form = {"email": "nobody@example.org", "password": "wrong", "csrf_token": token}

    with shop.app.app_context():
        from store.database import writing

        with writing():
            status = browser.post("/staff/sign-in", data=form).status_code

    assert status == 429
    assert tries(shop) == 10


@pytest.mark.slow
def test_of_many_at_the_same_moment_exactly_as_many_are_let_through(shop: Shop) -> None:
    guess = Try.of(Purpose.GUESS, "sam@example.org", "", shop.services.settings)

    def is_let_through(_number: int) -> bool:
        with shop.app.app_context():
            try:
                note_try(guess, shop.clock)
            except TooManyTriesError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(is_let_through, range(40)))

    assert sum(let_through) == 10
    assert tries(shop) == 10


@pytest.mark.slow
def test_a_network_is_counted_exactly_over_many_addresses(shop: Shop) -> None:
    settings = shop.services.settings

    def is_let_through(number: int) -> bool:
        guess = Try.of(Purpose.GUESS, f"{number}@example.org", "a network", settings)
        with shop.app.app_context():
            try:
                note_try(guess, shop.clock)
            except TooManyTriesError:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(is_let_through, range(60)))

    assert sum(let_through) == 30


def test_tries_are_forgotten_after_two_days(shop: Shop) -> None:
    first_step(a_browser(shop), "nobody@example.org", "wrong")
    later(shop, days=2, minutes=1)

    with shop.app.app_context():
        for sweep in job_sweeps(shop.services):
            if sweep.name == "staff.tries":
                sweep.run()

    assert tries(shop) == 0


def test_the_address_itself_is_not_kept(shop: Shop) -> None:
    first_step(a_browser(shop), "nobody@example.org", "wrong")

    with shop.app.app_context():
        row = db.session.scalars(select(SignInAttempt)).one()
        assert re.fullmatch(r"[0-9a-f]{64}", row.email_hash)

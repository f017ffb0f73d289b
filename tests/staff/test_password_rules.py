"""Nobody chooses a password that is guessed first: known from leaks, or made of our own words."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.staff.password_rules import SHORTEST, Fault, fault_in
from tests.shop import Shop
from tests.staff.doing import first_step, link_in, mails, run_jobs, send, sign_in
from tests.staffing import PASSWORD, a_browser, a_colleague, at_the_desk

CHANGE = "/staff/account/password"
GOOD = "lantern gravel oboe thursday"


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1234!",
        "qwertyuiop12",
        "iloveyou1234",
        "letmeinletmein",
        "administrator",
        "Administrator!!",
        "1q2w3e4r5t6y",
        "correcthorsebatterystaple",
        "ichliebedich",
        "manchesterunited2027",
    ],
)
def test_what_was_taken_elsewhere_is_refused_or_nearly_that(password: str) -> None:
    assert fault_in(password, ()) is Fault.LEAKED


@pytest.mark.parametrize("password", ["a" * 64, "121212121212", "xyxyxyxyxyxyxyxy"])
def test_a_few_signs_again_and_again_are_refused(password: str) -> None:
    assert fault_in(password, ()) in {Fault.REPEATED, Fault.LEAKED}


@pytest.mark.parametrize(
    "password",
    ["Summer2026!!", "welcome-staff-2027", "Newsroom#2026#", "Store Login 99", "Merch*October*31"],
)
def test_what_anybody_tries_at_a_shop_is_refused(password: str) -> None:
    assert fault_in(password, ()) is Fault.EXPECTED


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "staff lunch under the jacaranda",
        "Summer is when the jacaranda sheds",
        "q8;Zv-Pw1$0xK",
        "March 29.48!37=61",
        "Zeitungsjunge trinkt Kakao",
        "猫が新聞を読んでいる午後のカフェ",
        "🦘 hops over 🌉 twice",
        "x9" + "lantern gravel oboe " * 20,
    ],
)
def test_what_nobody_guesses_is_taken_whatever_it_is_made_of(password: str) -> None:
    assert fault_in(password, ("newsroom", "gaynation")) is None


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_is_judged_and_length_comes_first(password: str, words: list[str]) -> None:
    assert (fault_in(password, words) is Fault.TOO_SHORT) == (len(password) < SHORTEST)


@pytest.mark.parametrize(
    "typed",
    [
        "GayNation2026!",
        "gay-nation-1234",
        "{name}-{name}-2026",
        "{address}",
        "{local}#{local}#",
        "Sydney2026!!",
    ],
)
def test_words_of_the_shop_and_of_oneself_make_no_password(shop: Shop, typed: str) -> None:
    who = a_colleague(shop)
    local = who.email.partition("@")[0]
    typed = typed.format(name="Staff", address=who.email, local=local)

    answer = send(sign_in(shop, who), CHANGE, old_password=PASSWORD, password=typed, again=typed)

    assert answer.status_code == 422
    assert "of this shop, of your name or address" in unescape(answer.text)


def test_a_leaked_password_is_refused_with_words_that_help(shop: Shop) -> None:
    who, typed = a_colleague(shop), "password1234"
    browser = sign_in(shop, who)

    answer = send(browser, CHANGE, old_password=PASSWORD, password=typed, again=typed)

    assert answer.status_code == 422
    assert "taken from other sites" in unescape(answer.text)
    assert "Four or five words" in answer.text
    assert typed not in answer.text


def test_a_link_stays_good_until_a_password_is_taken(shop: Shop) -> None:
    who = a_colleague(shop)
    send(a_browser(shop), "/staff/password", email=who.email)
    run_jobs(shop)
    link = link_in(mails(shop, "staff.new_password")[-1])

    refused = [
        send(a_browser(shop), link, password=typed, again=typed).status_code
        for typed in ("iloveyou1234", "Summer2026!!")
    ]
    taken = send(a_browser(shop), link, password=GOOD, again=GOOD)

    assert (refused, taken.status_code) == ([422, 422], 303)
    assert first_step(a_browser(shop), who.email, GOOD).status_code == 302


def test_whoever_is_invited_is_held_to_it_by_her_own_name(shop: Shop) -> None:
    robin = {"name": "Robin Proofreader", "email": "robin@example.org", "role": "editor"}
    send(at_the_desk(shop), "/staff/people/", "/staff/people/new", **robin)
    link, typed = link_in(mails(shop, "staff.invitation")[-1]), "RobinProofreader1"

    answer = send(a_browser(shop), link, password=typed, again=typed)

    assert answer.status_code == 422
    assert "of your name or address" in unescape(answer.text)


def test_what_was_good_before_still_opens(shop: Shop) -> None:
    """A rule about choosing is none about signing in: nobody is shut out by it."""
    assert first_step(a_browser(shop), a_colleague(shop).email).status_code == 302

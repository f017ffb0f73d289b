"""A busy hour: many sign up at once, and people answer what they are asked then."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from store.newsletter.limits import MOST_OF_ONE_NETWORK, WARM
from store.newsletter.second_step.asking import SHORTEST
from store.newsletter.second_step.questions import ASKED, WORDS
from tests.newsletter.signing_up import FAR_AWAY, SAME_SITE
from tests.pages import Page
from tests.shop import Shop

COOL = MOST_OF_ONE_NETWORK // WARM
"""So many of one network sign up before anybody is asked more."""


def from_afar(shop: Shop, email: str, accept: str = "text/html", **fields: str) -> TestResponse:
    """Sign up from the network that is busy."""
    return shop.browser().post(
        "/newsletter",
        data={"email": email, **fields},
        headers={**SAME_SITE, "Accept": accept},
        environ_overrides=FAR_AWAY,
    )


def heat(shop: Shop, number: int = COOL) -> None:
    for one in range(number):
        assert from_afar(shop, f"warm{one}@gmail.com").status_code == 303


def step_fields(answer: TestResponse) -> dict[str, str]:
    """Return everything that the page would send again, but for the answer."""
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', _form(answer))
    return {unescape(name): unescape(value) for name, value in hidden}


def options(answer: TestResponse) -> dict[str, str]:
    """Return what may be chosen: the words, and what choosing them sends."""
    labels = re.findall(r'for="answer_(\d)">([^<]+)<', _form(answer))
    return {unescape(words): value for value, words in labels}


def _form(answer: TestResponse) -> str:
    """Return the form of the question alone; the foot of the page has one of its own."""
    return answer.text.partition("<main")[2].partition("</form>")[0]


def right_answer(answer: TestResponse) -> str:
    """Answer as a person does who knows what a cat is."""
    asked = next(words for tag, words in Page(answer).words if tag == "legend")
    kind = next(kind for kind, words in ASKED.items() if str(words) == asked)
    fitting = {str(word) for word in WORDS[kind]}
    return next(value for words, value in options(answer).items() if words in fitting)


def wrong_answer(answer: TestResponse) -> str:
    right = right_answer(answer)
    return next(value for value in options(answer).values() if value != right)


def read_it(shop: Shop) -> None:
    """Take as long as reading the question takes."""
    shop.clock.move_to(shop.clock.now() + SHORTEST + timedelta(milliseconds=10))


def send(
    reader: FlaskClient, fields: Mapping[str, str], answer: str, path: str = "/newsletter"
) -> TestResponse:
    return reader.post(
        path,
        data={**fields, "answer": answer},
        headers=SAME_SITE,
        environ_overrides=FAR_AWAY,
    )


def sign_up_patiently(shop: Shop, email: str) -> TestResponse:
    """Sign up from afar, and answer what is asked."""
    answer = from_afar(shop, email)
    if answer.status_code != 422:
        return answer
    read_it(shop)
    return send(shop.browser(), step_fields(answer), right_answer(answer))

"""Forms of campaigns as browsers send them."""

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from store.database import db
from store.newsletter.campaigns.models import Campaign
from tests.shop import Shop
from tests.staffing import token_of

LIST = "/staff/newsletter/"
WORDS = {
    "title": "Spring drop",
    "topic": "drops",
    "subject": "Something new this week",
    "preview": "Two things and a thought",
    "body": "# Hello\n\nSomething **new** is [here](/products).",
    "slug": "",
    "per_minute": "600",
    "find": "",
    "find_bought": "",
    "test_to": "",
}


def begun(browser: FlaskClient) -> str:
    """Begin a campaign; return where its form stands."""
    answer = browser.post(LIST, data={"csrf_token": token_of(browser, LIST)})
    assert answer.status_code == 303
    return answer.location


def opened(browser: FlaskClient, page: str) -> dict[str, str]:
    """Return what a form carries that nobody types."""
    text = browser.get(page).text
    mark = text.split('name="opened" value="')[1].split('"')[0]
    return {"csrf_token": token_of(browser, page), "opened": mark}


def sent(browser: FlaskClient, page: str, to: str = "", /, **changed: object) -> TestResponse:
    """Send the form with these words changed."""
    form: dict[str, object] = {**WORDS, **opened(browser, page), **changed}
    return browser.post(page + to, data=form)


def written(browser: FlaskClient, **changed: object) -> str:
    """Begin a campaign and save these words; return its page."""
    page = begun(browser)
    assert sent(browser, page, **changed).status_code == 303
    return page


def the_campaign(shop: Shop) -> Campaign:
    with shop.app.app_context():
        return db.session.scalars(select(Campaign)).one()

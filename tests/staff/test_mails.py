"""Whoever works here says which mails of the house she wants, and gets those and no others."""

from flask.testing import FlaskClient

from store.database import writing
from store.mail.recipients import want
from store.orders.messages import NEW
from store.staff.audit import Actor
from store.staff.people import colleagues, give_role, let_go
from store.staff.roles import Role
from tests.buying import a_variant, buy, mails, thanks
from tests.shop import Shop
from tests.staffing import at_the_desk, token_of

PATH = "/staff/account/mails"


def tick(browser: FlaskClient, *boxes: str) -> int:
    form = {"csrf_token": token_of(browser, PATH), **dict.fromkeys(boxes, "1")}
    return browser.post(PATH, data=form).status_code


def an_order(shop: Shop) -> None:
    reader = shop.browser()
    thanks(reader, buy(shop, reader, a_variant(shop)))


def told(shop: Shop) -> list[str]:
    """Buy something; return who of the house was told of it."""
    an_order(shop)
    with shop.app.app_context():
        return [mail.recipient for mail in mails(NEW)]


def test_the_newsroom_is_told_while_nobody_wants_to_be(shop: Shop) -> None:
    assert told(shop) == ["tips@example.org"]


def test_those_who_want_it_are_told_of_a_new_order_and_nobody_else(shop: Shop) -> None:
    packer, owner = at_the_desk(shop, role=Role.FULFILMENT), at_the_desk(shop)
    with shop.app.app_context():
        first, second = (person.email for person in colleagues())

    assert tick(packer, "new") == tick(owner, "new", "attention") == 303

    assert told(shop) == sorted([first, second])


def test_a_box_that_is_not_ticked_any_more_ends_the_mails(shop: Shop) -> None:
    owner = at_the_desk(shop)
    tick(owner, "new")
    tick(owner)

    assert told(shop) == ["tips@example.org"]


def test_the_page_shows_what_was_ticked(shop: Shop) -> None:
    owner = at_the_desk(shop)
    tick(owner, "attention")

    page = " ".join(owner.get(PATH).text.split())

    assert page.count(" checked") == 1
    assert 'name="attention" value="1" checked' in page


def test_somebody_who_may_not_see_orders_is_sent_none(shop: Shop) -> None:
    editor = at_the_desk(shop, role=Role.EDITOR)
    token = token_of(editor, "/staff/account/")

    answer = editor.post(PATH, data={"csrf_token": token, "new": "1"})

    assert answer.status_code == 403
    assert told(shop) == ["tips@example.org"]


def test_leaving_and_another_role_end_the_mails(shop: Shop) -> None:
    at_the_desk(shop)
    at_the_desk(shop, role=Role.FULFILMENT)
    at_the_desk(shop, role=Role.ANALYST)
    actor = Actor(None, "a test")
    with shop.app.app_context(), writing():
        packer, analyst = (p for p in colleagues() if p.role != Role.OWNER)
        for person in (packer, analyst):
            want(person.email, {NEW}, {NEW})
        let_go(packer, actor=actor, clock=shop.clock)
        give_role(analyst, Role.EDITOR, actor=actor, clock=shop.clock)

    assert told(shop) == ["tips@example.org"]

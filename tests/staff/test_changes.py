"""What staff changed is seen by those who may see it, and taken back by those who may edit."""

import pytest
from flask import Flask

from store.staff.roles import Role
from tests.buying import a_variant
from tests.desk import ELSEWHERE, Desk, as_read, bought, the
from tests.shop import Shop
from tests.staff.product_forms import opened, sent
from tests.staff.tees import a_tee, page_of
from tests.staffing import at_the_desk

CHANGES = "/staff/changes/"
PRIVATE = ("7 Proof Place", "12 Galley Street", "Called her", "Her mother is ill", "+61 400")


@pytest.fixture
def looked_after(app: Flask, shop: Shop) -> Shop:
    """A shop in which staff wrote about a reader, moved her parcel and gave her money back."""
    number, desk = bought(shop, a_variant(shop, stock=9)), Desk(shop)
    desk.post(f"{number}/notes", text="Called her")
    desk.post(f"{number}/address", **{**ELSEWHERE, "phone": "+61 400 000 000"})
    refund = {"how": "amount", "amount": "5", "reason": "Her mother is ill", "seen": 0}
    desk.post(f"{number}/refunds", **refund)
    assert len(the(number).refunds) == 1
    return shop


def test_an_analyst_learns_that_readers_were_looked_after_and_not_who_they_are(
    looked_after: Shop,
) -> None:
    page = as_read(at_the_desk(looked_after, role=Role.ANALYST).get(CHANGES))

    for act in ("Wrote a note", "Changed where an order goes", "Gave money back"):
        assert act in page
    assert [words for words in PRIVATE if words in page] == []
    assert "not shown to you" in page
    assert "Amount $5.00" in page


def test_whoever_packs_reads_it_all(looked_after: Shop) -> None:
    page = as_read(at_the_desk(looked_after, role=Role.MANAGER).get(CHANGES))

    assert [words for words in PRIVATE if words not in page] == []


def test_only_what_somebody_may_edit_has_a_button(shop: Shop) -> None:
    page, browser = page_of(a_tee(shop)), at_the_desk(shop)
    sent(browser, page, opened(browser, page), title="Later tee")

    assert "/undo" in browser.get(CHANGES).text
    seen = at_the_desk(shop, role=Role.ANALYST).get(CHANGES).text
    assert "Later tee" in seen
    assert "/undo" not in seen

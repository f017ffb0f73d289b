"""What a reader does while staff wait: chooses, pays, and keeps the page of the order."""

import re

from playwright.sync_api import expect

from tests.browser.hands import Hands

CARD = {
    "Email": "robin@example.org",
    "Card number": "4242 4242 4242 4242",
    "Expiry": "12 / 34",
    "CVC": "123",
    "Name": "Robin Reader",
    "Address line 1": "1 Crown Street",
    "Suburb": "Surry Hills",
    "State": "NSW",
    "Postcode": "2010",
}


def buy(reader: Hands, handle: str, colour: str, size: str) -> None:
    """Put two of one colour and size in the cart."""
    page = reader.page
    page.goto(f"/products/{handle}")
    reader.pick(page.get_by_role("radio", name=colour, exact=True))
    reader.pick(page.get_by_role("radio", name=size, exact=True))
    reader.press(page.get_by_role("button", name="One more"))
    reader.press(page.get_by_role("button", name="Add to cart").first)
    expect(page.get_by_role("button", name="Check out")).to_be_visible()


def pay(reader: Hands) -> str:
    """Pay for the cart; return the address of the order as its reader sees it."""
    page = reader.page
    page.goto("/cart")
    reader.follow(page.get_by_role("button", name="Check out"))
    for label, words in CARD.items():
        reader.write(page.get_by_label(label, exact=True), words)
    reader.follow(page.get_by_role("button", name=re.compile("^Pay ")))
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    reader.follow(page.get_by_role("link", name="See your order"))
    return page.url

# noqa: INP001 - run by -m from the top of the project
"""Takes the pictures of docs/staff.md in Chromium, at the desk of a running `bin/demo`.

Run it with `python -m docs.take_staff_pictures`. What it changes it takes back; the entries of what
was changed stay, as they do for everybody.
"""

import json
import re
import shutil
from pathlib import Path

import click
from playwright.sync_api import FilePayload, Page, sync_playwright

from docs.take_pictures import (
    DESK,
    DESK_WIDTH_PX,
    FLAGS,
    PHONE,
    PHONE_WIDTH_PX,
    framed,
    opener,
    save,
    shot,
)

SECRETS = Path(__file__).parent.parent / "var" / "demo-secrets.json"
OWNER = "sam@gaynation.example"
PASSKEY = "A finger of the pictures"
# Chromium's own double of a telephone with a finger on it.
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@click.command()
@click.argument("shop", default="http://localhost:5000")
@click.option("--secrets", default=SECRETS, type=Path, help="The demonstration's passwords.")
@click.option("--product", default="Late Edition Hoodie", show_default=True)
def main(shop: str, product: str, secrets: Path) -> None:
    """Sign in as the owner of the SHOP at this address and go through a day."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or "/usr/bin/chromium"
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        page = opener(browser, shop.rstrip("/"))()
        _sign_in(page, json.loads(secrets.read_text())["owner_password"])
        _take_desk(page)
        _take_product(page, product)
        _take_undo(page)
        _take_why(page)
        _take_difference(page)
        _take_refund(page)
        _take_order(page)
        _take_return(page)
        _take_discount(page)
        _take_search_words(page)
        _take_tables(page)
        _take_palette(page, product)
        _remove_passkey(page)
        browser.close()


def _sign_in(page: Page, password: str) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/staff/")
    save("staff-sign-in", framed(shot(page, PHONE), PHONE_WIDTH_PX))
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/staff/")
    page.goto("/staff/account/second-factor")
    page.get_by_label("What to call it").fill(PASSKEY)
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/recovery-codes**")


def _take_desk(page: Page) -> None:
    page.goto("/staff/")
    save("desk", framed(shot(page, DESK), DESK_WIDTH_PX))
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name="Sections").press("Enter")
    save("staff-sections", framed(shot(page, PHONE, keeps_focus=True), PHONE_WIDTH_PX))
    page.keyboard.press("Escape")


def _take_product(page: Page, product: str) -> None:
    page.goto("/staff/products/")
    page.get_by_role("link", name=product, exact=True).click()
    save("staff-product", framed(shot(page, DESK, page.locator(".option").last), DESK_WIDTH_PX))


def _take_undo(page: Page) -> None:
    """Raise a price, show the change beside its way back, and go that way."""
    price = page.get_by_label(re.compile("^Price, ")).first
    price.fill(f"{float(price.input_value()) + 5:.2f}")
    page.get_by_role("button", name="Save", exact=True).last.click()
    page.get_by_role("status").filter(has_text="Saved").wait_for()
    changes = page.get_by_role("region", name="Changed by staff")
    save("staff-undo", framed(shot(page, PHONE, changes), PHONE_WIDTH_PX))
    page.set_viewport_size(DESK)
    changes.get_by_role("button", name="Undo").first.click()
    page.wait_for_load_state()


def _take_why(page: Page) -> None:
    page.get_by_title("Why is it this number?").first.click()
    page.get_by_text("The ledger explains it").wait_for()
    save("staff-why", framed(shot(page, DESK), DESK_WIDTH_PX))


def _take_difference(page: Page) -> None:
    """Compare the shop's own export, with some prices raised, and write nothing of it."""
    export = page.request.get("/staff/imports/export.csv").text()
    raised = re.sub(r"(?<=,)(26|45)\.00(?=,)", lambda found: f"{int(found[1]) + 4}.00", export)
    file: FilePayload = {
        "name": "products_export.csv",
        "mimeType": "text/csv",
        "buffer": raised.encode(),
    }
    page.goto("/staff/imports/")
    page.get_by_label("A product export").set_input_files(file)
    page.get_by_role("button", name="Compare with the shop").click()
    page.get_by_role("button", name=re.compile("^Write ")).wait_for()
    save("staff-import", framed(shot(page, DESK), DESK_WIDTH_PX))
    page.get_by_role("button", name="Discard").click()


def _take_refund(page: Page) -> None:
    """Look at what would go back of an order; nothing is given."""
    page.goto("/staff/orders/?view=to_ship")
    page.locator(".orders_list tbody th a").first.click()
    page.get_by_role("link", name="Give money back").click()
    page.locator(".packing__units:enabled").first.fill("1")
    page.get_by_label("Reason").fill("Too small")
    page.get_by_role("button", name="See what would go back").click()
    page.get_by_role("heading", name="This would go back").wait_for()
    save("staff-refund", framed(shot(page, DESK), DESK_WIDTH_PX))


def _take_order(page: Page) -> None:
    """Show the order that waits longest as it is packed, by night on a desk and on a phone."""
    page.goto("/staff/orders/?view=to_ship")
    page.locator(".orders_list tbody th a").first.click()
    save("packing", framed(shot(page, PHONE, page.locator("#pack")), PHONE_WIDTH_PX))
    page.emulate_media(color_scheme="dark")
    save("desk_order", framed(shot(page, DESK), DESK_WIDTH_PX))
    page.emulate_media(color_scheme="light")


def _take_return(page: Page) -> None:
    """Show what a reader wants to send back, where one waits for a decision."""
    page.goto("/staff/returns/")
    waiting = page.locator(".list tbody th a")
    if not waiting.count():
        raise click.ClickException("no return waits: ask for one on the page of a sent order")
    waiting.first.click()
    save("staff-return", framed(shot(page, PHONE), PHONE_WIDTH_PX))


def _take_discount(page: Page) -> None:
    """Try a discount on past orders; it is not saved."""
    page.goto("/staff/discounts/new")
    page.get_by_label("Name").fill("Spring clean")
    page.get_by_label("Percentage").fill("15")
    page.get_by_label(re.compile("^Code")).fill("SPRING15")
    page.get_by_role("button", name="Try it on past orders").click()
    page.get_by_role("button", name="Save it").wait_for()
    save("staff-discount", framed(shot(page, DESK), DESK_WIDTH_PX))


def _take_search_words(page: Page) -> None:
    page.goto("/staff/search/?q=jumper")
    save("staff-search-words", framed(shot(page, DESK), DESK_WIDTH_PX))


def _take_tables(page: Page) -> None:
    """Show the rates with a parcel tried on them, and tax with a change looked at."""
    page.goto("/staff/shipping/?country=NZ&grams=500&value=90")
    save("staff-shipping", framed(shot(page, DESK), DESK_WIDTH_PX))
    page.goto("/staff/tax/")
    page.get_by_label("Rate, rule 1").fill("12.5")
    page.get_by_role("button", name="Show what changes").click()
    page.get_by_role("heading", name="What would change").wait_for()
    save("staff-tax", framed(shot(page, DESK), DESK_WIDTH_PX))


def _take_palette(page: Page, product: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/staff/")
    page.keyboard.press("Control+k")
    page.keyboard.type(product.partition(" ")[0].lower())
    page.get_by_role("option", name=product).first.wait_for()
    save("staff-palette", framed(shot(page, DESK, keeps_focus=True), DESK_WIDTH_PX))


def _remove_passkey(page: Page) -> None:
    page.goto("/staff/account/")
    page.get_by_role("button", name=f"Remove {PASSKEY}").click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main()

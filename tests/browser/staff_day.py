"""The stations of a staff member's day; each does its work and then looks at the page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlalchemy import update

from store.database import db, writing
from store.staff.models import StaffSession
from tests.browser.axe import violations
from tests.browser.hands import Hands
from tests.browser.live import LiveShop
from tests.staffing import PASSWORD, Colleague

TITLE, HANDLE = "Stop Press tee", "stop-press-tee"
COLOURS, SIZES = ("Ink", "Paper"), ("S", "M", "L", "XL")
FIRST_STOCK = 5
MINUS = "\N{MINUS SIGN}"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(slots=True)
class Day:
    """Who works, with which hands, and what was wrong at the stations so far."""

    live: LiveShop
    who: Colleague
    hands: Hands
    has_scripts: bool = True
    found: dict[str, object] = field(default_factory=dict)

    @property
    def page(self) -> Page:
        return self.hands.page

    def look(self, station: str) -> None:
        """Note what axe faults, and what is wider than the screen; both need scripts."""
        if not self.has_scripts:
            return
        faults = violations(self.page)
        named = [(one["id"], one["nodes"][0]["html"][:160]) for one in faults]
        too_wide = self.page.evaluate(TOO_WIDE)
        if named or too_wide > 0:
            self.found[station] = (named, too_wide)

    def press(self, button: str) -> None:
        """Press the button of this name, which sends a form."""
        self.hands.follow(self.page.get_by_role("button", name=button, exact=True).last)

    def open(self, link: str) -> None:
        self.hands.follow(self.page.get_by_role("link", name=link, exact=True).first)

    def write(self, label: str, words: str) -> None:
        self.hands.write(self.page.get_by_label(label, exact=True), words)

    def told(self, words: str) -> None:
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()


def sign_in(day: Day) -> None:
    """Sign in by password and app, as somebody does in the morning."""
    day.page.goto("/staff/")
    day.look("sign in")
    day.hands.write(day.page.get_by_label("Email"), day.who.email)
    day.hands.write(day.page.get_by_label("Password"), PASSWORD)
    day.press("Sign in")
    day.look("second step")
    day.hands.write(day.page.get_by_label("Code"), day.who.app.code())
    day.press("Sign in")
    expect(day.page.get_by_role("heading", name="Needs a hand")).to_be_visible()
    day.look("home")


def make_product(day: Day) -> None:
    """Write down two colours in four sizes, with a price and a first stock for each."""
    day.hands.go("Products")
    day.look("products")
    day.open("New product")
    day.write("Title", TITLE)
    day.hands.write(day.page.get_by_label("Text Markdown"), "Heavy cotton, printed overnight.")
    day.write("Price, The product", "45")
    day.write("Grams, The product", "220")
    for name, values in (("Colour", COLOURS), ("Size", SIZES)):
        day.press("Add an option")
        day.hands.write(day.page.get_by_label("Option", exact=True).last, name)
        day.hands.write(day.page.get_by_label("New values").last, ", ".join(values))
        day.hands.follow(day.page.get_by_role("button", name="Add values").last)
    for colour in COLOURS:
        for size in SIZES:
            day.write(f"First stock, {colour} / {size}", str(FIRST_STOCK))
    day.look("new product")
    day.press("Save")
    day.told("Made. Give it pictures next.")


def add_pictures(day: Day, pictures: Sequence[FilePayload]) -> None:
    day.open("Add and arrange")
    day.hands.give(day.page.get_by_label("Add pictures"), pictures)
    day.hands.follow(day.page.get_by_role("button", name="Upload"))
    fields = day.page.get_by_label("What it shows")
    expect(fields).to_have_count(len(pictures))
    for place, colour in enumerate(COLOURS):
        day.hands.write(fields.nth(place), f"A tee in the colour {colour.lower()}")
    day.press("Save")
    day.look("pictures")
    day.open(TITLE)


def publish(day: Day) -> None:
    day.hands.choose(day.page.get_by_label("Status"), "Active: for sale")
    day.press("Save")
    day.told("Saved.")
    expect(day.page.get_by_role("link", name="View in shop")).to_be_visible()
    day.look("product")


def ship_half(day: Day, number: str, tracking: str) -> None:
    """Send the first line of an order, and leave the second for later."""
    day.hands.go("Orders")
    day.look("orders")
    day.open(number)
    day.look("order")
    units = day.page.locator(".packing__units")
    expect(units).to_have_count(2)
    day.hands.write(units.nth(1), "0")
    day.write("Carrier optional", "Australia Post")
    day.write("Tracking number optional", tracking)
    day.press("Mark as sent")
    day.told("2 units are on their way.")
    expect(day.page.get_by_text("Partly shipped")).to_be_visible()
    day.look("order sent in part")


def refund_first_line(day: Day) -> None:
    """Give back what was sent and came back; somebody who proved herself long ago is asked anew."""
    with day.live.app.app_context(), writing():
        db.session.execute(update(StaffSession).values(factor_at=None))
    day.open("Give money back")
    day.look("is it you")
    day.hands.write(day.page.get_by_label("Code"), day.who.app.code(steps_later=1))
    day.press("Go on")
    day.hands.write(day.page.locator(".packing__units").first, "2")
    day.hands.tick(day.page.get_by_label("What was sent came back"))
    day.write("Reason optional", "Too small")
    day.press("See what would go back")
    expect(day.page.get_by_text(f"2 × {TITLE} goes back on the shelf")).to_be_visible()
    day.look("refund")
    day.press("Give back $90.00")
    day.told("The money is on its way back.")
    day.look("order refunded in part")


def change_price_and_back(day: Day) -> None:
    day.hands.go("Products")
    day.open(TITLE)
    price = day.page.get_by_label("Price, Ink / S", exact=True)
    day.hands.write(price, "49.50")
    day.press("Save")
    day.told("Saved.")
    expect(price).to_have_value("49.50")
    day.hands.follow(day.page.get_by_role("button", name="Undo").first)
    expect(price).to_have_value("45.00")
    day.look("price undone")


def bring_in(day: Day, export: FilePayload, words: str) -> None:
    """Compare a product file with the shop, and write what differs."""
    day.hands.go("Import")
    day.look("imports")
    day.hands.give(day.page.get_by_label("A product export, as CSV"), [export])
    day.press("Compare with the shop")
    write = day.page.get_by_role("button", name=words)
    expect(write).to_be_visible()
    day.look("difference")
    day.hands.follow(write)
    expect(day.page.get_by_text("Written", exact=True)).to_be_visible()
    day.look("imported")


def take_import_back(day: Day) -> None:
    day.press("Take the whole import back")
    expect(day.page.get_by_text("Taken back", exact=True)).to_be_visible()
    day.look("import undone")


@dataclass(frozen=True, slots=True)
class Shown:
    """A number of the shelf as its page explains it."""

    on_the_shelf: int
    promised: int
    available: int
    moved: tuple[int, ...]


def why(day: Day, variant: str) -> Shown:
    """Ask a number of the grid why it is what it is, and read the answer."""
    day.hands.go("Products")
    day.open(TITLE)
    row = day.page.get_by_role("row", name=variant)
    day.hands.follow(row.get_by_title("Why is it this number?"))
    expect(day.page.get_by_text("The ledger explains it")).to_be_visible()
    day.look(f"why, {variant}")
    on_the_shelf, promised, available = _numbers(day.page, ".sum dd")
    moved = day.page.get_by_role("region", name="What came and went")
    expect(moved).to_be_visible()
    return Shown(
        on_the_shelf, -promised, available, tuple(_numbers(moved, "tbody td:nth-child(4)"))
    )


def _numbers(place: Page | Locator, where: str) -> list[int]:
    texts = place.locator(where).all_inner_texts()
    return [int(text.strip().replace(MINUS, "-")) for text in texts]

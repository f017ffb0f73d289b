"""A product is edited in a browser: by keyboard and paste, kept as it is typed, with pictures."""

import io
import re
import time
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from store.database import writing
from store.staff.sessions import Proof, begin_session
from store.staff.sign_in import TOKEN
from tests.browser.conftest import DESK, PHONE
from tests.browser.live import LiveShop
from tests.builders import a_product, aud
from tests.staffing import a_member

NewPage = Callable[..., Page]
TWO_PICTURES = """async () => {
  const files = new DataTransfer();
  for (const colour of ["red", "blue"]) {
    const canvas = new OffscreenCanvas(40, 50);
    const paint = canvas.getContext("2d");
    paint.fillStyle = colour;
    paint.fillRect(0, 0, 40, 50);
    const picture = await canvas.convertToBlob();
    files.items.add(new File([picture], `${colour}.png`, { type: picture.type }));
  }
  return files;
}"""
HIDDEN = "(box) => box.scrollWidth - box.clientWidth"


def signed_in(live: LiveShop, page: Page) -> Page:
    """Give a page the session of somebody who works here."""
    with live.app.app_context(), writing():
        user = a_member(live.services.clock, name="Robin")
        token = begin_session(user.id, "Chromium", live.services.clock, proof=Proof.FACTOR)
        uniquifier = user.fs_uniquifier
    client = live.app.test_client()
    with client.session_transaction("/staff/") as session:
        session["_user_id"], session["_fresh"] = uniquifier, True
        session["fs_paa"], session[TOKEN] = time.time(), token  # noqa: TID251 - Flask-Security asks the real clock
    cookie = client.get_cookie("staff", path="/staff")
    assert cookie is not None
    page.context.add_cookies(
        [{"name": "staff", "value": cookie.value, "domain": "127.0.0.1", "path": "/staff"}]
    )
    return page


def a_tee(live: LiveShop) -> str:
    with live.app.app_context(), writing():
        product = a_product(live.services.clock, handle="tee", options={"Size": ["S", "M", "L"]})
        return f"{live.url}/staff/products/{product.id}"


def a_wordy_tee(live: LiveShop) -> str:
    """Two words for a colour, a price of three figures, and numbers as shops write them."""
    with live.app.app_context(), writing():
        options = {"Colour": ["Bottle Green"], "Size": ["S", "2XL"]}
        product = a_product(live.services.clock, price=aud(125), options=options)
        for number, variant in enumerate(product.variants):
            variant.sku, variant.barcode = f"GN-LEH-GREYM-{number}XL", f"200992066916{number}"
        return f"{live.url}/staff/products/{product.id}"


def as_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": content}


def test_every_part_of_the_form_is_a_few_keys_away(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(live, new_page(size=DESK))
    page.goto(a_tee(live))
    parts = page.get_by_role("navigation", name="Parts of the form")
    page.get_by_role("link", name="Skip to the page").press("Enter")

    for _press in range(4):
        page.keyboard.press("Tab")
        if parts.get_by_role("link", name="Words").evaluate("(a) => a === document.activeElement"):
            break
    for _press in range(3):
        page.keyboard.press("Tab")
    expect(parts.get_by_role("link", name="Variants")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Prices for a time")).to_be_focused()

    parts.get_by_role("link", name="Save").press("Enter")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()


def test_a_block_of_a_spreadsheet_is_pasted_and_arrows_move(
    live: LiveShop, new_page: NewPage
) -> None:
    page = signed_in(live, new_page(size=DESK))
    page.goto(a_tee(live))
    prices = page.locator("[name=price]")

    prices.nth(0).focus()
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "50\\t60\\n51\\t61\\n52\\t62\\n");
            const given = { clipboardData: data, bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", given));
        }"""
    )
    expect(page.locator("[data-count]")).to_have_text("6 cells changed")
    page.keyboard.press("ArrowDown")
    expect(prices.nth(1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name=compare_at]").nth(1)).to_be_focused()
    page.get_by_role("button", name="Save").last.click()

    expect(page.locator("[name=compare_at]").nth(2)).to_have_value("62.00")
    expect(prices.nth(0)).to_have_value("50.00")


def test_a_desk_shows_every_column_and_cuts_no_cell(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(live, new_page(size=DESK))
    page.goto(a_wordy_tee(live))

    hidden = page.locator(".list_scroll:has(.grid)").evaluate(HIDDEN)
    cut = page.locator("input.grid__input").evaluate_all(
        f"cells => cells.filter({HIDDEN}).map((cell) => cell.value)"
    )

    assert (hidden, cut) == (0, [])


def test_a_fault_leaves_the_grid_as_wide_as_it_was(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(live, new_page(size=DESK))
    page.goto(a_wordy_tee(live))
    page.get_by_label("Price, Bottle Green / 2XL").fill("abc")
    page.get_by_role("button", name="Save").last.click()

    said = page.locator(".grid__faults .field__error")
    expect(said).to_have_text("Price: Write an amount such as 45 or 1,299.50.")
    lines = said.evaluate(
        "(said) => said.clientHeight / parseFloat(getComputedStyle(said).lineHeight)"
    )
    hidden = page.locator(".list_scroll:has(.grid)").evaluate(HIDDEN)

    assert (round(lines), hidden) == (1, 0)


def test_a_fault_far_down_is_a_link_away(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(live, new_page(size=DESK, scripts=False))
    page.goto(a_tee(live))
    wrong = page.get_by_label("Price, L")
    wrong.fill("abc")
    page.get_by_label("Title", exact=True).fill(" ")
    page.get_by_role("button", name="Save").last.click()

    notice = page.get_by_role("alert")
    expect(notice).to_be_focused()
    expect(notice.get_by_role("link")).to_have_text(
        [re.compile("^Title: Give it a title"), re.compile("^Price, L: Write an amount")]
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(wrong).to_be_focused()
    expect(wrong).to_be_in_viewport()


def test_a_phone_shows_each_cell_of_prices_for_a_time(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(live, new_page(size=PHONE))
    page.goto(f"{a_wordy_tee(live)}/prices")
    cell = page.get_by_label("Price in this time, Bottle Green / 2XL")

    own = page.locator("tr", has=cell).get_by_text("$125.00").bounding_box()
    typed = cell.bounding_box()

    assert own
    assert typed
    assert own["x"] + own["width"] <= typed["x"]
    assert typed["x"] + typed["width"] <= PHONE[0]


def test_what_was_typed_is_kept_when_the_page_is_left(live: LiveShop, new_page: NewPage) -> None:
    page, address = signed_in(live, new_page(size=DESK)), a_tee(live)
    page.goto(address)
    page.get_by_label("Title", exact=True).fill("Half a thought")
    page.goto(f"{live.url}/staff/products/")

    page.goto(address)
    page.get_by_role("link", name="Restore them").click()

    expect(page.get_by_label("Title", exact=True)).to_have_value("Half a thought")


def test_pictures_are_dropped_onto_their_page(live: LiveShop, new_page: NewPage) -> None:
    page = signed_in(live, new_page(size=DESK))
    page.goto(f"{a_tee(live)}/pictures")
    place = page.locator("picture-upload:defined")
    expect(place).to_have_count(1)

    dropped = page.evaluate_handle(TWO_PICTURES)
    place.dispatch_event("dragover", {"dataTransfer": dropped})
    expect(place).to_have_attribute("over", "")
    place.dispatch_event("drop", {"dataTransfer": dropped})

    expect(page.locator("[data-drag]")).to_have_count(2)


def test_pictures_are_sent_one_by_one_and_what_is_none_is_named(
    live: LiveShop, new_page: NewPage
) -> None:
    page = signed_in(live, new_page())
    page.goto(f"{a_tee(live)}/pictures")
    picture = io.BytesIO()
    Image.new("RGB", (40, 50), "red").save(picture, "PNG")
    files = page.get_by_label("Add pictures")

    files.set_input_files([as_file("red.png", picture.getvalue())])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[data-drag]")).to_have_count(1)
    # The page came anew: until its scripts did, the form is one of the browser's own.
    expect(page.locator("picture-upload:defined")).to_have_count(1)
    files.set_input_files([as_file("no.png", b"no")])
    page.get_by_role("button", name="Upload").click()

    expect(page.locator("[data-words]")).to_contain_text("no.png is no JPEG")

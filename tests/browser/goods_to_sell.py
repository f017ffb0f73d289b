"""What a shop is given on a day: pictures that we draw, and product files that we write."""

import csv
import io
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload

SHARED = Path(__file__).parents[3] / "shared" / "csv"
REAL = "shopify-legacy-apparel.csv"
COLUMNS = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,"
    "Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
    "Variant Inventory Policy,Variant Price,Variant Requires Shipping,Variant Taxable,Status"
).split(",")


def a_tee(colour: str, name: str) -> FilePayload:
    """Draw a tee of a colour, so that nobody's picture is borrowed."""
    sheet = Image.new("RGB", (800, 1000), "#f1ece1")
    pen = ImageDraw.Draw(sheet)
    body = [(270, 260), (530, 260), (700, 400), (620, 500), (560, 450), (560, 840), (240, 840)]
    pen.polygon([*body, (240, 450), (180, 500), (100, 400)], fill=colour)
    pen.ellipse((330, 220, 470, 310), fill="#f1ece1")
    pen.rectangle((310, 480, 490, 500), fill="#f1ece1")
    written = io.BytesIO()
    sheet.save(written, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": written.getvalue()}


def an_export() -> FilePayload:
    """Write what Shopify would: two products that are new here, and one at another price."""
    written = io.StringIO()
    rows = csv.DictWriter(written, COLUMNS, restval="")
    rows.writeheader()
    rows.writerow(_line("erratum-mug", "Erratum mug", price="24.00", units=12))
    rows.writerow(_line("stet-tote", "Stet tote", "Colour", "Natural", price="28.00", units=7))
    rows.writerow(_line("stet-tote", "", "Colour", "Ink", price="28.00", units=3))
    rows.writerow(_line("paper-round", "Paper Round tote", price="30.00", units=10))
    return _as_file("products_export.csv", written.getvalue().encode())


def real_exports() -> list[FilePayload]:
    """Return a file that somebody's shop wrote, where this machine has one."""
    path = SHARED / REAL
    return [_as_file(REAL, path.read_bytes())] if path.is_file() else []


def _line(
    handle: str,
    title: str,
    option: str = "Title",
    value: str = "Default Title",
    *,
    price: str,
    units: int,
) -> dict[str, str]:
    of_product = {
        "Title": title,
        "Body (HTML)": f"<p>{title}, as it was.</p>",
        "Vendor": "Own press",
        "Published": "true",
        "Status": "active",
        "Option1 Name": option,
    }
    return (of_product if title else {}) | {
        "Handle": handle,
        "Option1 Value": value,
        "Variant Grams": "300",
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": str(units),
        "Variant Inventory Policy": "deny",
        "Variant Price": price,
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
    }


def _as_file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/csv", "buffer": content}

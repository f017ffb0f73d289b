"""What is bought: the lines of a session from `line_items[…][price_data]`."""

from dataclasses import dataclass

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.currencies import LARGEST_CHARGE, check_amount, checked_currency
from store.sandbox.stripe.errors import Record, bad_parameter, missing_parameter, no_such
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.parameters import Parameters
from store.sandbox.stripe.state import Shelf


@dataclass(frozen=True, slots=True)
class Lines:
    """Line items with the products that their prices point at."""

    lines: list[Record]
    products: list[Record]

    @property
    def currency(self) -> str:
        return str(self.lines[0]["currency"])

    def keep(self, account: Account, session_id: str) -> None:
        account.state.put(Shelf.LINES, {"lines": self.lines}, session_id)
        for product in self.products:
            account.state.put(Shelf.PRODUCT, product)


def read_lines(account: Account, parameters: Parameters) -> Lines:
    branches = parameters.branches("line_items", most=100)
    if not branches:
        raise missing_parameter("line_items")
    pairs = [_read_line(account, branch) for branch in branches]
    lines = Lines([line for line, _ in pairs], [product for _, product in pairs])
    if len({line["currency"] for line in lines.lines}) > 1:
        message = "All prices of a Checkout Session must have the same currency."
        raise bad_parameter(message, "line_items")
    return lines


def _read_line(account: Account, branch: Parameters) -> tuple[Record, Record]:
    price_id = branch.text("price")
    if price_id:
        raise no_such("price", price_id, branch.name_of("price"))
    price_data = branch.branch("price_data")
    if price_data is None:
        raise missing_parameter(branch.name_of("price_data"))
    product = _read_product(account, price_data)
    price = _read_price(account, price_data, product)
    quantity = branch.wanted_integer("quantity", least=1, most=999_999)
    subtotal = price["unit_amount"] * quantity
    line: Record = {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": subtotal,
        "amount_tax": 0,
        "amount_total": subtotal,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": branch.metadata(),
        "price": price,
        "quantity": quantity,
    }
    return line, product


def _read_product(account: Account, price_data: Parameters) -> Record:
    branch = price_data.branch("product_data")
    if branch is None:
        raise missing_parameter(price_data.name_of("product_data"))
    return {
        "id": new_id("prod", 14),
        "object": "product",
        "active": False,
        "created": account.stamp(),
        "default_price": None,
        "description": branch.text("description", longest=40_000),
        "images": branch.texts("images", most=8),
        "livemode": False,
        "marketing_features": [],
        "metadata": branch.metadata(),
        "name": branch.wanted_text("name"),
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": branch.text("tax_code"),
        "unit_label": branch.text("unit_label", longest=12),
        "updated": account.stamp(),
        "url": None,
    }


def _read_price(account: Account, price_data: Parameters, product: Record) -> Record:
    currency = checked_currency(price_data.wanted_text("currency"), price_data.name_of("currency"))
    amount = price_data.wanted_integer("unit_amount", least=0, most=LARGEST_CHARGE)
    check_amount(amount, currency, price_data.name_of("unit_amount"))
    tax_behavior = price_data.choice("tax_behavior", ("exclusive", "inclusive", "unspecified"))
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": account.stamp(),
        "currency": currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product["id"],
        "recurring": None,
        "tax_behavior": tax_behavior or "unspecified",
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }

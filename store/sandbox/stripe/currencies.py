"""What Stripe's currencies demand: decimals, smallest charges, and how an amount is written.

Sources: https://docs.stripe.com/currencies
"""

from decimal import Decimal

from store.sandbox.stripe.errors import bad_parameter

ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
THREE_DECIMAL = frozenset("bhd jod kwd omr tnd".split())
LARGEST_CHARGE = 99_999_999
SMALLEST_CHARGES = {
    "gbp": 30, "jpy": 50, "hkd": 400, "mxn": 1000, "sek": 300, "nok": 300, "dkk": 250,
    "czk": 1500, "pln": 200, "huf": 17500, "ron": 200, "thb": 1000, "myr": 200, "aed": 200,
}  # fmt: skip
SIGNS = {
    "aud": "A$", "nzd": "NZ$", "usd": "US$", "cad": "CA$", "eur": "€", "gbp": "£", "jpy": "¥",
}  # fmt: skip


def checked_currency(code: str, param: str) -> str:
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise bad_parameter(f"Invalid currency: {code}.", param)
    return code.lower()


def check_amount(amount: int, currency: str, param: str) -> None:
    """Refuse a third decimal that is not 0, as Stripe does for dinars and rials."""
    if currency in THREE_DECIMAL and amount % 10:
        raise bad_parameter(
            f"Invalid amount: the last digit of an amount in {currency} must be 0.",
            param,
            "parameter_invalid_integer",
        )


def smallest_charge(currency: str) -> int:
    return SMALLEST_CHARGES.get(currency, 500 if currency in THREE_DECIMAL else 50)


def written(amount: int, currency: str) -> str:
    """Write minor units for a reader: 4290 AUD is A$42.90."""
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    figures = f"{Decimal(abs(amount)).scaleb(-decimals):,.{decimals}f}"
    minus = "-" if amount < 0 else ""
    return f"{minus}{SIGNS.get(currency, currency.upper() + ' ')}{figures}"

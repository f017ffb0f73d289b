"""Money as a terminal prints it."""

from decimal import Decimal

from store.money import Money, decimals


def written(amount: Money) -> str:
    """Return an amount with its currency, such as 98.95 AUD."""
    return f"{Decimal(amount.minor).scaleb(-decimals(amount.currency))} {amount.currency}"

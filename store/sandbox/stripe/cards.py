"""What each test card does; only these are taken, whatever their expiry and CVC.

The numbers are Stripe's own (https://docs.stripe.com/testing) but for three of ours: two bank
debits that settle later, and a refund that fails after it was pending.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decline:
    code: str
    decline_code: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Card:
    """`settles` is set for debits paid later, `refund` for what becomes of its refunds."""

    number: str
    what: str
    brand: str = "visa"
    decline: Decline | None = None
    settles: str = ""
    refund: str = "succeeded"
    refund_later: str = ""
    is_disputed: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def grouped(self) -> str:
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))


INSUFFICIENT_FUNDS = Decline(
    "card_declined", "insufficient_funds", "Your card has insufficient funds."
)
DECLINED = Decline("card_declined", "generic_decline", "Your card was declined.")
EXPIRED = Decline("expired_card", None, "Your card has expired.")
WRONG_CVC = Decline("incorrect_cvc", None, "Your card's security code is incorrect.")
PROCESSING = Decline(
    "processing_error",
    None,
    "An error occurred while processing your card. Try again in a little bit.",
)

CARDS = (
    Card("4242424242424242", "pays"),
    Card("5555555555554444", "pays", brand="mastercard"),
    Card("4000000000000002", "is declined", decline=DECLINED),
    Card("4000000000009995", "has too little money", decline=INSUFFICIENT_FUNDS),
    Card("4000000000000069", "has expired", decline=EXPIRED),
    Card("4000000000000127", "has another CVC", decline=WRONG_CVC),
    Card("4000000000000119", "fails at the bank", decline=PROCESSING),
    Card("4000000000001117", "is a bank debit that pays later", settles="succeeded"),
    Card("4000000000002222", "is a bank debit that fails later", settles="failed"),
    Card("4000000000000259", "pays, then is disputed", is_disputed=True),
    Card(
        "4000000000007726",
        "pays; refunds wait, then succeed",
        refund="pending",
        refund_later="succeeded",
    ),
    Card("4000000000005126", "pays; refunds succeed, then fail", refund_later="failed"),
    Card(
        "4000000000003337", "pays; refunds wait, then fail", refund="pending", refund_later="failed"
    ),
)
BY_NUMBER = {card.number: card for card in CARDS}


def digits_of(typed: str) -> str:
    return "".join(sign for sign in typed if sign not in " -")


def find_card(typed: str) -> Card | None:
    return BY_NUMBER.get(digits_of(typed))

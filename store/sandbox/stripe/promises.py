"""What is still to come: bank debits and refunds that will settle at a set time."""

from store.sandbox.stripe.account import Account
from store.sandbox.stripe.ids import new_id
from store.sandbox.stripe.state import Shelf


def promise(account: Account, kind: str, subject_id: str, outcome: str) -> None:
    """Note that a charge's session or a refund will become `outcome`; inside `changing()`."""
    account.state.put(
        Shelf.PROMISE,
        {
            "id": new_id("sandbox_promise"),
            "kind": kind,
            "subject": subject_id,
            "outcome": outcome,
            "due_at": account.stamp() + account.settings.settle_after_seconds,
        },
    )

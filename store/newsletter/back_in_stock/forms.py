"""Reads what a reader asks to be told about, as the form under a sold-out product sends it."""

from collections.abc import Collection
from dataclasses import replace

from wtforms import StringField

from store.newsletter.back_in_stock.asking import StockQuestion
from store.newsletter.back_in_stock.wording import WORDINGS
from store.newsletter.forms import SignupForm
from store.newsletter.ledger import Circumstances
from store.newsletter.second_step.asking import NO_ANSWER, GivenAnswer

LARGEST_ID = 2**31 - 1


class StockForm(SignupForm):
    """As the newsletter's, honeypot and all, for one variant."""

    variant_id = StringField()

    @property
    def variant(self) -> int:
        """Return the variant's id, or 0 for what is none: no database has it."""
        given = self.variant_id.data or ""
        is_number = given.isascii() and given.isdigit() and len(given) < 11
        return int(given) if is_number and int(given) <= LARGEST_ID else 0

    def to_question(
        self,
        *,
        counted: str,
        around: Circumstances,
        own_origins: Collection[str],
        answer: GivenAnswer = NO_ANSWER,
    ) -> StockQuestion:
        """Return what was asked for; raises UnmailableError as a signup does."""
        asked = self.to_request(
            counted=counted, around=around, own_origins=own_origins, answer=answer
        )
        wording = self.wording.data if self.wording.data in WORDINGS else ""
        seen = replace(asked.seen, source="product", wording=wording or "")
        return StockQuestion(self.variant, asked.email, asked.network, seen, answer)

"""Stands in for the matching until it lands: what the shop shows first, for every story."""

from datetime import datetime

from store.catalog.queries import listing
from store.widget.choosing import Choice, Ground, Pick, Quiet, QuietGround
from store.widget.stories import Story


def choose(story: Story, *, now: datetime) -> Choice:
    if story.is_quiet:
        return Choice(quiet=Quiet(QuietGround.EDITOR))
    cards = [card for card in listing(now=now).cards if card.availability.can_buy]
    picks = tuple(Pick(card.product_id, Ground.BESTSELLER) for card in cards[: story.count])
    return Choice(picks)

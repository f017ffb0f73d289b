"""The cards of products in a letter: picture, title, what it costs now, and where it is sold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from store.catalog.models import Product, ProductStatus
from store.catalog.presenting import ProductCard
from store.catalog.queries import cards_by_handle, preview_page
from store.database import db
from store.media.renditions import CARD_SIZE, social_card_name
from store.money import Money
from store.newsletter.campaigns.leading import Campaigned

WIDTH = 536
"""Of a mail's 600 px, less its margins."""
HEIGHT = round(WIDTH * CARD_SIZE[1] / CARD_SIZE[0])


@dataclass(frozen=True, slots=True)
class LetterPicture:
    """A JPEG at twice the size at which it is shown; mailboxes know no newer kind."""

    address: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class LetterCard:
    """What stands in a letter for one product, as finished values."""

    handle: str
    title: str
    price: Money
    is_from: bool
    """Whether other sizes or colours cost more, or the reader chooses what she pays."""
    compare_at: Money | None
    can_buy: bool
    link: str
    picture: LetterPicture | None


def is_coming(now: datetime) -> ColumnElement[bool]:
    """Say which products appear by themselves after this moment."""
    return and_(Product.status == ProductStatus.ACTIVE, Product.published_at > now)


def cards_for(
    handles: Sequence[str], lead: Campaigned, *, now: datetime
) -> Mapping[str, LetterCard]:
    """Return the cards of those of these products that readers may see, or will."""
    if not handles:
        return {}
    coming = db.session.scalars(
        select(Product.id).where(Product.handle.in_(handles), is_coming(now))
    ).all()
    shown = [
        *cards_by_handle(handles, now=now),
        *(preview_page(number, now=now).card for number in coming),
    ]
    return {card.handle: _card(card, lead) for card in shown}


def _card(card: ProductCard, lead: Campaigned) -> LetterCard:
    return LetterCard(
        handle=card.handle,
        title=card.title,
        price=card.price_from,
        is_from=card.price_from != card.price_to or card.is_price_chosen,
        compare_at=card.compare_at,
        can_buy=card.availability.can_buy,
        link=lead.shop(f"/products/{card.handle}"),
        picture=_picture(card, lead),
    )


def _picture(card: ProductCard, lead: Campaigned) -> LetterPicture | None:
    if card.picture is None:
        return None
    address = lead.plain(f"/media/{social_card_name(card.picture.content_hash)}")
    return LetterPicture(address, card.picture.alt or card.title)

"""What stands on the card that social networks show beside a link to a product."""

from store.catalog import rows
from store.catalog.presenting import Picture
from store.catalog.rows import Pictures
from store.media.cards import CardWords


def words_on(title: str, hue: str, picture: Picture | None, brand: str) -> CardWords | None:
    """Return what the card shows; None where there is no picture, or letters that no face has."""
    if picture is None or not picture.has_renditions:
        return None
    words = CardWords(brand, title, hue, picture.content_hash)
    return words if words.can_be_drawn else None


def card_words(product_id: int, brand: str) -> CardWords | None:
    """Return what the card of a product shows now."""
    product = rows.products([product_id]).get(product_id)
    if product is None:
        return None
    shown = rows.pictures([product_id]).get(product_id, Pictures()).all
    return words_on(product.title, product.hue, shown[0] if shown else None, brand)

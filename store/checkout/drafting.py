"""Turns a cart into the draft of an order, or says why that cannot be ordered as it is."""

from store.cart.contents import BasketLine, CartContents, contents
from store.cart.models import Cart
from store.errors import ConflictError
from store.media.renditions import rendition_name
from store.orders.placing import Draft, DraftLine
from store.pricing.tax import taxed_alike
from store.pricing.totals import LineTotal
from store.services import Services

PICTURE_WIDTH = 640


class CartNotReadyError(ConflictError):
    """Something in the cart stops the checkout; the cart's own page says what."""


def draft_of(cart: Cart, services: Services) -> Draft:
    """Price the cart anew; raises CartNotReadyError. Reads only."""
    shown = contents(cart, services.settings, services.clock)
    if shown.problems:
        raise CartNotReadyError(", ".join(problem.kind for problem in shown.problems))
    reckoned = {line.key: line for line in shown.totals.lines}
    origin = services.settings.public_url
    return Draft(
        cart_id=shown.cart_id,
        fingerprint=shown.fingerprint,
        lines=tuple(_line(line, reckoned[line.line_id], origin) for line in shown.lines),
        subtotal=shown.totals.subtotal,
        discount=shown.totals.discount,
        shipping=shown.totals.shipping,
        tax=shown.totals.tax,
        total=shown.totals.total,
        destination=shown.destination,
        countries=countries_for(shown, services),
        shipping_name=_shipping_name(shown),
        is_gift=shown.is_gift,
        note=shown.note,
        article=shown.article,
        reductions=shown.totals.reductions,
        reader=shown.reader,
        email=cart.discount_email,
    )


def countries_for(shown: CartContents, services: Services) -> tuple[str, ...]:
    """Return where the parcel may go at this price, with the tax that was reckoned."""
    if not shown.requires_shipping:
        return ()
    return taxed_alike(shown.shipping.countries, shown.destination, services.settings)


def _line(line: BasketLine, reckoned: LineTotal, origin: str) -> DraftLine:
    picture = line.picture
    is_drawn = picture is not None and picture.has_renditions
    name = rendition_name(picture.content_hash, PICTURE_WIDTH, "webp") if picture else ""
    return DraftLine(
        variant_id=line.variant_id,
        product_handle=line.handle,
        title=line.title,
        combination=line.combination,
        sku=line.sku,
        picture_hash=picture.content_hash if picture else "",
        picture_url=f"{origin}/media/{name}" if is_drawn else "",
        requires_shipping=line.requires_shipping,
        quantity=line.quantity,
        unit_price=line.unit_price,
        discount=reckoned.discount,
        tax=reckoned.tax,
    )


def _shipping_name(shown: CartContents) -> str:
    return shown.shipping.chosen.name if shown.shipping.chosen else ""

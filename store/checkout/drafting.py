"""Turns a cart into the draft of an order, or says why that cannot be ordered as it is."""

from dataclasses import replace
from datetime import date
from typing import Any

from store.cart.contents import CartContents, Way, contents
from store.cart.lines import BasketLine
from store.cart.models import Cart
from store.catalog.ahead_words import ships_words
from store.errors import ConflictError
from store.media.renditions import rendition_name
from store.orders.ahead.selling import Ahead
from store.orders.placing import Draft, DraftChoice, DraftLine
from store.pricing.elsewhere import parts_of
from store.pricing.places import asked_for
from store.pricing.rates import Parcel
from store.pricing.tax import Taxes, taxed_alike
from store.pricing.totals import LineTotal, Totals
from store.services import Services

PICTURE_WIDTH = 640


class CartNotReadyError(ConflictError):
    """Something in the cart stops the checkout; the cart's own page says what."""


def draft_of(cart: Cart, services: Services) -> Draft:
    """Price the cart anew; raises CartNotReadyError. Reads only."""
    shown = contents(cart, services.settings, services.clock)
    if shown.problems:
        raise CartNotReadyError(", ".join(problem.kind for problem in shown.problems))
    today = services.clock.now().astimezone(services.settings.zone).date()
    return drafted(shown, services.settings.public_url, email=cart.discount_email, today=today)


def drafted(
    shown: CartContents, origin: str, *, email: str = "", today: date | None = None
) -> Draft:
    """Return the order that these contents are; asks nobody. email is whose discount it is.

    today is the day in the shop's zone, by which days of sending are told.
    """
    reckoned = {line.key: line for line in shown.totals.lines}
    chosen = shown.shipping.chosen
    return Draft(
        cart_id=shown.cart_id,
        fingerprint=shown.fingerprint,
        lines=tuple(
            replace(_line(line, reckoned[line.line_id], origin, shown.taxes), **_ahead(line, today))
            for line in shown.lines
        ),
        subtotal=shown.totals.subtotal,
        discount=shown.totals.discount,
        shipping=shown.totals.shipping,
        tax=shown.totals.tax,
        total=shown.totals.total,
        destination=shown.destination,
        countries=countries_for(shown),
        shipping_name=chosen.name if chosen else "",
        choices=choices_of(shown) if is_posted(shown) else (),
        tax_lines=tax_lines(shown.totals),
        is_tax_included=shown.totals.is_tax_included,
        is_taxed_by_service=shown.taxes.is_by_stripe,
        region=shown.place.state,
        postcode=shown.place.postcode,
        areas=_areas(shown),
        shipping_kind=_kind(shown),
        pickup=_pickup(shown),
        is_gift=shown.is_gift,
        note=shown.note,
        article=shown.article,
        reductions=shown.totals.reductions,
        reader=shown.reader,
        email=email,
        cards=shown.on_cards.parts,
    )


def choices_of(shown: CartContents) -> tuple[DraftChoice, ...]:
    """Return the ways to send it that the pay page can offer, the picked one first.

    What goods bear and what is given off must be the same by each of them: both are lines there,
    and do not change with the way that is chosen.
    """
    picked = [way for way in shown.ways if way.option == shown.shipping.chosen]
    others = [way for way in shown.ways if way not in picked and not way.option.is_pickup]
    offered = [
        way
        for way in [*picked, *others]
        if way.totals.reductions == picked[0].totals.reductions
        and (way in picked or _leaves_enough(way, shown))
        and (shown.taxes.is_by_stripe or _taxes_goods_alike(way, picked[0]))
    ]
    return tuple(map(_choice, offered))


def _leaves_enough(way: Way, shown: CartContents) -> bool:
    """Say whether by this way the same stays on gift cards, and the rest can be charged."""
    on_cards = shown.on_cards.amount
    return not on_cards or shown.least_charge <= way.totals.total - on_cards


def _taxes_goods_alike(way: Way, picked: Way) -> bool:
    taxes, others = ([line.tax for line in w.totals.lines] for w in (way, picked))
    return way.totals.is_tax_included or taxes == others


def _choice(way: Way) -> DraftChoice:
    totals = way.totals
    return DraftChoice(
        name=way.option.name,
        days=(way.option.min_days, way.option.max_days),
        shipping=totals.shipping,
        tax=totals.tax,
        total=totals.total,
        line_taxes=[line.tax.minor for line in totals.lines],
        tax_lines=tax_lines(totals),
    )


def tax_lines(totals: Totals) -> list[dict[str, object]]:
    """Return the taxes by rate as an order keeps them."""
    return [
        {
            "name": line.rate.name,
            "millionths": line.rate.millionths,
            "base": line.base.minor,
            "tax": line.tax.minor,
        }
        for line in totals.tax_lines
    ]


def countries_for(shown: CartContents) -> tuple[str, ...]:
    """Return where the parcel may go at this price, with the tax that was reckoned.

    A country whose parts cost different prices is among them only where it was asked for.
    """
    if not is_posted(shown):
        return ()
    alike = [
        country
        for country in shown.shipping.countries
        if country == shown.destination or not asked_for(country, shown.groups)
    ]
    if shown.taxes.is_by_stripe:
        return tuple(alike)
    return taxed_alike(alike, shown.place, shown.taxes)


def is_posted(shown: CartContents) -> bool:
    """Say whether a parcel goes anywhere, and is not picked up."""
    return _kind(shown) == "post"


def _kind(shown: CartContents) -> str:
    chosen = shown.shipping.chosen
    if chosen is None:
        return "none"
    return "pickup" if chosen.is_pickup else "post"


def _pickup(shown: CartContents) -> dict[str, str]:
    chosen = shown.shipping.chosen
    if chosen is None or not chosen.is_pickup:
        return {}
    return {"address": chosen.pickup_address, "hours": chosen.pickup_hours}


def _areas(shown: CartContents) -> dict[str, object]:
    if not is_posted(shown):
        return {}
    goods = shown.totals.subtotal - shown.totals.discount
    parcel = Parcel(goods, sum(line.grams for line in shown.lines))
    return parts_of(shown.destination, shown.groups, shown.taxes, parcel)


def _ahead(line: BasketLine, today: date | None) -> dict[str, Any]:
    """Return what the order and its pay page say of units that are sold ahead."""
    if not line.ahead:
        return {}
    words = ships_words(line.ships_on, today or date.min)
    said = [part for part in (line.combination, words) if part]
    return {"ahead": Ahead(line.ahead, line.ships_on), "pay_words": " · ".join(said)}


def _line(line: BasketLine, reckoned: LineTotal, origin: str, terms: Taxes) -> DraftLine:
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
        tax_name=reckoned.tax_rate.name if reckoned.tax_rate else "",
        tax_millionths=reckoned.tax_rate.millionths if reckoned.tax_rate else 0,
        tax_code=terms.codes.get(line.tax_class, "") if terms.is_by_stripe else "",
        is_gift_card=line.is_gift_card,
        gifts=line.gifts,
    )

"""What search engines read of a page, as plain dicts of https://schema.org."""

from typing import Any

from store.catalog.choosing_prices import PriceChoice
from store.catalog.delivery import Delivery
from store.catalog.identifying import ATTRIBUTES, is_gtin
from store.catalog.presenting import Availability, Picture, ProductPage, VariantChoice
from store.media.renditions import rendition_name, social_card_name
from store.money import Money, decimals
from store.settings import Settings

Thing = dict[str, Any]

_CONTEXT = "https://schema.org"
_AVAILABILITY = {
    Availability.IN_STOCK: "InStock",
    Availability.LOW: "LimitedAvailability",
    Availability.SOLD_OUT: "OutOfStock",
    Availability.BACKORDER: "BackOrder",
    Availability.PREORDER: "PreOrder",
    Availability.HELD: "OutOfStock",
}


def organization(settings: Settings) -> Thing:
    """Return the publisher with its return policy, which holds for everything it sells.

    https://developers.google.com/search/docs/appearance/structured-data/return-policy
    """
    return {
        "@context": _CONTEXT,
        "@type": "Organization",
        "@id": f"{settings.public_url}/#publisher",
        "name": settings.brand_name,
        "url": f"{settings.public_url}/",
        "hasMerchantReturnPolicy": _return_policy(settings),
    }


def _return_policy(settings: Settings) -> Thing:
    return {
        "@type": "MerchantReturnPolicy",
        "@id": f"{settings.public_url}/#returns",
        "applicableCountry": settings.country,
        "returnPolicyCountry": settings.country,
        "returnPolicyCategory": f"{_CONTEXT}/MerchantReturnFiniteReturnWindow",
        "merchantReturnDays": settings.brand_return_days,
        "merchantReturnLink": f"{settings.public_url}/pages/returns",
        "returnMethod": f"{_CONTEXT}/ReturnByMail",
        "returnFees": f"{_CONTEXT}/ReturnFeesCustomerResponsibility",
    }


def website(name: str, public_url: str) -> Thing:
    return {
        "@context": _CONTEXT,
        "@type": "WebSite",
        "name": name,
        "url": f"{public_url}/",
        "publisher": {"@id": f"{public_url}/#publisher"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": f"{public_url}/products?q={{search_term_string}}",
            },
            "query-input": "required name=search_term_string",
        },
    }


def breadcrumb_list(trail: list[tuple[str, str]], public_url: str) -> Thing:
    """Return the trail of words and own paths; the last step is the page itself."""
    return {
        "@context": _CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": words,
                "item": public_url + path,
            }
            for position, (words, path) in enumerate(trail, start=1)
        ],
    }


def product(
    page: ProductPage, description: str, settings: Settings, delivery: Delivery | None
) -> Thing:
    """Return the product: with its offer, or as a group with one product for each variant.

    https://developers.google.com/search/docs/appearance/structured-data/merchant-listing
    https://developers.google.com/search/docs/appearance/structured-data/product-variants
    """
    address = f"{settings.public_url}/products/{page.card.handle}"
    offers = _Offers(address, settings, delivery)
    thing: Thing = {
        "@context": _CONTEXT,
        "@type": "Product",
        "@id": f"{address}#product",
        "name": page.card.title,
        "url": address,
        "description": description or page.card.title,
        "brand": {"@type": "Brand", "name": page.vendor or settings.brand_name},
    }
    shown = [picture for picture in page.pictures if picture.has_renditions]
    if shown:
        thing["image"] = [_picture(picture, settings) for picture in shown]
    if page.card.product_type:
        thing["category"] = page.card.product_type
    if len(page.variants) == 1 and not page.options:
        return thing | _identity(page.variants[0], page) | {"offers": offers.of(page.variants[0])}
    return thing | {
        "@type": "ProductGroup",
        "productGroupID": str(page.card.product_id),
        **_varies_by(page),
        "hasVariant": [
            _variant(variant, page, settings) | {"offers": offers.of(variant)}
            for variant in page.variants
        ],
    }


def _variant(variant: VariantChoice, page: ProductPage, settings: Settings) -> Thing:
    thing: Thing = {
        "@type": "Product",
        "name": f"{page.card.title} – {variant.label}",
        **_identity(variant, page),
    }
    names = (option.name for option in page.options)
    for name, value in zip(names, variant.option_values, strict=False):
        if known := ATTRIBUTES.get(name.casefold()):
            thing[known] = value
    picture = variant.picture or (page.pictures[0] if page.pictures else None)
    if picture and picture.has_renditions:
        thing["image"] = _picture(picture, settings)
    return thing


def _varies_by(page: ProductPage) -> Thing:
    known = [ATTRIBUTES.get(option.name.casefold()) for option in page.options]
    varies = [f"{_CONTEXT}/{name}" for name in known if name]
    return {"variesBy": varies} if varies else {}


def _identity(variant: VariantChoice, page: ProductPage) -> Thing:
    """Return the numbers that it goes by; a barcode only where it is one of the world's."""
    found: Thing = {"productID": f"{page.card.product_id}-{variant.variant_id}"}
    if variant.sku:
        found["sku"] = variant.sku
    if is_gtin(variant.barcode):
        found["gtin"] = variant.barcode
    return found


def _picture(picture: Picture, settings: Settings) -> str:
    return f"{settings.public_url}/media/{rendition_name(picture.content_hash, 1280, 'webp')}"


def share_picture(public_url: str, picture: Picture | None) -> str:
    """Return the whole address of the picture for shared links, or nothing."""
    if picture is None or not picture.has_renditions:
        return ""
    return f"{public_url}/media/{social_card_name(picture.content_hash)}"


class _Offers:
    """Writes the offers of one page; what many share is written once and named from then on."""

    def __init__(self, address: str, settings: Settings, delivery: Delivery | None) -> None:
        self._address, self._settings, self._delivery = address, settings, delivery
        self._written: set[str] = set()

    def of(self, variant: VariantChoice) -> Thing:
        offer: Thing = {
            "@type": "Offer",
            "url": self._address,
            "price": decimal(variant.price),
            "priceCurrency": variant.price.currency,
            "availability": f"{_CONTEXT}/{_AVAILABILITY[variant.availability]}",
            "itemCondition": f"{_CONTEXT}/NewCondition",
            "seller": {"@id": f"{self._settings.public_url}/#publisher"},
            "hasMerchantReturnPolicy": {"@id": f"{self._settings.public_url}/#returns"},
        }
        if variant.ships_on is not None:
            offer["availabilityStarts"] = variant.ships_on.isoformat()
        if variant.choice is not None:
            offer["priceSpecification"] = _chosen(variant.choice)
        if variant.price_until is not None:
            offer["priceValidUntil"] = variant.price_until.isoformat()
        if variant.compare_at is not None:
            offer["priceSpecification"] = _struck(variant.compare_at)
        if not self._settings.prices_include_tax:
            struck = [offer["priceSpecification"]] if "priceSpecification" in offer else []
            offer["priceSpecification"] = [_without_tax(variant.price), *struck]
        if self._delivery is not None and variant.requires_shipping:
            offer["shippingDetails"] = self._shipping(variant, self._delivery)
        return offer

    def _shipping(self, variant: VariantChoice, delivery: Delivery) -> Thing:
        cost = delivery.cost_of(variant.price)
        name = f"{self._address}#delivery-{cost.minor}"
        if name in self._written:
            return {"@id": name}
        self._written.add(name)
        least, most = delivery.days
        return {
            "@type": "OfferShippingDetails",
            "@id": name,
            "shippingRate": {
                "@type": "MonetaryAmount",
                "value": decimal(cost),
                "currency": cost.currency,
            },
            "shippingDestination": {"@type": "DefinedRegion", "addressCountry": delivery.country},
            "deliveryTime": {
                "@type": "ShippingDeliveryTime",
                "transitTime": {
                    "@type": "QuantitativeValue",
                    "minValue": least,
                    "maxValue": most,
                    "unitCode": "DAY",
                },
            },
        }


def _chosen(choice: PriceChoice) -> Thing:
    return {
        "@type": "PriceSpecification",
        "minPrice": decimal(choice.least),
        "maxPrice": decimal(choice.most),
        "priceCurrency": choice.least.currency,
    }


def _struck(price: Money) -> Thing:
    return {
        "@type": "UnitPriceSpecification",
        "priceType": f"{_CONTEXT}/StrikethroughPrice",
        "price": decimal(price),
        "priceCurrency": price.currency,
    }


def _without_tax(price: Money) -> Thing:
    return {
        "@type": "UnitPriceSpecification",
        "price": decimal(price),
        "priceCurrency": price.currency,
        "valueAddedTaxIncluded": False,
    }


def decimal(price: Money) -> str:
    """Return the amount in whole units as machines read it: 39.00, or 3900 for yen."""
    places = decimals(price.currency)
    digits = str(price.minor).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits

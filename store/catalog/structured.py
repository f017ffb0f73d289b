"""What search engines read of a page, as plain dicts of https://schema.org."""

from typing import Any

from store.catalog.presenting import Availability, Picture, ProductPage, VariantChoice
from store.media.renditions import rendition_name, social_card_name
from store.money import Money, decimals

Thing = dict[str, Any]

RETURN_DAYS = 30
_CONTEXT = "https://schema.org"
_AVAILABILITY = {
    Availability.IN_STOCK: "InStock",
    Availability.LOW: "LimitedAvailability",
    Availability.SOLD_OUT: "OutOfStock",
    Availability.BACKORDER: "BackOrder",
    Availability.PREORDER: "PreOrder",
}


def organization(name: str, public_url: str, country: str) -> Thing:
    """Return the publisher with its return policy, which holds for everything it sells."""
    return {
        "@context": _CONTEXT,
        "@type": "Organization",
        "@id": f"{public_url}/#publisher",
        "name": name,
        "url": f"{public_url}/",
        "hasMerchantReturnPolicy": {
            "@type": "MerchantReturnPolicy",
            "applicableCountry": country,
            "returnPolicyCategory": f"{_CONTEXT}/MerchantReturnFiniteReturnWindow",
            "merchantReturnDays": RETURN_DAYS,
            "returnMethod": f"{_CONTEXT}/ReturnByMail",
            "returnFees": f"{_CONTEXT}/ReturnFeesCustomerResponsibility",
        },
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


def product(page: ProductPage, description: str, *, brand: str, public_url: str) -> Thing:
    """Return the product with one offer for each variant, prices as decimal text."""
    address = f"{public_url}/products/{page.card.handle}"
    offers = [_offer(variant, address) for variant in page.variants]
    thing: Thing = {
        "@context": _CONTEXT,
        "@type": "Product",
        "@id": f"{address}#product",
        "name": page.card.title,
        "url": address,
        "description": description or page.card.title,
        "brand": {"@type": "Brand", "name": page.vendor or brand},
        "productID": str(page.card.product_id),
        "offers": offers[0] if len(offers) == 1 else offers,
    }
    shown = [picture for picture in page.pictures if picture.has_renditions]
    if shown:
        thing["image"] = [
            f"{public_url}/media/{rendition_name(picture.content_hash, 1280, 'webp')}"
            for picture in shown
        ]
    if page.card.product_type:
        thing["category"] = page.card.product_type
    if len(page.variants) == 1 and page.variants[0].sku:
        thing["sku"] = page.variants[0].sku
    return thing


def share_picture(public_url: str, picture: Picture | None) -> str:
    """Return the whole address of the picture for shared links, or nothing."""
    if picture is None or not picture.has_renditions:
        return ""
    return f"{public_url}/media/{social_card_name(picture.content_hash)}"


def _offer(variant: VariantChoice, address: str) -> Thing:
    offer: Thing = {
        "@type": "Offer",
        "url": address,
        "price": decimal(variant.price),
        "priceCurrency": variant.price.currency,
        "availability": f"{_CONTEXT}/{_AVAILABILITY[variant.availability]}",
        "itemCondition": f"{_CONTEXT}/NewCondition",
    }
    if variant.label:
        offer["name"] = variant.label
    if variant.sku:
        offer["sku"] = variant.sku
    return offer


def decimal(price: Money) -> str:
    """Return the amount in whole units as machines read it: 39.00, or 3900 for yen."""
    places = decimals(price.currency)
    digits = str(price.minor).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits

"""Pages of the catalogue: everything, one section, one product."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from store.catalog import structured
from store.catalog.listing import SORTS, listing
from store.catalog.looked_at import canonical_handles, handles_of
from store.catalog.measuring import size_table
from store.catalog.presenting import (
    CollectionLink,
    Picture,
    ProductListing,
    ProductPage,
    VariantChoice,
)
from store.catalog.previewing import previewed_product
from store.catalog.queries import (
    cards_by_handle,
    collection_link,
    collection_text,
    preview_page,
)
from store.catalog.related import Related, page_with_related, related_to
from store.catalog.renaming import address_after
from store.catalog.retired import RetiredProduct, retired_product
from store.errors import NotFoundError
from store.web.doors import services
from store.web.filters import own_path
from store.web.letterhead import shop_settings
from store.web.markdown import plain_text
from store.web.page_policy import cached_for

blueprint = Blueprint("catalog", __name__)

LONGEST_SEARCH = 200
VARIANT = "variant"
"""The parameter that names one variant of a product, as the links of swatches do."""
SIZE_OPTIONS = frozenset({"size", "sizes", "fit"})
Trail = list[tuple[str, str]]


@blueprint.get("/products")
@cached_for(120, stale=600, parameters=("q", "sort", "page"))
def products() -> str:
    query = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    sort = _asked_sort()
    shown = listing(now=services().clock.now(), q=query, sort=sort, page=_asked_page())
    title = _("“%(query)s”", query=query) if query else _("Everything in print")
    return _listing_page(
        shown, title=title, path=url_for("catalog.products"), query=query, sort=sort
    )


@blueprint.get("/collections/<handle>")
@cached_for(120, stale=600, parameters=("sort", "page"))
def collection(handle: str) -> str:
    link = collection_link(handle)
    sort = _asked_sort()
    shown = listing(
        now=services().clock.now(), sort=sort, page=_asked_page(), collection=link.handle
    )
    path = url_for("catalog.collection", handle=link.handle)
    return _listing_page(shown, title=link.title, path=path, sort=sort, link=link)


@blueprint.get("/products/<handle>")
@cached_for(300, stale=3600, parameters=(VARIANT,))
def product(handle: str) -> ResponseReturnValue:
    now = services().clock.now()
    try:
        page, related = page_with_related(handle, now=now)
    except NotFoundError:
        retired, moved = retired_product(handle, now=now), address_after(handle, now=now)
        if retired is not None:
            return _farewell(retired)
        if moved is not None:
            return redirect(_moved_to(moved), 301)
        raise
    return _product_page(page, related)


@blueprint.get("/cards")
@cached_for(300, stale=3600, canonical=canonical_handles)
def cards() -> Response:
    """Answer with the cards of some products, for a page that knows by itself what to show."""
    handles = handles_of(request.query_string.decode("latin-1"))
    found = cards_by_handle(handles, now=services().clock.now())
    response = Response(render_template("catalog/cards.html", cards=found))
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/preview/<token>")
def preview(token: str) -> ResponseReturnValue:
    """Show a product as it will look to whoever was given the link; kept nowhere, found nowhere."""
    clock, settings = services().clock, services().settings
    page = preview_page(previewed_product(token, settings, clock))
    response = Response(_product_page(page, Related(), is_preview=True))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _listing_page(
    shown: ProductListing,
    *,
    title: str,
    path: str,
    query: str = "",
    sort: str = "",
    link: CollectionLink | None = None,
) -> str:
    public_url = services().settings.public_url
    trail = _trail(link) if link else [(_("Front page"), url_for("content.home")), (title, path)]
    page = shown.page if shown.page > 1 else None
    return render_template(
        "catalog/listing.html",
        listing=shown,
        title=title,
        query=query,
        link=link,
        text=collection_text(link.handle) if link and shown.page == 1 else "",
        trail=trail,
        sorts=_sort_choices(path, query, sort, is_section=link is not None),
        address=_address_of_page(path, query, sort),
        canonical=public_url + own_path(path, q=query, page=page),
        share_picture=structured.share_picture(public_url, _first_picture(shown, link)),
        structured=[structured.breadcrumb_list(trail, public_url)],
    )


def _product_page(page: ProductPage, related: Related, *, is_preview: bool = False) -> str:
    settings = shop_settings()
    asked = _asked_variant(page)
    trail = _trail(page.collection)
    trail.append((page.card.title, url_for("catalog.product", handle=page.card.handle)))
    description = page.seo_description or plain_text(page.body)
    return render_template(
        "catalog/product.html",
        page=page,
        related=related,
        is_preview=is_preview,
        chosen=asked or _first_choice(page),
        pictures=_pictures(page, asked),
        gone=[variant for variant in page.variants if not variant.availability.can_buy],
        sizes=(sizes := size_table(page.size_chart)),
        sized=_sized_option(page) if sizes else "",
        trail=trail,
        description=description,
        canonical=settings.public_url + trail[-1][1],
        share_picture=structured.share_picture(settings.public_url, page.card.picture),
        structured=[
            structured.product(
                page,
                description,
                brand=settings.brand_name,
                public_url=settings.public_url,
            ),
            structured.breadcrumb_list(trail, settings.public_url),
            structured.organization(settings.brand_name, settings.public_url, settings.country),
        ],
    )


def _farewell(retired: RetiredProduct) -> ResponseReturnValue:
    related = related_to(retired.subject, now=services().clock.now())
    return render_template("catalog/retired.html", product=retired, related=related), 410


def _moved_to(handle: str) -> str:
    # A link to one colour leads to that colour, whatever the product is called meanwhile.
    return own_path(url_for("catalog.product", handle=handle), variant=request.args.get(VARIANT))


def _asked_variant(page: ProductPage) -> VariantChoice | None:
    """Return the variant that the address names; none for any that the product has not."""
    asked = request.args.get(VARIANT, "")
    return next((v for v in page.variants if str(v.variant_id) == asked), None)


def _pictures(page: ProductPage, asked: VariantChoice | None) -> tuple[Picture, ...]:
    """Return the pictures, those of the variant that was asked for before all others."""
    first = asked.picture if asked else None
    if first is None:
        return page.pictures
    return (first, *(picture for picture in page.pictures if picture is not first))


def _sized_option(page: ProductPage) -> str:
    """Return the name of the option beside which the link to the size chart stands."""
    return next((o.name for o in page.options if o.name.lower() in SIZE_OPTIONS), "")


def _first_choice(page: ProductPage) -> VariantChoice:
    """Return the variant that the page opens with: the first that can be bought."""
    return next((v for v in page.variants if v.availability.can_buy), page.variants[0])


def _asked_sort() -> str:
    # Only what we know is printed into links again.
    sort = request.args.get("sort", "")
    return sort if sort in SORTS[1:] else ""


def _asked_page() -> int:
    asked = request.args.get("page", "1")
    # isdigit() alone is true for "²", which int() refuses.
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 9):
        raise NotFoundError("no such page of a listing")
    return int(asked)


def _address_of_page(path: str, query: str, sort: str) -> Callable[[int], str]:
    def address(number: int) -> str:
        return own_path(path, q=query, sort=sort, page=number if number > 1 else None)

    return address


def _sort_choices(
    path: str, query: str, sort: str, *, is_section: bool
) -> list[tuple[str, str, bool]]:
    first = _("Best match") if query else _("Section order") if is_section else _("Editor’s order")
    choices = [
        ("", first),
        ("newest", _("Newest")),
        ("price", _("Price, low first")),
        ("-price", _("Price, high first")),
        ("title", _("A to Z")),
    ]
    return [(words, own_path(path, q=query, sort=name), name == sort) for name, words in choices]


def _trail(link: CollectionLink | None) -> Trail:
    trail = [(_("Front page"), url_for("content.home"))]
    if link is None:
        return [*trail, (_("Everything"), url_for("catalog.products"))]
    return [*trail, (link.title, url_for("catalog.collection", handle=link.handle))]


def _first_picture(shown: ProductListing, link: CollectionLink | None) -> Picture | None:
    if link is not None and link.picture is not None:
        return link.picture
    return shown.cards[0].picture if shown.cards else None

"""Pages of the catalogue: everything, one section, one product."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store.catalog import structured
from store.catalog.ahead_words import ships_words
from store.catalog.delivery import HOME_DELIVERY, Delivery
from store.catalog.facet_values import Facet
from store.catalog.files.keeping import files_of
from store.catalog.files.presenting import files_words
from store.catalog.listing import SORTS, Asked, NoSuchPageError, find, ways_on
from store.catalog.listing_links import ListingLinks, chips
from store.catalog.looked_at import canonical_handles, handles_of
from store.catalog.measuring import size_table
from store.catalog.narrowing import Chosen
from store.catalog.presenting import (
    Availability,
    CollectionLink,
    Picture,
    ProductCard,
    ProductListing,
    ProductPage,
    VariantChoice,
)
from store.catalog.previewing import (
    PreviewEndedError,
    previewed_moment,
    previewed_product,
    signed_moment,
)
from store.catalog.queries import (
    cards_by_handle,
    collection_link,
    collection_text,
    preview_page,
)
from store.catalog.related import Related, page_with_related, related_to
from store.catalog.renaming import address_after, collection_after
from store.catalog.retired import RetiredProduct, retired_product
from store.catalog.sharing import card_words, words_on
from store.catalog.suggesting import suggestions
from store.digits import whole_number
from store.errors import NotFoundError
from store.media.cards import drawn_card, kept_card
from store.media.storage import FOREVER
from store.web.doors import services, shown_as_of
from store.web.errors import error_answer
from store.web.language import gettext as _
from store.web.letterhead import shop_settings
from store.web.markdown import plain_text
from store.web.page_policy import cached_for
from store.web.page_rendering import QUERIES
from store.web.typeface import headline_face

blueprint = Blueprint("catalog", __name__)


@blueprint.app_template_filter("ships")
def ships(day: date | None) -> str:
    """Say when what is sold ahead leaves, as of today in the shop."""
    doors = services()
    return ships_words(day, doors.clock.now().astimezone(doors.settings.zone).date())


LONGEST_SEARCH = 200
VARIANT = "variant"
"""The parameter that names one variant of a product, as the links of swatches do."""
SIZE_OPTIONS = frozenset({"size", "sizes", "fit"})
FACETS = tuple(facet.value for facet in Facet)
WAYS_ON = 8
"""Products shown to whoever has found nothing."""
Trail = list[tuple[str, str]]


@blueprint.get("/products")
@cached_for(120, stale=600, parameters=("q", "exact", "sort", "page"), choices=FACETS)
def products() -> ResponseReturnValue:
    query = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    asked = _asked(query)
    title = _("“%(query)s”", query=query) if query else _("Everything in print")
    return _listing_page(asked, title=title, path=url_for("catalog.products"))


@blueprint.get("/products/suggest")
@cached_for(120, stale=600, parameters=("q",))
def suggest() -> ResponseReturnValue:
    query = request.args.get("q", "")[:LONGEST_SEARCH].strip()
    found = suggestions(query, now=services().clock.now())
    response = Response(
        render_template("catalog/suggestions.html", query=query, found=found, count=found.count)
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/collections/<handle>")
@cached_for(120, stale=600, parameters=("sort", "page"), choices=FACETS)
def collection(handle: str) -> ResponseReturnValue:
    try:
        link = collection_link(handle)
    except NotFoundError:
        moved = collection_after(handle)
        if moved is not None:
            return _moved(url_for("catalog.collection", handle=moved))
        raise
    path = url_for("catalog.collection", handle=link.handle)
    return _listing_page(_asked(collection=link.handle), title=link.title, path=path, link=link)


@blueprint.get("/products/<handle>")
@cached_for(300, stale=3600, parameters=(VARIANT,), reads_first_only=True)
def product(handle: str) -> ResponseReturnValue:
    now = services().clock.now()
    try:
        page, related = page_with_related(handle, now=now)
    except NotFoundError:
        retired, moved = retired_product(handle, now=now), address_after(handle, now=now)
        if retired is not None:
            return _farewell(retired)
        if moved is not None:
            return _moved(url_for("catalog.product", handle=moved))
        raise
    # A number that somebody made up shows the page as it is, and makes no page of its own.
    request.environ[QUERIES] = frozenset(f"{VARIANT}={v.variant_id}" for v in page.variants)
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
    if signed_moment(token, settings, clock) is not None:
        return redirect(url_for("catalog.outside_preview", token=token), 302)
    page = preview_page(previewed_product(token, settings, clock), now=clock.now())
    response = Response(_product_page(page, Related(), is_preview=True))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.route("/preview/<token>/", methods=["GET", "POST"])
@blueprint.route("/preview/<token>/<path:path>", methods=["GET", "POST"])
def outside_preview(token: str, **_path: str) -> ResponseReturnValue:
    """Say what is no part of a preview of the shop; its pages never come this far."""
    if shown_as_of() is None:
        doors = services()
        previewed_moment(token, doors.settings, doors.clock)
    return _unlisted(render_template("catalog/outside_preview.html"), 403)


@blueprint.errorhandler(PreviewEndedError)
def preview_ended(_error: PreviewEndedError) -> Response:
    """Say so, and lead on to the shop of today: whoever was sent the link did nothing wrong."""
    return _unlisted(render_template("catalog/preview_ended.html"), 410)


def _unlisted(page: str, status: int) -> Response:
    response = Response(page, status=status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _listing_page(
    asked: Asked, *, title: str, path: str, link: CollectionLink | None = None
) -> ResponseReturnValue:
    settings, now = services().settings, services().clock.now()
    as_asked = ListingLinks(
        path,
        settings.currency,
        settings.country,
        query=asked.q,
        is_literal=asked.is_literal,
        sort=asked.sort,
        chosen=_given(asked),
    )
    try:
        found = find(asked, now=now)
    except NoSuchPageError as error:
        more = {"number": error.page, "first": as_asked.page(1)}
        return error_answer(404, page="no_such_page", more=more)
    links, shown = replace(as_asked, chosen=found.chosen), found.listing
    facets = links.facets(found.choices)
    trail = _trail(link) if link else [(_("Front page"), url_for("content.home")), (title, path)]
    has_nothing = not (shown.total or found.chosen)
    cards, shelves = ways_on(WAYS_ON, now=now) if has_nothing else ([], [])
    page = render_template(
        "catalog/listing.html",
        found=found,
        listing=shown,
        title=title,
        query=asked.q,
        link=link,
        links=links,
        facets=facets,
        chips=chips(facets),
        others=cards,
        shelves=shelves,
        text=collection_text(link.handle) if link and shown.page == 1 and not found.chosen else "",
        trail=trail,
        sorts=links.sorts(is_section=link is not None),
        canonical=settings.public_url + links.canonical(shown.page),
        share_picture=structured.share_picture(settings.public_url, _first_picture(shown, link)),
        structured=[structured.breadcrumb_list(trail, settings.public_url)],
    )
    return page if found.chosen == as_asked.chosen else _not_kept(page)


def _not_kept(page: str) -> Response:
    """Answer what asked for values that nothing has: for such addresses there is no end of room."""
    response = Response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _given(asked: Asked) -> Chosen:
    return {facet: frozenset(keys) for facet, keys in asked.values.items()}


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
        gone=[v for v in page.variants if v.availability is Availability.SOLD_OUT],
        held=[v for v in page.variants if v.availability is Availability.HELD],
        files=_files(page),
        sizes=(sizes := size_table(page.size_chart)),
        sized=_sized_option(page) if sizes else "",
        trail=trail,
        description=description,
        canonical=settings.public_url + trail[-1][1],
        share_picture=_share_picture(page.card),
        structured=[
            structured.product(page, description, settings, _home_delivery()),
            structured.breadcrumb_list(trail, settings.public_url),
        ],
        publisher=lambda: [structured.organization(settings)],
    )


def _files(page: ProductPage) -> list[tuple[str, str]]:
    """Return which variant is downloaded as what; nothing is asked where everything is sent."""
    variants = [variant for variant in page.variants if not variant.requires_shipping]
    if not variants:
        return []
    found = files_of([variant.variant_id for variant in variants])
    return [
        (variant.label, files_words(found[variant.variant_id]))
        for variant in variants
        if variant.variant_id in found
    ]


@blueprint.get("/cards/<int(max=2147483647):product_id>/<digest>.jpg")
def share_card(product_id: int, digest: str) -> Response:
    """Show the card of this very title and picture; what it shows never changes."""
    card = kept_card(digest, services().media) or _drawn(product_id, digest)
    if card is None:
        raise NotFoundError("no such card")
    response = Response(card, content_type="image/jpeg")
    response.headers["Cache-Control"] = FOREVER
    return response


def _drawn(product_id: int, digest: str) -> bytes | None:
    """Draw a card for the first who asks, if it is the one of this product now."""
    words = card_words(product_id, shop_settings().brand_name)
    if words is None or words.digest != digest:
        return None
    return drawn_card(words, services().media, headline_face())


def _share_picture(card: ProductCard) -> str:
    """Return the whole address of what networks show; the picture alone where no card is drawn."""
    settings = shop_settings()
    words = words_on(card.title, card.hue, card.picture, settings.brand_name)
    if words is None:
        return structured.share_picture(settings.public_url, card.picture)
    path = url_for("catalog.share_card", product_id=card.product_id, digest=words.digest)
    return settings.public_url + path


def _home_delivery() -> Delivery | None:
    ask: Callable[[], Delivery | None] = current_app.extensions[HOME_DELIVERY]
    return ask()


def _moved(address: str) -> Response:
    response = redirect(address, 301)
    # For good, and still no longer than a page: whoever has the address back stands there again.
    response.headers["Cache-Control"] = "public, max-age=300"
    return Response(response.response, response.status, response.headers)


def _farewell(retired: RetiredProduct) -> ResponseReturnValue:
    related = related_to(retired.subject, now=services().clock.now())
    return render_template("catalog/retired.html", product=retired, related=related), 410


def _asked_variant(page: ProductPage) -> VariantChoice | None:
    """Return the variant that the address names; none for any that the product has not."""
    asked = request.args.get(VARIANT, "")
    return next((v for v in page.variants if asked and str(v.variant_id) == asked), None)


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
    """Return the variant that the page opens with: the first that can be bought, or waited for."""
    held = next((v for v in page.variants if v.availability is Availability.HELD), None)
    return next((v for v in page.variants if v.availability.can_buy), held or page.variants[0])


def _asked(query: str = "", *, collection: str | None = None) -> Asked:
    return Asked(
        query,
        sort=_asked_sort(),
        page=_asked_page(),
        collection=collection,
        values={
            Facet(name): given
            for name in FACETS
            if (given := list(filter(None, request.args.getlist(name))))
        },
        is_literal=bool(query) and request.args.get("exact") == "1",
    )


def _asked_sort() -> str:
    # Only what we know is printed into links again.
    sort = request.args.get("sort", "")
    return sort if sort in SORTS[1:] else ""


def _asked_page() -> int:
    """Return the number that was asked for; 0, which no page has, for what is none."""
    return whole_number(request.args.get("page", "1")) or 0


def _trail(link: CollectionLink | None) -> Trail:
    trail = [(_("Front page"), url_for("content.home"))]
    if link is None:
        return [*trail, (_("Everything"), url_for("catalog.products"))]
    return [*trail, (link.title, url_for("catalog.collection", handle=link.handle))]


def _first_picture(shown: ProductListing, link: CollectionLink | None) -> Picture | None:
    if link is not None and link.picture is not None:
        return link.picture
    return shown.cards[0].picture if shown.cards else None

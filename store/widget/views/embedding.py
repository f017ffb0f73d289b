"""oEmbed, and the documents that other sites show in a frame: whole, small and without state."""

import json

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from store.catalog.listing import listing
from store.catalog.presenting import Picture, ProductCard
from store.catalog.queries import collection_link, product_page
from store.errors import NotFoundError
from store.media.renditions import WIDTHS, rendition_name
from store.web.doors import services
from store.web.letterhead import shop_settings
from store.web.page_policy import cached_for
from store.widget.oembed import Resource, Room, Thumbnail, as_xml, resource_at, rich_answer

blueprint = Blueprint("embedding", __name__)

PRODUCTS_SHOWN = 4
THUMBNAIL_PX = 640
SMALLEST_PX, LARGEST_PX = 1, 10_000


@blueprint.get("/oembed")
@cached_for(300, stale=3600, parameters=("url", "maxwidth", "maxheight", "format"))
def oembed() -> ResponseReturnValue:
    wanted = request.args.get("format", "json").lower()
    if wanted not in {"json", "xml"}:
        return _refusal("formats are json and xml", 501)
    if not request.args.get("url"):
        return _refusal("url is missing", 400)
    settings, room = shop_settings(), _room()
    resource = resource_at(request.args["url"], settings)
    title, picture = _title_and_picture(resource)
    answer = rich_answer(resource, title, settings, room, _thumbnail(picture, room))
    if wanted == "xml":
        return Response(as_xml(answer), content_type="text/xml; charset=utf-8")
    body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(body, content_type="application/json; charset=utf-8")


@blueprint.get("/embed/products/<handle>")
@cached_for(300, stale=3600)
def product(handle: str) -> ResponseReturnValue:
    try:
        card = product_page(handle, now=services().clock.now()).card
    except NotFoundError:
        return _gone()
    address = url_for("catalog.product", handle=card.handle)
    return _document("product", card.title, address, (card,))


@blueprint.get("/embed/collections/<handle>")
@cached_for(300, stale=3600)
def collection(handle: str) -> ResponseReturnValue:
    try:
        link = collection_link(handle)
        cards = listing(now=services().clock.now(), collection=link.handle).cards
    except NotFoundError:
        return _gone()
    address = url_for("catalog.collection", handle=link.handle)
    return _document("collection", link.title, address, cards[:PRODUCTS_SHOWN])


def _document(kind: str, title: str, address: str, cards: tuple[ProductCard, ...]) -> str:
    public_url = services().settings.public_url
    return render_template(
        "widget/embed.html",
        kind=kind,
        title=title,
        canonical=public_url + address,
        cards=cards,
        public_url=public_url,
    )


def _gone() -> ResponseReturnValue:
    public_url = services().settings.public_url
    page = render_template("widget/embed_gone.html", canonical=f"{public_url}/")
    return page, 404


def _refusal(words: str, status: int) -> ResponseReturnValue:
    return Response(words + "\n", status=status, content_type="text/plain; charset=utf-8")


def _title_and_picture(resource: Resource) -> tuple[str, Picture | None]:
    if resource.kind == "products":
        card = product_page(resource.handle, now=services().clock.now()).card
        return card.title, card.picture
    link = collection_link(resource.handle)
    return link.title, link.picture


def _room() -> Room:
    return Room(_pixels("maxwidth", Room().width_px), _pixels("maxheight", Room().height_px))


def _pixels(name: str, otherwise: int) -> int:
    given = request.args.get(name, "")
    # isdigit() alone is true for "²", which int() refuses.
    if not (given.isascii() and given.isdigit() and len(given) <= 9):
        return otherwise
    return min(max(int(given), SMALLEST_PX), LARGEST_PX)


def _thumbnail(picture: Picture | None, room: Room) -> Thumbnail | None:
    """Return the largest rendition within the host's room, or none where none fits."""
    if picture is None or not picture.has_renditions:
        return None
    for width in sorted(WIDTHS, reverse=True):
        height = round(width * picture.height / picture.width)
        largest = min(room.width_px, THUMBNAIL_PX)
        if width <= min(largest, picture.width) and height <= room.height_px:
            name = rendition_name(picture.content_hash, width, "webp")
            return Thumbnail(f"{services().settings.public_url}/media/{name}", width, height)
    return None

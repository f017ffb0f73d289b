"""What search engines ask for: every address that there is, with its pictures."""

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, Response, current_app

from store.content.sitemap import MORE_PLACES, Place, part, part_count
from store.errors import NotFoundError
from store.web.doors import services
from store.web.page_policy import cached_for

blueprint = Blueprint("sitemap", __name__)

SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
IMAGES = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'


@blueprint.get("/sitemap.xml")
@cached_for(600, stale=3600)
def sitemap() -> Response:
    """Name every address, or, where they are too many for one file, the files that do."""
    now, origin = services().clock.now(), services().settings.public_url
    more = _more()
    parts = part_count(now, more)
    if parts == 1:
        return _addresses(part(1, now, more), origin)
    files = (f"{origin}/sitemaps/{number}.xml" for number in range(1, parts + 1))
    listed = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in files)
    return _document(f"<sitemapindex {SITEMAPS}>{listed}</sitemapindex>")


@blueprint.get("/sitemaps/<int(max=100000):number>.xml")
@cached_for(600, stale=3600)
def sitemap_part(number: int) -> Response:
    now, more = services().clock.now(), _more()
    if not 1 <= number <= part_count(now, more):
        raise NotFoundError(f"no sitemap {number}")
    return _addresses(part(number, now, more), services().settings.public_url)


def _more() -> Sequence[Place]:
    ask: Callable[[], Sequence[Place]] = current_app.extensions[MORE_PLACES]
    return ask()


def _addresses(places: Iterable[Place], origin: str) -> Response:
    listed = "".join(_address(place, origin) for place in places)
    return _document(f"<urlset {SITEMAPS} {IMAGES}>{listed}</urlset>")


def _address(place: Place, origin: str) -> str:
    pictures = "".join(
        f"<image:image><image:loc>{origin}/media/{name}</image:loc></image:image>"
        for name in place.pictures
    )
    changed = place.changed_at
    lastmod = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<url><loc>{escape(origin + quote(place.path))}</loc>{lastmod}{pictures}</url>\n"


def _document(root: str) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'
    return Response(body, content_type="application/xml; charset=utf-8")

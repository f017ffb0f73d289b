"""The archive as a feed: Atom (RFC 4287)."""

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from store.newsletter.campaigns.archive import ArchivedLetter, letters
from store.settings import Settings
from store.web.letterhead import shop_settings
from store.web.page_policy import cached_for
from store.web.xml_text import xml_text

blueprint = Blueprint("letter_feeds", __name__)

ATOM = "http://www.w3.org/2005/Atom"
ENTRIES = 20


@blueprint.get("/newsletter/archive.atom")
@cached_for(60, stale=3600)
def archive_atom() -> Response:
    settings = shop_settings()
    body = _atom(settings, list(letters(ENTRIES, settings.public_url)))
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _atom(settings: Settings, entries: list[ArchivedLetter]) -> bytes:
    own = settings.public_url + url_for("letter_feeds.archive_atom")
    page = settings.public_url + url_for("archive.archive")
    newest = max((entry.sent_at for entry in entries), default=datetime(2000, 1, 1, tzinfo=UTC))
    feed = ET.Element("feed", {"xmlns": ATOM, "xml:lang": f"en-{settings.country}"})
    _add(feed, "id", own)
    _add(feed, "title", _("The newsletter of %(name)s", name=settings.brand_name))
    _add(feed, "updated", newest.isoformat())
    ET.SubElement(feed, "link", rel="self", type="application/atom+xml", href=own)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    _add(ET.SubElement(feed, "author"), "name", settings.brand_name)
    for entry in entries:
        _add_entry(feed, entry, settings)
    document: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return document


def _add_entry(feed: ET.Element, entry: ArchivedLetter, settings: Settings) -> None:
    address = settings.public_url + url_for("archive.letter", slug=entry.slug)
    element = ET.SubElement(feed, "entry")
    _add(element, "id", address)
    _add(element, "title", entry.subject)
    _add(element, "published", entry.sent_at.isoformat())
    _add(element, "updated", entry.sent_at.isoformat())
    ET.SubElement(element, "link", rel="alternate", type="text/html", href=address)
    if entry.preview:
        _add(element, "summary", entry.preview)
    content = ET.SubElement(element, "content", type="html")
    content.text = xml_text(str(entry.html))


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = xml_text(text)

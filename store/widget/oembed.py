"""What the shop answers to oEmbed 1.0 (https://oembed.com): a frame with words to fall back on."""

from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from store.errors import NotFoundError
from store.settings import Settings
from store.web.xml_text import xml_text

LONGEST_URL = 2_000
CACHE_AGE_SECONDS = 3600
WIDTH_PX = 600
HEIGHTS_PX = {"products": 340, "collections": 440}
"""What the documents under /embed/ need at that width; they tell a host that listens exactly."""
NARROW_PX = 480
"""Below it a collection stands in two rows of two; embed.css says the same."""
WORDS_OF_TWO_ROWS_PX = 300


@dataclass(frozen=True, slots=True)
class Resource:
    """A page of ours that can be embedded: a product or a collection."""

    kind: str
    handle: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    url: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Room:
    """What the host has space for, in pixels; an answer never asks for more."""

    width_px: int = WIDTH_PX
    height_px: int = 10_000


def resource_at(url: str, settings: Settings) -> Resource:
    """Return what this address of ours shows; raises NotFoundError for any other address."""
    parts = _split(url)
    name = parts[0] if len(parts) == 2 else ""
    if name not in HEIGHTS_PX or not parts[1] or not _is_ours(url, settings):
        raise NotFoundError("no page of ours that can be embedded")
    return Resource(name, parts[1])


def rich_answer(
    resource: Resource,
    title: str,
    settings: Settings,
    room: Room,
    thumbnail: Thumbnail | None = None,
) -> dict[str, str | int]:
    """Return the fields of a rich answer within the room that the host has."""
    page = f"{settings.public_url}/{resource.kind}/{resource.handle}"
    frame = f"{settings.public_url}/embed/{resource.kind}/{resource.handle}"
    width = min(WIDTH_PX, room.width_px)
    height = min(_height_px(resource.kind, width), room.height_px)
    answer: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": settings.brand_name,
        "provider_url": f"{settings.public_url}/",
        "cache_age": CACHE_AGE_SECONDS,
        "width": width,
        "height": height,
        # WordPress keeps these three elements and these attributes, and drops all others.
        "html": (
            f'<blockquote><a href="{escape(page)}">{escape(title)}</a></blockquote>'
            f'<iframe src="{escape(frame)}" width="{width}" height="{height}"'
            f' frameborder="0" scrolling="no" title="{escape(title)}"></iframe>'
        ),
    }
    if thumbnail is None:
        return answer
    return answer | {
        "thumbnail_url": thumbnail.url,
        "thumbnail_width": thumbnail.width_px,
        "thumbnail_height": thumbnail.height_px,
    }


def as_xml(answer: dict[str, str | int]) -> bytes:
    root = ET.Element("oembed")
    for name, value in answer.items():
        ET.SubElement(root, name).text = xml_text(str(value))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _height_px(kind: str, width_px: int) -> int:
    if kind == "collections" and width_px < NARROW_PX:
        # Two pictures beside each other are together as wide as the frame, and five to four high.
        return width_px * 5 // 4 + WORDS_OF_TWO_ROWS_PX
    return HEIGHTS_PX[kind]


def _is_ours(url: str, settings: Settings) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    # A link may have been copied with either scheme.
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == _own_host(settings)


def _own_host(settings: Settings) -> str:
    return urlsplit(settings.public_url).netloc


def _split(url: str) -> list[str]:
    if len(url) > LONGEST_URL:
        return []
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return []
    # No handle holds a NUL, and PostgreSQL will not even look for one.
    return path.strip("/").split("/") if path.isprintable() else []

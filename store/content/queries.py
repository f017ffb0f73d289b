"""Answers what the shop says beside its products: the notice, the front page's plan, text pages."""

from dataclasses import dataclass

from sqlalchemy import select

from store.content.defaults import SLUGS, shipped_page
from store.content.models import Announcement, HomeSection, Page, ShopClosure
from store.content.wording import closed_words
from store.database import db
from store.errors import NotFoundError
from store.statements import read
from store.web.shown import shows_text_page


@dataclass(frozen=True, slots=True)
class Notice:
    """The line above the masthead."""

    text: str
    link: str


@dataclass(frozen=True, slots=True)
class TextPage:
    """A text page as it is shown; the body is Markdown with every name filled in."""

    slug: str
    title: str
    description: str
    body: str


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """One block of the front page as staff planned it; ids are none where nothing was chosen."""

    kind: str
    headline: str
    standfirst: str
    product_id: int | None
    collection_id: int | None


_PLAN = select(
    HomeSection.kind,
    HomeSection.headline,
    HomeSection.standfirst,
    HomeSection.product_id,
    HomeSection.collection_id,
).order_by(HomeSection.position, HomeSection.id)


def active_notice() -> Notice | None:
    """Return the line above the masthead; that the shop is closed comes before anything else."""
    closed = db.session.execute(
        select(ShopClosure.until, ShopClosure.words).where(ShopClosure.is_closed)
    ).one_or_none()
    if closed is not None:
        return Notice(closed_words(closed.until, closed.words), "")
    return current_notice()


def current_notice() -> Notice | None:
    """Return the line that staff wrote, whether or not it stands above the masthead now."""
    row = db.session.execute(
        select(Announcement.text, Announcement.link)
        .where(Announcement.is_active)
        .order_by(Announcement.updated_at.desc(), Announcement.id.desc())
        .limit(1)
    ).one_or_none()
    return Notice(row.text, row.link) if row else None


def home_plan() -> list[PlannedSection]:
    """Return the front page's blocks in order; empty where staff left it to the shop."""
    return [PlannedSection(*row) for row in read(_PLAN)]


def text_page(slug: str, names: dict[str, str]) -> TextPage:
    """Return staff's page, or the one that ships with the store, with {{ names }} filled in.

    Raises NotFoundError for a slug that is neither.
    """
    page = db.session.scalars(select(Page).where(Page.slug == slug)).one_or_none()
    if page is not None:
        title, description, body = page.title, page.seo_description, page.body
    elif slug in SLUGS:
        title, description, body = shipped_page(slug)
    else:
        raise NotFoundError(f"no text page {slug!r}")
    shows_text_page(slug)
    return TextPage(slug, filled(title, names), filled(description, names), filled(body, names))


def other_pages(slug: str, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return slug, title and description of the text pages that ship, but for the one shown."""
    columns = select(Page.slug, Page.title, Page.seo_description).where(Page.slug.in_(SLUGS))
    rewritten = {row.slug: (row.title, row.seo_description) for row in db.session.execute(columns)}
    pages = []
    for one in SLUGS:
        shipped = shipped_page(one)
        title, description = rewritten.get(one, (shipped.title, shipped.description))
        if one != slug:
            shows_text_page(one)
            pages.append((one, filled(title, names), filled(description, names)))
    return pages


def filled(text: str, names: dict[str, str]) -> str:
    """Replace {{ name }} for the names given; anything else in braces stays as it was written."""
    for name, value in names.items():
        text = text.replace("{{ " + name + " }}", value)
    return text

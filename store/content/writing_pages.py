"""Changes what the shop says beside its products: the notice and the text pages."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update

from store.clock import Clock
from store.content.defaults import SLUGS, shipped_page
from store.content.models import Announcement, Page
from store.database import bump_public_version, db
from store.errors import NotFoundError


class NoSuchPageError(NotFoundError):
    """No text page has this slug, neither written nor shipped."""


@dataclass(frozen=True, slots=True)
class PageDraft:
    """A text page as it is written: Markdown, with names in double braces left as they are."""

    title: str
    description: str
    body: str


@dataclass(frozen=True, slots=True)
class PageEntry:
    slug: str
    title: str
    is_shipped: bool
    """Whether it still is the text that came with the store."""


def page_entries() -> list[PageEntry]:
    """Return every text page, those that ship with the store first."""
    rows = db.session.execute(select(Page.slug, Page.title).order_by(Page.title))
    written = dict(rows.all())
    shipped = [
        PageEntry(slug, written.get(slug) or shipped_page(slug).title, slug not in written)
        for slug in SLUGS
    ]
    own = [
        PageEntry(slug, title, is_shipped=False)
        for slug, title in written.items()
        if slug not in SLUGS
    ]
    return shipped + own


def page_draft(slug: str) -> PageDraft:
    """Return the page as it stands; raises NoSuchPageError."""
    page = db.session.scalar(select(Page).where(Page.slug == slug))
    if page is not None:
        return PageDraft(page.title, page.seo_description, page.body)
    if slug not in SLUGS:
        raise NoSuchPageError(f"no page {slug!r}")
    shipped = shipped_page(slug)
    return PageDraft(shipped.title, shipped.description, shipped.body)


def has_page(slug: str) -> bool:
    return slug in SLUGS or bool(db.session.scalar(select(Page.id).where(Page.slug == slug)))


def write_page(slug: str, draft: PageDraft, clock: Clock) -> None:
    """Write a text page, new or not; flushes only."""
    values = {
        "title": draft.title,
        "seo_description": draft.description,
        "body": draft.body,
        "updated_at": clock.now(),
    }
    known = db.session.scalar(
        update(Page).where(Page.slug == slug).values(**values).returning(Page.id)
    )
    if known is None:
        db.session.add(Page(slug=slug, **values))
    db.session.flush()
    bump_public_version()


def drop_page(slug: str) -> None:
    """Delete a page of one's own, or go back to the text that ships; flushes only."""
    db.session.execute(delete(Page).where(Page.slug == slug))
    bump_public_version()


def set_notice(text: str, link: str, clock: Clock) -> None:
    """Show this line above every page; an empty text takes it away. Flushes only."""
    db.session.execute(update(Announcement).values(is_active=False))
    if text:
        db.session.add(Announcement(text=text, link=link, updated_at=clock.now()))
    db.session.flush()
    bump_public_version()

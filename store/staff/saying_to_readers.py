"""What staff let the shop say: notice, closing, text pages; each written down and taken back."""

from collections.abc import Sequence
from datetime import datetime

from store.clock import Clock
from store.content.closing import close_shop, closure, open_shop
from store.content.queries import current_notice
from store.content.writing_pages import (
    NoSuchPageError,
    PageDraft,
    drop_page,
    has_page,
    page_draft,
    set_notice,
    write_page,
)
from store.services import Services
from store.staff.audit import Actor, Thing, Values, record
from store.staff.models import AuditEntry

NOTICE, CLOSING, PAGE = "notice", "closing", "page"


def say_notice(text: str, link: str, actor: Actor, clock: Clock) -> None:
    """Show a line above every page, or take it away; flushes only."""
    before = _notice()
    set_notice(text, link, clock)
    record(actor, "notice.written", Thing(NOTICE, "1"), clock=clock, before=before, after=_notice())


def close(until: datetime | None, words: str, actor: Actor, clock: Clock) -> None:
    """Close the shop; flushes only."""
    before = _closing(clock)
    close_shop(until, words, clock)
    record(
        actor, "shop.closed", Thing(CLOSING, "1"), clock=clock, before=before, after=_closing(clock)
    )


def reopen(actor: Actor, clock: Clock) -> None:
    """Open the shop; flushes only."""
    before = _closing(clock)
    open_shop(clock)
    record(
        actor, "shop.opened", Thing(CLOSING, "1"), clock=clock, before=before, after=_closing(clock)
    )


def save_page(slug: str, draft: PageDraft, actor: Actor, clock: Clock) -> None:
    """Write a text page; flushes only."""
    before = _page(slug) if has_page(slug) else {"title": "", "description": "", "body": ""}
    write_page(slug, draft, clock)
    record(
        actor,
        "page.edited",
        Thing(PAGE, slug, draft.title),
        clock=clock,
        before=before,
        after=_page(slug),
    )


def forget_page(slug: str, actor: Actor, clock: Clock) -> None:
    """Delete a page of one's own, or go back to the shipped text; flushes only."""
    before = _page(slug)
    drop_page(slug)
    thing = Thing(PAGE, slug, str(before["title"]))
    after = _page(slug) if has_page(slug) else {"title": "", "description": "", "body": ""}
    record(actor, "page.dropped", thing, clock=clock, before=before, after=after)


class NoticeUndo:
    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        return _notice()

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        wanted = {**_notice(), **values}
        set_notice(str(wanted["text"]), str(wanted["link"]), services.clock)


class PageUndo:
    """Puts a page back; one that was not there before goes again."""

    def current(self, thing_id: str, fields: Sequence[str], entry: AuditEntry) -> Values | None:
        try:
            return _page(thing_id)
        except NoSuchPageError:
            return {"title": "", "description": "", "body": ""}

    def restore(self, entry: AuditEntry, values: Values, services: Services, actor: Actor) -> None:
        now = self.current(entry.thing_id, (), entry) or {}
        wanted = {**now, **values}
        if not wanted["title"]:
            drop_page(entry.thing_id)
            return
        draft = PageDraft(wanted["title"], wanted["description"], wanted["body"])
        write_page(entry.thing_id, draft, services.clock)


def _notice() -> dict[str, object]:
    shown = current_notice()
    return {"text": shown.text if shown else "", "link": shown.link if shown else ""}


def _closing(clock: Clock) -> dict[str, object]:
    now = closure(clock.now())
    until = now.until.isoformat() if now and now.until else ""
    return {"closed": now is not None, "until": until, "words": now.words if now else ""}


def _page(slug: str) -> dict[str, object]:
    draft = page_draft(slug)
    return {"title": draft.title, "description": draft.description, "body": draft.body}

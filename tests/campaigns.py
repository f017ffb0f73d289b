"""Campaigns of a shop under test."""

from store.clock import Clock
from store.database import db
from store.newsletter.campaigns.models import Campaign
from store.newsletter.topics import Topic


def a_campaign(
    clock: Clock,
    *,
    title: str = "Spring drop",
    subject: str = "Something new this week",
    preview: str = "Two things and a thought",
    body: str = "# Hello\n\nSomething **new** is here.",
    topic: str = Topic.DROPS,
    slug: str | None = None,
) -> Campaign:
    """Add a draft; call it inside `writing()`."""
    now = clock.now()
    made = Campaign(
        title=title,
        topic=topic,
        subject=subject,
        preview=preview,
        body=body,
        slug=slug,
        created_at=now,
        updated_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made

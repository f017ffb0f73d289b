"""The addresses of the archive that search engines should know."""

from sqlalchemy import select

from store.content.sitemap import Place
from store.database import db
from store.newsletter.campaigns.archive import is_archived
from store.newsletter.campaigns.models import Campaign


def archive_places() -> list[Place]:
    """Return the archive and its letters; what is empty is none of the shop's places."""
    rows = db.session.execute(
        select(Campaign.slug, Campaign.started_at).where(is_archived()).order_by(Campaign.id)
    ).all()
    letters = [Place(f"/newsletter/archive/{slug}", at) for slug, at in rows]
    return [Place("/newsletter/archive"), *letters] if letters else []

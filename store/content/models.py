"""What the shop says beside its products: text pages, the home page's sections, the notice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class Page(Model):
    """A text page in Markdown; where no row exists the text that ships with the store is shown."""

    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text)
    seo_description: Mapped[str] = mapped_column(String(400), default="")
    updated_at: Mapped[datetime]


class SectionKind(StrEnum):
    LEAD = "lead"
    COLLECTION = "collection"
    ARRIVALS = "arrivals"


class HomeSection(Model):
    """One block of the home page: the lead story, a collection, or what is new."""

    __tablename__ = "home_section"
    __table_args__ = (
        CheckConstraint("kind IN ('lead', 'collection', 'arrivals')", name="kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    headline: Mapped[str] = mapped_column(String(160), default="")
    standfirst: Mapped[str] = mapped_column(String(400), default="")
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    collection_id: Mapped[int | None] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE")
    )


class Announcement(Model):
    """The line above the masthead; at most one is active."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(400), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime]


class ShopClosure(Model):
    """One row: whether nothing can be bought now, until when, and what readers are told."""

    __tablename__ = "shop_closure"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    is_closed: Mapped[bool] = mapped_column(default=False)
    until: Mapped[datetime | None]
    """When it opens again by itself; None waits for somebody."""
    words: Mapped[str] = mapped_column(String(160), default="")
    changed_at: Mapped[datetime]

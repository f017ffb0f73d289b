"""What editors decide of the block under stories, and how often each story led to the shop."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.database import Model


class Article(Model):
    """A story of one of our news sites; nothing in its row was ever taken from a query."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_origin", "origin"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(String(500), unique=True)
    origin: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(300), default="")
    """From staff or from the story itself, fetched; empty until one of them gave it."""
    title_sought_at: Mapped[datetime | None]
    """When a job to fetch it was last written."""
    created_at: Mapped[datetime]


class ArticleDay(Model):
    """Cards shown and links followed on one day of the shop's time zone; nobody is identified."""

    __tablename__ = "article_day"
    __table_args__ = (CheckConstraint("views >= 0 AND clicks >= 0", name="counts_not_negative"),)

    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    views: Mapped[int] = mapped_column(default=0)
    """Cards answered by our own processes; what a CDN answered is not in it."""
    clicks: Mapped[int] = mapped_column(default=0)


class Scope(StrEnum):
    """What an editor's rule hangs on: one story, one section, one tag."""

    ARTICLE = "article"
    SECTION = "section"
    TAG = "tag"


class Pin(Model):
    """A product that stands first under these stories."""

    __tablename__ = "pin"
    __table_args__ = (
        UniqueConstraint("scope", "key", "product_id"),
        CheckConstraint("scope IN ('article', 'section', 'tag')", name="scope_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(500))
    """The address in normal form, or the folded section or tag."""
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Block(Model):
    """A product that never stands under these stories."""

    __tablename__ = "block"
    __table_args__ = (
        UniqueConstraint("scope", "key", "product_id"),
        CheckConstraint("scope IN ('article', 'section', 'tag')", name="scope_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(500))
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]


class QuietTopic(Model):
    """Words of a headline, section or tag under which nothing is sold, beside the built-in ones."""

    __tablename__ = "quiet_topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(200), unique=True)
    """Folded; a story that carries them in this order is quiet."""
    created_at: Mapped[datetime]


class Synonym(Model):
    """What stories say and what products say of the same thing."""

    __tablename__ = "synonym"
    __table_args__ = (UniqueConstraint("word", "means"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(80))
    means: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class WidgetSwitch(Model):
    """One row: whether every widget is silenced, since when and by whom."""

    __tablename__ = "widget_switch"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    is_silent: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime]

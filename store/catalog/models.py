"""Products, their options and variants, their pictures, and the collections they stand in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from store.database import Model
from store.money import Money


class ProductStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


class TaxClass(StrEnum):
    """Which of a place's tax rates goods bear; what is zero-rated says so on receipts."""

    STANDARD = "standard"
    REDUCED = "reduced"
    ZERO = "zero"
    EXEMPT = "exempt"
    DIGITAL = "digital"


class StockPolicy(StrEnum):
    """What happens to a tracked variant when nothing is left."""

    DENY = "deny"
    BACKORDER = "backorder"
    PREORDER = "preorder"


class Hue(StrEnum):
    """The six section colours; the style sheet gives each its tokens."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"


variant_option_value = Table(
    "variant_option_value",
    Model.metadata,
    Column("variant_id", ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True),
    Column("option_value_id", ForeignKey("option_value.id", ondelete="RESTRICT"), primary_key=True),
)

variant_image = Table(
    "variant_image",
    Model.metadata,
    Column("variant_id", ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True),
    Column("image_id", ForeignKey("image.id", ondelete="CASCADE"), primary_key=True),
)

product_size_chart = Table(
    "product_size_chart",
    Model.metadata,
    Column("product_id", ForeignKey("product.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "size_chart_id",
        ForeignKey("size_chart.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)
"""One chart a product at most; a chart serves all products that are cut alike."""


class ProductTag(Model):
    __tablename__ = "product_tag"
    # Whoever looks for products of a kind takes the newest of a tag, however many have it.
    __table_args__ = (Index("ix_product_tag_tag_product_id", "tag", "product_id"),)

    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)


class Product(Model):
    """One thing to buy, in one or more variants; the body is Markdown."""

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint("status IN ('draft', 'active', 'archived')", name="status_known"),
        CheckConstraint(
            "tax_class IN ('standard', 'reduced', 'zero', 'exempt', 'digital')",
            name="tax_class_known",
        ),
        Index("ix_product_status_published_at", "status", "published_at"),
        # With all that is asked of it, so that no text is passed over on the way.
        Index("ix_product_status_updated_at_id", "status", "updated_at", "id"),
        Index("ix_product_updated_at_id", "updated_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(255), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    body: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[str] = mapped_column(String(12), default=ProductStatus.DRAFT)
    published_at: Mapped[datetime | None]
    unpublish_at: Mapped[datetime | None] = mapped_column(index=True)
    """When readers see it no longer, as for what is sold for a season."""
    product_type: Mapped[str] = mapped_column(String(120), default="", index=True)
    vendor: Mapped[str] = mapped_column(String(120), default="")
    seo_title: Mapped[str] = mapped_column(String(255), default="")
    seo_description: Mapped[str] = mapped_column(String(400), default="")
    tax_class: Mapped[str] = mapped_column(
        String(12), default=TaxClass.STANDARD, server_default=TaxClass.STANDARD
    )
    """How it is taxed; a variant that is not taxable is exempt whatever this says."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_without_chart: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it shows no size chart although its type has one."""

    size_chart: Mapped["SizeChart | None"] = relationship(secondary=lambda: product_size_chart)
    options: Mapped[list["Option"]] = relationship(
        order_by="Option.position", back_populates="product", cascade="all, delete-orphan"
    )
    variants: Mapped[list["Variant"]] = relationship(
        order_by="Variant.position", back_populates="product", cascade="all, delete-orphan"
    )
    images: Mapped[list["Image"]] = relationship(
        order_by="Image.position", back_populates="product", cascade="all, delete-orphan"
    )
    tag_rows: Mapped[list[ProductTag]] = relationship(
        order_by=ProductTag.tag, cascade="all, delete-orphan"
    )
    tags: AssociationProxy[list[str]] = association_proxy(
        "tag_rows", "tag", creator=lambda tag: ProductTag(tag=tag)
    )

    @property
    def is_active(self) -> bool:
        return self.status == ProductStatus.ACTIVE


class SizeChart(Model):
    """Measures as a Markdown table, written once for all the products that are cut alike."""

    __tablename__ = "size_chart"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]


class SizeChartType(Model):
    """A type of products that show this chart where nobody chose another for one of them."""

    __tablename__ = "size_chart_type"

    product_type: Mapped[str] = mapped_column(String(120), primary_key=True)
    size_chart_id: Mapped[int] = mapped_column(
        ForeignKey("size_chart.id", ondelete="CASCADE"), index=True
    )


class FormerHandle(Model):
    """An address that a product had once: links to it lead on for ever."""

    __tablename__ = "former_handle"

    handle: Mapped[str] = mapped_column(String(255), primary_key=True)
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), index=True
    )
    since: Mapped[datetime]


class FormerCollectionHandle(Model):
    """An address that a collection had once: links to it lead on for ever."""

    __tablename__ = "former_collection_handle"

    handle: Mapped[str] = mapped_column(String(160), primary_key=True)
    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), index=True
    )
    since: Mapped[datetime]


class Option(Model):
    """Something that a buyer chooses, such as Size; at most three a product."""

    __tablename__ = "option"
    __table_args__ = (
        UniqueConstraint("product_id", "name"),
        CheckConstraint("position BETWEEN 1 AND 3", name="position_one_to_three"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))

    product: Mapped[Product] = relationship(back_populates="options")
    values: Mapped[list["OptionValue"]] = relationship(
        order_by="OptionValue.position", back_populates="option", cascade="all, delete-orphan"
    )


class OptionValue(Model):
    __tablename__ = "option_value"
    __table_args__ = (UniqueConstraint("option_id", "value"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    option_id: Mapped[int] = mapped_column(ForeignKey("option.id", ondelete="CASCADE"))
    position: Mapped[int]
    value: Mapped[str] = mapped_column(String(255))
    swatch: Mapped[str] = mapped_column(String(7), default="")
    """A colour such as #1d3b6f, or nothing."""

    option: Mapped[Option] = relationship(back_populates="values")


class Variant(Model):
    """One combination of option values that exists: what has a price, a stock and a weight."""

    __tablename__ = "variant"
    __table_args__ = (
        UniqueConstraint("product_id", "combination"),
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("compare_at_minor > price_minor", name="compare_at_above_price"),
        CheckConstraint("weight_grams >= 0", name="weight_not_negative"),
        CheckConstraint("policy IN ('deny', 'backorder', 'preorder')", name="policy_known"),
        CheckConstraint("least_minor > 0", name="least_positive"),
        CheckConstraint("most_minor >= least_minor", name="most_from_least"),
        CheckConstraint(
            "NOT is_gift_card OR NOT (requires_shipping OR taxable OR tracked)",
            name="gift_card_is_plain",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    position: Mapped[int]
    combination: Mapped[str] = mapped_column(String(800), default="")
    """Option values joined by " / " in option order; unique in a product, empty without options."""
    sku: Mapped[str | None] = mapped_column(String(120), unique=True)
    barcode: Mapped[str] = mapped_column(String(80), default="")
    price_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    compare_at_minor: Mapped[int | None]
    weight_grams: Mapped[int] = mapped_column(default=0)
    requires_shipping: Mapped[bool] = mapped_column(default=True)
    taxable: Mapped[bool] = mapped_column(default=True)
    tracked: Mapped[bool] = mapped_column(default=True)
    policy: Mapped[str] = mapped_column(String(12), default=StockPolicy.DENY)
    is_gift_card: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether each unit is a gift card of its price: nothing to send, to count or to tax."""
    least_minor: Mapped[int | None]
    """Where readers choose the price, the least that they may choose; the price is the same."""
    most_minor: Mapped[int | None]
    suggested: Mapped[list[int]] = mapped_column(JSON, default=list, server_default="[]")
    """Amounts to choose from, in minor units."""

    price: Mapped[Money] = composite("price_minor", "currency")

    product: Mapped[Product] = relationship(back_populates="variants")
    option_values: Mapped[list[OptionValue]] = relationship(secondary=variant_option_value)
    images: Mapped[list["Image"]] = relationship(
        secondary=variant_image, order_by="Image.position", back_populates="variants"
    )

    @property
    def compare_at(self) -> Money | None:
        if self.compare_at_minor is None:
            return None
        return Money(self.compare_at_minor, self.currency)


class Image(Model):
    """A picture of a product or a collection; its bytes lie in the media store under their hash."""

    __tablename__ = "image"
    __table_args__ = (Index("ix_image_product_id_position", "product_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=1)
    content_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    """SHA-256 of the cleaned original; empty while only the address of its source is known."""
    source_url: Mapped[str] = mapped_column(String(2000), default="")
    alt: Mapped[str] = mapped_column(String(400), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    has_renditions: Mapped[bool] = mapped_column(default=False)

    product: Mapped[Product | None] = relationship(back_populates="images")
    variants: Mapped[list[Variant]] = relationship(secondary=variant_image, back_populates="images")


class CollectionProduct(Model):
    __tablename__ = "collection_product"
    __table_args__ = (
        Index("ix_collection_product_collection_id_position", "collection_id", "position"),
    )

    collection_id: Mapped[int] = mapped_column(
        ForeignKey("collection.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[int] = mapped_column(
        ForeignKey("product.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]

    product: Mapped[Product] = relationship()


class Matching(StrEnum):
    """How products come into a collection: chosen one by one, or by all or any of its rules."""

    BY_HAND = "by_hand"
    ALL = "all"
    ANY = "any"


class RuleField(StrEnum):
    """What a rule looks at."""

    TYPE = "type"
    TAG = "tag"
    VENDOR = "vendor"
    TITLE = "title"
    PRICE = "price"


class RuleRelation(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


class CollectionRule(Model):
    """One thing that is asked of a product; a price is written in minor units."""

    __tablename__ = "collection_rule"
    __table_args__ = (UniqueConstraint("collection_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collection_id: Mapped[int] = mapped_column(ForeignKey("collection.id", ondelete="CASCADE"))
    position: Mapped[int]
    field: Mapped[str] = mapped_column(String(12))
    relation: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(255))


class Collection(Model):
    """A section of the shop: products in an order that somebody chose, under one colour."""

    __tablename__ = "collection"
    __table_args__ = (
        CheckConstraint("matching IN ('by_hand', 'all', 'any')", name="matching_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(String(160), unique=True)
    title: Mapped[str] = mapped_column(String(255))
    standfirst: Mapped[str] = mapped_column(String(400), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    hue: Mapped[str] = mapped_column(String(12), default=Hue.BLUE)
    position: Mapped[int] = mapped_column(default=0)
    is_featured: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=True)
    matching: Mapped[str] = mapped_column(
        String(8), default=Matching.BY_HAND, server_default=Matching.BY_HAND.value
    )
    image_id: Mapped[int | None] = mapped_column(ForeignKey("image.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    image: Mapped[Image | None] = relationship()
    entries: Mapped[list[CollectionProduct]] = relationship(
        order_by=CollectionProduct.position, cascade="all, delete-orphan"
    )
    rules: Mapped[list[CollectionRule]] = relationship(
        order_by=CollectionRule.position, cascade="all, delete-orphan"
    )


class ProductChange(Model):
    """What a listing must read again: a product, or who stands in a section and in which order.

    The database writes these rows itself, by triggers, whoever changes what listings show; the
    public version that a change came out with is filled in when it rises.
    """

    __tablename__ = "product_change"
    __table_args__ = (
        Index(
            "ix_product_change_version_product_id_collection_id",
            "version",
            "product_id",
            "collection_id",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int | None]
    """No foreign key: a product that is gone must be read again as well."""
    collection_id: Mapped[int | None]
    version: Mapped[int | None]


class SearchWord(Model):
    """A word of the search index under each form that it has without one of its letters."""

    __tablename__ = "search_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    part: Mapped[str] = mapped_column(String(24), index=True)
    """Not unique: two writers of the same new word need not wait for each other."""
    word: Mapped[str] = mapped_column(String(24))


class SearchSynonym(Model):
    """Words that staff say mean the same to whoever searches, such as "esky, cool box"."""

    __tablename__ = "search_synonym"

    id: Mapped[int] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(String(400), unique=True)

"""The form of one product: as it was typed, what of it cannot be, and the product that it means.

What was not touched is kept to the letter, also where nobody would type it that way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.describing import draft_of
from store.catalog.drafts import ProductDraft
from store.catalog.handles import RESERVED, slugify
from store.catalog.importing import cells
from store.catalog.models import Product, ProductStatus, TaxClass
from store.catalog.size_charts import chart_choice
from store.staff.forms.grid import Grid, shown_variant
from store.staff.forms.matrix import (
    MOST_VARIANTS,
    Matrix,
    OptionRow,
    TooManyVariantsError,
    ValueRow,
    VariantRow,
    change,
    read_matrix,
    take_typed_values,
)
from store.staff.forms.options import one_line, read_options

LONGEST = {
    "title": 255,
    "product_type": 120,
    "vendor": 120,
    "handle": 160,
    "seo_title": 255,
    "seo_description": 400,
    "body": 200_000,
    "size_chart": 120,
    "tax_class": 12,
}
LONGEST_TAG, MOST_TAGS = 80, 250
MOMENT = "%Y-%m-%dT%H:%M"
WORDS = (*LONGEST, "tags", "status", "published_at", "unpublish_at")


@dataclass(slots=True)
class ProductForm:
    """Everything as text; errors are known by the name of the field that they stand beside."""

    words: dict[str, str]
    collections: list[str]
    matrix: Matrix
    opened: str = ""
    """What the product was when the form was opened."""
    key: str = ""
    """Tells the forms of products apart that are not made yet."""
    new_values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls) -> "ProductForm":
        words = dict.fromkeys(WORDS, "") | {"status": ProductStatus.DRAFT.value}
        first = VariantRow({})
        return cls(words, [], Matrix([], [first]))

    @classmethod
    def of(cls, product: Product, collections: Sequence[str], zone: ZoneInfo) -> "ProductForm":
        """Return the form that, sent back untouched, changes nothing."""
        return cls(_shown(product, zone), list(collections), _matrix_of(product))

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> "ProductForm":
        matrix = read_matrix(posted)
        typed = {o.slot: posted.get(f"new-{o.slot}", "") for o in matrix.options}
        return cls(
            {name: posted.get(name, "") for name in WORDS},
            [handle for handle in posted.getlist("collections") if handle],
            matrix,
            posted.get("opened", ""),
            posted.get("key", ""),
            typed,
        )

    def do(self, act: str) -> None:
        """Do what a button of the grid says; what was typed for new values becomes values."""
        try:
            take_typed_values(self.matrix, self.new_values)
            self.new_values = {}
            change(self.matrix, act)
        except TooManyVariantsError as error:
            self.errors["options"] = _too_many(error.wanted)

    def values(
        self, product: Product | None, *, currency: str, zone: ZoneInfo
    ) -> dict[str, Any] | None:
        """Return the product that is meant, as entries keep it; None where errors say why not."""
        current = draft_of(product) if product else None
        try:
            take_typed_values(self.matrix, self.new_values)
            self.new_values = {}
        except TooManyVariantsError as error:
            self.errors["options"] = _too_many(error.wanted)
        if len(self.matrix.variants) > MOST_VARIANTS:
            self.errors["options"] = _too_many(len(self.matrix.variants))
        options = read_options(self.matrix, current, self.errors)
        grid = Grid(self.matrix, current, currency, self.errors)
        variants = grid.variants(options)
        words = self._words(product)
        dates = self._dates(product, zone)
        if self.errors:
            return None
        draft = ProductDraft(
            **words,
            tags=self._tags(current),
            options=options,
            variants=variants,
            status=ProductStatus(self.words["status"]),
            pictures=current.pictures if current else (),
            collections=tuple(self.collections),
        )
        return {
            "draft": draft,
            **dates,
            "size_chart": self.words["size_chart"] or None,
            "tax_class": self._tax_class(product),
        }

    def _words(self, product: Product | None) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: self._text(name, getattr(product, name) if product else "")
            for name in ("title", "product_type", "vendor", "seo_title", "seo_description")
        }
        found["body"] = self._body(product.body if product else "")
        found["handle"] = self._handle(product.handle if product else "", found["title"])
        is_touched = product is None or found["title"] != product.title
        if is_touched and not cells.can_be_read(found["title"]):
            self.errors["title"] = str(_("Give it a title: it heads the page and every receipt."))
        if self.words["status"] not in set(ProductStatus):
            self.errors["status"] = str(_("Choose a status."))
        if len(self.tags_typed()) > MOST_TAGS:
            self.errors["tags"] = str(_("Those are more than 250 tags."))
        if any(len(tag) > LONGEST_TAG for tag in self.tags_typed()):
            self.errors["tags"] = str(_("Keep each tag under 80 characters."))
        return found

    def _tax_class(self, product: Product | None) -> str:
        """Return the class that was chosen; a form that knows none leaves it as it is."""
        chosen = self.words["tax_class"]
        known = product.tax_class if product else TaxClass.STANDARD
        return str(TaxClass(chosen) if chosen in set(TaxClass) else known)

    def tags_typed(self) -> list[str]:
        return cells.tags(self.words["tags"])

    def _tags(self, current: ProductDraft | None) -> tuple[str, ...]:
        if current and self.words["tags"] == one_line(", ".join(current.tags)):
            return current.tags
        return tuple(self.tags_typed())

    def _text(self, name: str, known: str) -> str:
        typed = self.words[name]
        if typed == one_line(known):
            return known
        text = cells.one_line(typed)
        if len(text) > LONGEST[name]:
            limit = LONGEST[name]
            self.errors[name] = str(_("Keep this under %(limit)s characters.", limit=limit))
        return text

    def _body(self, known: str) -> str:
        typed = _lines(self.words["body"])
        if typed == _lines(known):
            return known
        if len(typed) > LONGEST["body"]:
            self.errors["body"] = str(_("That text is longer than a page can carry."))
        return typed

    def _handle(self, known: str, title: str) -> str:
        typed = self.words["handle"].strip()
        if not typed:
            return known or slugify(title)
        if typed == known:
            return known
        wanted = slugify(typed)
        if not wanted:
            self.errors["handle"] = str(_("An address needs at least one letter or digit."))
        elif wanted in RESERVED:
            self.errors["handle"] = str(
                _(
                    "The shop itself answers at this address. Choose another, such as %(other)s.",
                    other=f"{wanted}-2",
                )
            )
        return wanted

    def _dates(self, product: Product | None, zone: ZoneInfo) -> dict[str, str | None]:
        found = {
            name: self._moment(name, getattr(product, name) if product else None, zone)
            for name in ("published_at", "unpublish_at")
        }
        starts, ends = found["published_at"], found["unpublish_at"]
        if starts and ends and ends <= starts:
            self.errors["unpublish_at"] = str(_("It would end before it appears."))
        return {name: at.isoformat() if at else None for name, at in found.items()}

    def _moment(self, name: str, known: datetime | None, zone: ZoneInfo) -> datetime | None:
        typed = self.words[name].strip()
        if typed == shown_moment(known, zone):
            return known
        if not typed:
            return None
        try:
            # Far ends of the calendar have no moment in every zone.
            return datetime.strptime(typed[:16], MOMENT).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            self.errors[name] = str(_("Write a date and a time, such as 2026-12-01T09:00."))
            return known


def shown_moment(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime(MOMENT) if moment else ""


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _shown(product: Product, zone: ZoneInfo) -> dict[str, str]:
    words = {
        name: one_line(str(getattr(product, name)))
        for name in ("title", "product_type", "vendor", "handle", "seo_title", "seo_description")
    }
    return words | {
        "body": product.body,
        "status": str(product.status),
        "tags": one_line(", ".join(sorted(product.tags))),
        "published_at": shown_moment(product.published_at, zone),
        "unpublish_at": shown_moment(product.unpublish_at, zone),
        "size_chart": chart_choice(product) or "",
        "tax_class": str(product.tax_class),
    }


def _matrix_of(product: Product) -> Matrix:
    options = [
        OptionRow(
            str(place),
            one_line(option.name),
            [
                ValueRow(str(number), one_line(value.value), value.swatch)
                for number, value in enumerate(option.values, start=1)
            ],
        )
        for place, option in enumerate(product.options, start=1)
    ]
    slots = {
        value.id: (str(place), str(number))
        for place, option in enumerate(product.options, start=1)
        for number, value in enumerate(option.values, start=1)
    }
    rows = [shown_variant(variant, slots) for variant in product.variants]
    return Matrix(options, rows)


def _too_many(wanted: int) -> str:
    words: str = _(
        "That makes %(wanted)s variants; a product has at most %(most)s.",
        wanted=wanted,
        most=MOST_VARIANTS,
    )
    return words

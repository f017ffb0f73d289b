"""The grid of a product's form: prices, skus, weights and what is sold when nothing is left."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from store.catalog.drafts import (
    OptionDraft,
    ProductDraft,
    VariantDraft,
    repeated_in,
    settled,
)
from store.catalog.importing import cells
from store.catalog.importing.difference import amount
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.catalog.models import StockPolicy, Variant
from store.money import Money
from store.staff.forms.matrix import Matrix, VariantRow

UNCOUNTED = "uncounted"
YES, NO = "yes", "no"
LONGEST_SKU, LONGEST_BARCODE, MOST_STOCK = 120, 80, 1_000_000


class Grid:
    """Reads the rows; what is wrong is written into the errors under the cell and its row."""

    def __init__(
        self,
        matrix: Matrix,
        current: ProductDraft | None,
        currency: str,
        errors: MutableMapping[str, str],
    ) -> None:
        self._matrix, self._currency, self._errors = matrix, currency, errors
        known = current.variants if current else ()
        self._known = {str(variant.variant_id): variant for variant in known}

    def variants(self, options: Sequence[OptionDraft]) -> tuple[VariantDraft, ...]:
        read = [
            self._variant(place, row, options) for place, row in enumerate(self._matrix.variants)
        ]
        if not read:
            self._errors["options"] = str(_("A product has at least one variant."))
        if twins := repeated_in([variant.combination for variant in read]):
            words = _("Two variants are “%(name)s”; remove one.", name=twins[0])
            self._errors.setdefault("options", str(words))
        skus = repeated_in([variant.sku for variant in read if variant.sku])
        for place, variant in enumerate(read):
            if variant.sku in skus:
                self._errors[f"sku:{place}"] = str(_("Two variants have this SKU."))
        return tuple(read)

    def _variant(self, place: int, row: VariantRow, options: Sequence[OptionDraft]) -> VariantDraft:
        known = self._known.get(row.variant_id)
        currency = known.price.currency if known else self._currency
        base = known or VariantDraft(price=Money(0, currency))
        price = self._price(place, row, base)
        draft = replace(
            base,
            values=self._values(row, options, place),
            price=price,
            compare_at=self._compare_at(place, row, base, price),
            sku=self._code(place, row, "sku", base.sku or "", LONGEST_SKU) or None,
            barcode=self._code(place, row, "barcode", base.barcode, LONGEST_BARCODE),
            weight_grams=self._weight(place, row, base),
            requires_shipping=self._truth(place, row, "sent", known=base.requires_shipping),
            taxable=self._truth(place, row, "taxed", known=base.taxable),
            **self._selling(place, row, base),
        )
        self._check_way(place, draft)
        self._check_stock(place, row, draft)
        return draft

    def _values(
        self, row: VariantRow, options: Sequence[OptionDraft], place: int
    ) -> tuple[str, ...]:
        chosen = []
        for option, read in zip(self._matrix.options, options, strict=True):
            slots = [value.slot for value in option.values]
            pick = row.picks.get(option.slot, "")
            if pick in slots:
                chosen.append(read.values[slots.index(pick)].value)
            elif not self._errors:
                words = _("Row %(n)s does not choose a %(name)s.", n=place + 1, name=read.name)
                self._errors["options"] = str(words)
        return tuple(chosen)

    def _price(self, place: int, row: VariantRow, base: VariantDraft) -> Money:
        typed = row.cells["price"]
        if row.variant_id and typed == amount(base.price):
            return base.price
        found = self._amount(place, "price", typed, base.price.currency)
        if found is None and f"price:{place}" not in self._errors:
            self._errors[f"price:{place}"] = str(_("Give it a price; 0 is one."))
        return base.price if found is None else found

    def _compare_at(
        self, place: int, row: VariantRow, base: VariantDraft, price: Money
    ) -> Money | None:
        typed = row.cells["compare_at"]
        found = (
            base.compare_at
            if typed == shown_amount(base.compare_at)
            else self._amount(place, "compare_at", typed, base.price.currency)
        )
        if found is not None and found.minor <= price.minor:
            self._errors[f"compare_at:{place}"] = str(_("It must be above the price."))
            return None
        return found

    def _amount(self, place: int, name: str, typed: str, currency: str) -> Money | None:
        try:
            return cells.price(typed, Field.PRICE, currency)
        except RowRefusedError:
            self._errors[f"{name}:{place}"] = str(_("Write an amount such as 45 or 1,299.50."))
            return None

    def _code(self, place: int, row: VariantRow, name: str, known: str, longest: int) -> str:
        typed = row.cells[name]
        if typed == known.replace("\r", "").replace("\n", ""):
            return known
        found = cells.code(typed)
        if len(found) > longest:
            words = _("Keep it under %(limit)s characters.", limit=longest)
            self._errors[f"{name}:{place}"] = str(words)
        return found

    def _weight(self, place: int, row: VariantRow, base: VariantDraft) -> int:
        if row.cells["weight"] == str(base.weight_grams):
            return base.weight_grams
        try:
            return cells.grams(row.cells["weight"])
        except RowRefusedError:
            self._errors[f"weight:{place}"] = str(_("Write grams, such as 220."))
            return 0

    def _truth(self, place: int, row: VariantRow, name: str, *, known: bool) -> bool:
        typed = row.cells[name]
        if typed not in {YES, NO, ""}:
            self._errors[f"{name}:{place}"] = str(_("Choose yes or no."))
        return typed == YES if typed in {YES, NO} else known

    def _selling(self, place: int, row: VariantRow, base: VariantDraft) -> dict[str, Any]:
        chosen = row.cells["selling"] or StockPolicy.DENY.value
        if chosen == UNCOUNTED:
            return {"tracked": False, "policy": base.policy}
        if chosen not in set(StockPolicy):
            self._errors[f"selling:{place}"] = str(_("Choose what happens when none is left."))
            return {}
        return {"tracked": True, "policy": StockPolicy(chosen)}

    def _check_way(self, place: int, draft: VariantDraft) -> None:
        """Say which cell contradicts that it is a gift card, or that readers choose its price."""
        agreed = settled(draft)
        if draft.price != agreed.price or draft.compare_at != agreed.compare_at:
            self._errors[f"price:{place}"] = str(
                _("Readers choose this price. Change its bounds under “How it is sold”.")
            )
        if draft.is_gift_card and draft != agreed:
            self._errors.setdefault(
                f"selling:{place}", str(_("A gift card is not sent, not taxed and not counted."))
            )

    def _check_stock(self, place: int, row: VariantRow, draft: VariantDraft) -> None:
        typed = row.cells["stock"].strip()
        if not typed:
            return
        if not (typed.isascii() and typed.isdigit() and int(typed[:8]) <= MOST_STOCK):
            self._errors[f"stock:{place}"] = str(_("Write a whole number, such as 12."))
        elif len(typed) > 7:
            self._errors[f"stock:{place}"] = str(_("That is more than any shelf holds."))
        elif not draft.tracked and int(typed):
            self._errors[f"stock:{place}"] = str(_("Nobody counts this variant."))


def shown_amount(money: Money | None) -> str:
    return "" if money is None else amount(money)


def shown_variant(variant: Variant, slots: Mapping[int, tuple[str, str]]) -> VariantRow:
    """Return a variant as the grid shows it."""
    return VariantRow(
        dict(slots[value.id] for value in variant.option_values),
        str(variant.id),
        {
            "price": amount(variant.price),
            "compare_at": shown_amount(variant.compare_at),
            "sku": (variant.sku or "").replace("\r", "").replace("\n", ""),
            "barcode": variant.barcode.replace("\r", "").replace("\n", ""),
            "weight": str(variant.weight_grams),
            "sent": YES if variant.requires_shipping else NO,
            "taxed": YES if variant.taxable else NO,
            "selling": str(variant.policy) if variant.tracked else UNCOUNTED,
            "stock": "",
        },
    )

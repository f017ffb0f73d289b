"""The form of how variants are sold: at their price, at one that readers choose, as gift cards."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.choosing_prices import PriceChoice, typed
from store.catalog.drafts import ProductDraft, VariantDraft, settled
from store.catalog.importing import cells
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.money import Money, smallest_charge

MOST_SUGGESTED = 6
CELLS = ("way", "price", "least", "most", "suggested")


class Way(StrEnum):
    """What readers are sold, and at whose price."""

    GOODS = "goods"
    GOODS_CHOSEN = "goods_chosen"
    GIFT_CARD = "gift_card"
    GIFT_CARD_CHOSEN = "gift_card_chosen"

    @property
    def is_gift_card(self) -> bool:
        return self in {Way.GIFT_CARD, Way.GIFT_CARD_CHOSEN}

    @property
    def is_chosen(self) -> bool:
        return self in {Way.GOODS_CHOSEN, Way.GIFT_CARD_CHOSEN}


@dataclass(slots=True)
class WaysForm:
    """Every cell as it was typed, by variant; errors are known by cell and variant."""

    rows: dict[int, dict[str, str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, draft: ProductDraft) -> "WaysForm":
        return cls({v.variant_id: _shown(v) for v in draft.variants if v.variant_id is not None})

    @classmethod
    def read(cls, posted: MultiDict[str, str], draft: ProductDraft) -> "WaysForm":
        known = cls.of(draft)
        for variant_id, row in known.rows.items():
            for cell in CELLS:
                row[cell] = posted.get(f"{cell}-{variant_id}", row[cell]).strip()
        return known

    def wanted(self, draft: ProductDraft) -> ProductDraft | None:
        """Return the product as it is to be sold; None with the errors beside their cells."""
        variants = tuple(self._variant(variant) for variant in draft.variants)
        return None if self.errors else replace(draft, variants=variants)

    def _variant(self, variant: VariantDraft) -> VariantDraft:
        number = variant.variant_id or 0
        row = self.rows[number]
        way = Way(row["way"]) if row["way"] in set(Way) else Way.GOODS
        wanted = replace(variant, is_gift_card=way.is_gift_card, choice=None)
        if variant.is_gift_card and not way.is_gift_card:
            # What a gift card never is, goods are, until somebody says otherwise.
            wanted = replace(wanted, taxable=True, requires_shipping=True)
        if way.is_chosen:
            return settled(replace(wanted, choice=self._choice(number, row, variant)))
        price = self._amount(number, "price", variant)
        if price is not None and price != variant.price:
            wanted = replace(wanted, price=price, compare_at=None)
        if way.is_gift_card and wanted.price < smallest_charge(wanted.price.currency):
            self.errors[f"price-{number}"] = str(_("A gift card has a value."))
        return settled(wanted)

    def _choice(self, number: int, row: dict[str, str], variant: VariantDraft) -> Any:
        least, most = (self._amount(number, name, variant) for name in ("least", "most"))
        if least is None or most is None:
            return None
        if least < smallest_charge(least.currency):
            words = _("A card payment comes to more than that; let it be more.")
            self.errors[f"least-{number}"] = str(words)
            return None
        choice = PriceChoice(least, most)
        if most < least or not (choice.allows(least) and choice.allows(most)):
            self.errors[f"most-{number}"] = str(_("It must be the least or more."))
            return None
        return replace(choice, suggested=self._suggested(number, row["suggested"], choice))

    def _suggested(self, number: int, text: str, choice: PriceChoice) -> tuple[Money, ...]:
        found = [self._read(part, choice.least.currency) for part in text.replace(";", " ").split()]
        amounts = tuple(dict.fromkeys(amount for amount in found if amount is not None))
        if None in found or len(found) > MOST_SUGGESTED or not all(map(choice.allows, amounts)):
            self.errors[f"suggested-{number}"] = str(
                _("Up to %(most)s amounts within the bounds, with spaces.", most=MOST_SUGGESTED)
            )
        return amounts

    def _amount(self, number: int, name: str, variant: VariantDraft) -> Money | None:
        found = self._read(self.rows[number][name], variant.price.currency)
        if found is None:
            self.errors[f"{name}-{number}"] = str(_("Write an amount such as 45 or 1,299.50."))
        return found

    def _read(self, text: str, currency: str) -> Money | None:
        try:
            return cells.price(text, Field.PRICE, currency)
        except RowRefusedError:
            return None


def _shown(variant: VariantDraft) -> dict[str, str]:
    choice = variant.choice
    ways = {
        (False, False): Way.GOODS,
        (False, True): Way.GOODS_CHOSEN,
        (True, False): Way.GIFT_CARD,
        (True, True): Way.GIFT_CARD_CHOSEN,
    }
    return {
        "way": ways[variant.is_gift_card, choice is not None].value,
        "price": typed(variant.price),
        "least": typed(choice.least) if choice else "",
        "most": typed(choice.most) if choice else "",
        "suggested": " ".join(map(typed, choice.suggested)) if choice else "",
    }

"""Reads how tax is to be reckoned, rule by rule, as it was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from flask_babel import gettext as _

from store.catalog.models import TaxClass
from store.pricing.places import read_regions
from store.pricing.tax import Taxes, TaxRule, TaxRules, percent_of
from store.pricing.writing_taxes import MOST_RULES, RATED

NAMES = ("country", "regions", "tax_class", "name", "rate")
SPARE_RULES = 2
LONGEST = {"regions": 2_000}
CODED = (
    TaxClass.STANDARD,
    TaxClass.REDUCED,
    TaxClass.DIGITAL,
    TaxClass.ZERO,
    TaxClass.EXEMPT,
)


@dataclass(slots=True)
class RuleCells:
    """One rule as it was typed, and what is wrong with each cell."""

    typed: dict[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for name, text in self.typed.items() if name != "tax_class")


@dataclass(slots=True)
class TaxForm:
    """The whole form; `rules` are those that were filled in."""

    is_included: bool
    by_line: bool
    is_by_stripe: bool
    codes: dict[str, str]
    cells: list[RuleCells]
    rules: list[TaxRule] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def has_faults(self) -> bool:
        return bool(self.faults) or any(rule.faults for rule in self.cells)

    @property
    def filled(self) -> list[RuleCells]:
        return [rule for rule in self.cells if not rule.is_blank]

    def to_taxes(self) -> Taxes:
        return Taxes(
            tuple(self.rules),
            TaxRules(is_included=self.is_included, by_line=self.by_line),
            is_by_stripe=self.is_by_stripe,
            codes={name: code for name, code in self.codes.items() if code},
        )

    def refuse(self, faults: Sequence[tuple[int, str, str]]) -> None:
        words = {
            "unknown": _("Give a code of two letters, such as AU."),
            "unknown_region": _(
                "This country has no such part: give codes of states or postcodes."
            ),
            "many_regions": _("That is more than 120 parts: use prefixes such as 08*."),
            "bounds": _("A rate is 0 to 100 per cent."),
            "taken": _("Another rule says this of the same place and class."),
        }
        for place, name, reason in faults:
            self.filled[place].faults[name] = str(words[reason])


def form_of(taxes: Taxes) -> TaxForm:
    """Return the form of what counts now, with room for more."""
    shown = [RuleCells(_typed(rule)) for rule in taxes.rules]
    spare = [RuleCells(dict.fromkeys(NAMES, "")) for _ in range(SPARE_RULES)]
    codes = {tax_class.value: taxes.codes.get(tax_class, "") for tax_class in CODED}
    return TaxForm(
        taxes.how.is_included,
        taxes.how.by_line,
        taxes.is_by_stripe,
        codes,
        [*shown, *spare][:MOST_RULES],
        list(taxes.rules),
    )


def read_form(posted: Mapping[str, str]) -> TaxForm:
    """Return what was typed; faulty cells keep their text."""
    codes = {c.value: posted.get(f"code-{c.value}", "").strip()[:60] for c in CODED}
    form = TaxForm(
        posted.get("included") == "yes",
        posted.get("rounding") != "total",
        posted.get("by_stripe") == "1",
        codes,
        [],
    )
    for place in range(MOST_RULES):
        if f"country-{place}" in posted:
            form.cells.append(
                RuleCells({n: posted.get(f"{n}-{place}", "")[: LONGEST.get(n, 120)] for n in NAMES})
            )
    for rule in form.filled:
        read = _read(rule)
        if read is not None:
            form.rules.append(read)
    for name, code in codes.items():
        if code and not (code.startswith("txcd_") and code[5:].isalnum()):
            form.faults[f"code-{name}"] = str(_("Stripe’s codes look like txcd_99999999."))
    return form


def _typed(rule: TaxRule) -> dict[str, str]:
    return {
        "country": rule.country,
        "regions": ", ".join(rule.regions),
        "tax_class": rule.tax_class.value,
        "name": rule.name,
        "rate": percent_of(rule.millionths),
    }


def _read(rule: RuleCells) -> TaxRule | None:
    name = " ".join(rule.typed["name"].split())[:40]
    country = rule.typed["country"].strip().upper()
    if not name:
        rule.faults["name"] = str(_("Say what receipts call it, such as GST."))
    if rule.typed["tax_class"] not in {"", *RATED}:
        rule.faults["tax_class"] = str(_("Choose one of the list."))
    millionths = _rate(rule)
    if rule.faults or millionths is None:
        return None
    tax_class = TaxClass(rule.typed["tax_class"] or TaxClass.STANDARD)
    regions = read_regions(country, rule.typed["regions"])
    return TaxRule(name, country, regions, tax_class, millionths)


def _rate(rule: RuleCells) -> int | None:
    """Return a rate in millionths; four decimals of a per cent are as fine as rates are."""
    plain = rule.typed["rate"].strip().removesuffix("%").strip()
    try:
        rate = Decimal(plain) * 10_000 if len(plain) <= 8 else Decimal("NaN")
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite() or rate != int(rate) or not 0 <= rate <= 1_000_000:
        rule.faults["rate"] = str(_("Write a per cent from 0 to 100, such as 10 or 8.875."))
        return None
    return int(rate)

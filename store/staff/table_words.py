"""Whole tables of an entry, told row by row: what came, what went, what another row became."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.catalog.models import RuleField, RuleRelation, TaxClass
from store.money import Money
from store.pricing.rates import RateKind
from store.staff.order_words import country_name
from store.staff.product_words import PartTeller, Told
from store.web.doors import services
from store.web.filters import locale_in, money

Row = Mapping[str, Any]

RULE_FIELDS: Mapping[str, LazyString] = {
    RuleField.TYPE: _l("Type"),
    RuleField.TAG: _l("Tag"),
    RuleField.VENDOR: _l("Vendor"),
    RuleField.TITLE: _l("Title"),
    RuleField.PRICE: _l("Price"),
}
RULE_RELATIONS: Mapping[str, LazyString] = {
    RuleRelation.IS: _l("is"),
    RuleRelation.IS_NOT: _l("is not"),
    RuleRelation.CONTAINS: _l("contains"),
    RuleRelation.AT_LEAST: _l("is at least"),
    RuleRelation.AT_MOST: _l("is at most"),
}
TAX_CLASSES: Mapping[str, LazyString] = {
    TaxClass.STANDARD: _l("standard"),
    TaxClass.REDUCED: _l("reduced"),
    TaxClass.ZERO: _l("zero"),
    TaxClass.EXEMPT: _l("exempt"),
}
BY: Mapping[str, LazyString] = {
    RateKind.WEIGHT: _l("by weight"),
    RateKind.VALUE: _l("by value"),
    RateKind.PICKUP: _l("picked up"),
}


def rule_words(kind: str) -> str:
    """Return what a rule asks without its value: Price is at most."""
    field, _space, relation = kind.partition(" ")
    return f"{RULE_FIELDS[field]} {RULE_RELATIONS[relation]}"


def rules(before: Sequence[str], after: Sequence[str]) -> Iterator[Told]:
    """Tell of a collection's rules, which entries keep as "price at_most 5000"."""
    yield str(_("Rules")), _lines(before), _lines(after)


def products(before: Sequence[str], after: Sequence[str]) -> Iterator[Told]:
    """Tell of the products of a collection that is filled by hand."""
    came = [one for one in after if one not in before]
    went = [one for one in before if one not in after]
    if came:
        yield str(_("Put in")), None, ", ".join(came)
    if went:
        yield str(_("Taken out")), ", ".join(went), None
    stayed = [one for one in before if one in after]
    if stayed != [one for one in after if one in before]:
        yield str(_("Products")), str(_("in another order")), str(_("as they are now"))


def rates(before: Sequence[Row], after: Sequence[Row]) -> Iterator[Told]:
    """Tell of a table of shipping rates the rows that are not the same in both."""
    yield from _rows(
        {f"{row['zone']}: {row['name']}": _rate(row) for row in before},
        {f"{row['zone']}: {row['name']}": _rate(row) for row in after},
    )


def taxes(before: Row, after: Row) -> Iterator[Told]:
    """Tell of the ways to reckon tax what differs; nothing stands for those of the settings."""
    if not before or not after:
        yield str(_("Tax")), _whose(before), _whose(after)
    yield from _rows(_reckoning(before), _reckoning(after))


def _lines(written: Sequence[str]) -> str | None:
    return "\n".join(map(_rule, written)) or None


def _rule(written: str) -> str:
    field, relation, value = written.split(" ", 2)
    if field == RuleField.PRICE:
        value = _money(Money(int(value), services().settings.currency))
    return f"{rule_words(f'{field} {relation}')} {value}"


def _rows(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Told]:
    for label in {**before, **after}:
        was, became = before.get(label), after.get(label)
        if was != became:
            yield label, was, became


def _rate(row: Row) -> str:
    """Return one row; entries of long ago know flat rates of countries only."""
    price, free_over = Money(**row["price"]), row["free_over"]
    parts = [
        _money(price),
        str(BY.get(row.get("kind", ""), "")),
        *(_step(row, up_to, Money(minor, price.currency)) for up_to, minor in row.get("steps", ())),
        str(_("free from %(amount)s", amount=_money(Money(**free_over)))) if free_over else "",
        str(_("%(first)s to %(last)s days", first=row["min_days"], last=row["max_days"])),
        _where(row["countries"], row.get("regions", ())),
        row.get("pickup_address", ""),
        row.get("pickup_hours", ""),
    ]
    return "\n".join(part for part in parts if part)


def _money(amount: Money) -> str:
    return money(amount, locale_in(services().settings.country))


def _step(row: Row, up_to: int | None, price: Money) -> str:
    """Return a step, whose bound is in grams or in the minor units of what the goods cost."""
    if up_to is None:
        return str(_("above: %(price)s", price=_money(price)))
    if row["kind"] == RateKind.VALUE:
        limit = _money(Money(up_to, price.currency))
    else:
        limit = f"{format_decimal(up_to, locale=get_locale())} g"
    return str(_("up to %(limit)s: %(price)s", limit=limit, price=_money(price)))


def _where(countries: Sequence[str], regions: Sequence[str]) -> str:
    named = [str(_("everywhere else")) if code == "*" else country_name(code) for code in countries]
    return ", ".join([*named, *regions])


def _whose(taxes: Row) -> str:
    return str(_("as staff say") if taxes else _("as the settings say"))


def _reckoning(taxes: Row) -> dict[str, str]:
    if not taxes:
        return {}
    told = {
        str(_("Prices hold tax")): _yes_or_no(is_so=taxes["is_included"]),
        str(_("Rounded line by line")): _yes_or_no(is_so=taxes["by_line"]),
        str(_("Reckoned by Stripe Tax")): _yes_or_no(is_so=taxes["is_by_stripe"]),
    }
    codes = {
        str(_("Code at Stripe: %(name)s", name=TAX_CLASSES[name])): code
        for name, code in taxes["codes"].items()
    }
    return told | codes | {_rule_name(rule): _percent(rule) for rule in taxes["rules"]}


def _yes_or_no(*, is_so: bool) -> str:
    return str(_("yes") if is_so else _("no"))


def _rule_name(rule: Row) -> str:
    where = _where([rule["country"]], rule["regions"])
    return f"{rule['name']}, {where}: {TAX_CLASSES[rule['tax_class']]}"


def _percent(rule: Row) -> str:
    return f"{format_decimal(rule['millionths'] / 10_000, locale=get_locale())} %"


PARTS: Mapping[str, PartTeller] = {
    "products": products,
    "rates": rates,
    "rules": rules,
    "tax": taxes,
}
"""What is told row by row, by the name of its field."""

"""A product's variants, pictures and options as an entry tells of them: each change by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.catalog.drafts import SEPARATOR
from store.catalog.importing.difference import amount
from store.money import Money
from store.web.doors import services
from store.web.filters import moment_words

Part = Mapping[str, Any]
Told = tuple[str, Any, Any]
"""What changed, what it was and what it became; None where it was not there."""
PartTeller = Callable[[Any, Any], Iterator[Told]]
"""Tells what is different in a field, from what entries keep of it before and after."""

VARIANT_FIELDS: Mapping[str, LazyString] = {
    "price": _l("price"),
    "compare_at": _l("compare at"),
    "sku": _l("SKU"),
    "barcode": _l("barcode"),
    "weight_grams": _l("grams"),
    "requires_shipping": _l("is sent"),
    "taxable": _l("taxed"),
    "tracked": _l("counted"),
    "policy": _l("when sold out"),
}


def _variants(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Told]:
    left = list(before)
    for wanted in after:
        was = _same(left, wanted)
        if was is None:
            yield _name(wanted), None, wanted["price"]
            continue
        left.remove(was)
        if was["values"] != wanted["values"]:
            yield str(_("Variant")), _name(was), _name(wanted)
        for field, words in VARIANT_FIELDS.items():
            if was.get(field) != wanted.get(field):
                yield f"{_name(wanted)}: {words}", was.get(field), wanted.get(field)
        if was.get("pictures") != wanted.get("pictures"):
            yield f"{_name(wanted)}: {_('pictures')}", *_numbers(was, wanted)
    for gone in left:
        yield _name(gone), gone["price"], None
    if not left and _names(before) != _names(after) and set(_names(before)) == set(_names(after)):
        yield str(_("Order of variants")), ", ".join(_names(before)), ", ".join(_names(after))


def _same(left: Sequence[Part], wanted: Part) -> Part | None:
    number = wanted.get("variant_id")
    by_number = (was for was in left if number and was.get("variant_id") == number)
    by_values = (was for was in left if was["values"] == wanted["values"])
    return next(by_number, None) or next(by_values, None)


def _numbers(was: Part, wanted: Part) -> tuple[int, int]:
    return len(was.get("pictures", ())), len(wanted.get("pictures", ()))


def _names(variants: Sequence[Part]) -> list[str]:
    return [_name(variant) for variant in variants]


def _name(variant: Part) -> str:
    return SEPARATOR.join(variant["values"]) or str(_("Variant"))


def _pictures(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Told]:
    known = {_key(picture): picture for picture in before}
    if len(before) != len(after):
        yield str(_("Pictures")), len(before), len(after)
    elif [_key(picture) for picture in before] != [_key(picture) for picture in after]:
        yield str(_("Pictures")), str(_("in another order")), str(_("as they are now"))
    for picture in after:
        was = known.get(_key(picture))
        if was is not None and was["alt"] != picture["alt"]:
            yield str(_("Description of a picture")), was["alt"], picture["alt"]


def _key(picture: Part) -> str:
    return str(picture.get("source_url") or picture.get("content_hash"))


def _options(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Told]:
    yield str(_("Options")), _option_lines(before), _option_lines(after)


def _option_lines(options: Sequence[Part]) -> str:
    return "\n".join(
        f"{option['name']}: {', '.join(map(_value, option['values']))}" for option in options
    )


def _value(value: Part) -> str:
    return f"{value['value']} {value['swatch']}".strip()


def _picture(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Told]:
    """Tell of a single picture, which entries keep by its hash."""
    yield (
        str(_("Picture")),
        str(_("the one before")) if before else None,
        str(_("another one")) if after else None,
    )


def _prices(before: Sequence[Part], after: Sequence[Part]) -> Iterator[Told]:
    for part in before:
        if part not in after:
            yield part["name"] or str(_("Price")), _price_for_a_time(part), None
    for part in after:
        if part not in before:
            yield part["name"] or str(_("Price")), None, _price_for_a_time(part)


def _price_for_a_time(part: Part) -> str:
    price = Money(part["price"]["minor"], part["price"]["currency"])
    starts, ends = (part[name] and _when(part[name]) for name in ("starts_at", "ends_at"))
    words: str = _(
        "%(price)s %(currency)s from %(starts)s until %(ends)s",
        price=amount(price),
        currency=price.currency,
        starts=starts,
        ends=ends or _("for good"),
    )
    return words


def _when(moment: str) -> str:
    return moment_words(datetime.fromisoformat(moment), services().settings)


PARTS: Mapping[str, PartTeller] = {
    "variants": _variants,
    "pictures": _pictures,
    "options": _options,
    "picture": _picture,
    "prices": _prices,
}
"""What is told part by part, by the name of its field."""

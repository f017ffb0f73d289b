"""Reads the options of a product's form; what was not touched is kept to the letter."""

import re
from collections.abc import MutableMapping

from flask_babel import gettext as _

from store.catalog.drafts import OptionDraft, ProductDraft, ValueDraft
from store.catalog.importing import cells
from store.staff.forms.matrix import Matrix, OptionRow, ValueRow

LONGEST_OPTION, LONGEST_VALUE = 120, 255
_SWATCH = re.compile(r"#[0-9a-fA-F]{6}")

Errors = MutableMapping[str, str]


def read_options(
    matrix: Matrix, current: ProductDraft | None, errors: Errors
) -> tuple[OptionDraft, ...]:
    """Return the options that are meant; errors stand under the name of the field."""
    return tuple(
        OptionDraft(
            _name(option, matrix, current, errors),
            tuple(_value(option, value, current, errors) for value in option.values),
        )
        for option in matrix.options
    )


def one_line(text: str) -> str:
    """Return a text as a browser holds it in a field of one line."""
    return text.replace("\r", "").replace("\n", "")


def _name(option: OptionRow, matrix: Matrix, current: ProductDraft | None, errors: Errors) -> str:
    place, known = f"option-{option.slot}", _known_option(option.slot, current)
    if not option.values:
        errors[f"new-{option.slot}"] = str(_("Give it at least one value."))
    if known is not None and option.name == one_line(known.name):
        return known.name
    name = cells.one_line(option.name)
    if not name:
        errors[place] = str(_("Name the option, such as Size."))
    elif name in [cells.one_line(o.name) for o in matrix.options if o is not option]:
        errors[place] = str(_("Two options have this name."))
    elif len(name) > LONGEST_OPTION:
        errors[place] = str(_("Keep the name under 120 characters."))
    return name


def _value(
    option: OptionRow, value: ValueRow, current: ProductDraft | None, errors: Errors
) -> ValueDraft:
    known = _known_value(option.slot, value.slot, current)
    return ValueDraft(
        _text(option, value, known, errors),
        _swatch(f"{option.slot}-{value.slot}", value, known, errors),
    )


def _text(option: OptionRow, value: ValueRow, known: ValueDraft | None, errors: Errors) -> str:
    if known is not None and value.text == one_line(known.value):
        return known.value
    place, text = f"value-{option.slot}-{value.slot}", cells.one_line(value.text)
    if not text:
        errors[place] = str(_("Name this value, or remove it."))
    elif text in [cells.one_line(v.text) for v in option.values if v is not value]:
        errors[place] = str(_("Two values have this name."))
    elif len(text) > LONGEST_VALUE:
        errors[place] = str(_("Keep it under 255 characters."))
    return text


def _swatch(place: str, value: ValueRow, known: ValueDraft | None, errors: Errors) -> str:
    typed = value.swatch.strip()
    if not typed or (known is not None and value.swatch == known.swatch):
        return known.swatch if known is not None and value.swatch == known.swatch else ""
    colour = typed if typed.startswith("#") else f"#{typed}"
    if not _SWATCH.fullmatch(colour):
        errors[f"swatch-{place}"] = str(_("A colour is written as #1d3b6f."))
    return colour.lower()


def _known_option(slot: str, current: ProductDraft | None) -> OptionDraft | None:
    """Return the option that a slot was opened with: slots count from 1, as the form wrote them."""
    place = _place(slot)
    options = current.options if current else ()
    return options[place] if 0 <= place < len(options) else None


def _known_value(slot: str, value_slot: str, current: ProductDraft | None) -> ValueDraft | None:
    option, place = _known_option(slot, current), _place(value_slot)
    values = option.values if option else ()
    return values[place] if 0 <= place < len(values) else None


def _place(slot: str) -> int:
    return int(slot) - 1 if slot.isdigit() and len(slot) <= 6 else -1

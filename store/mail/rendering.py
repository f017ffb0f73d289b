"""Turns a mail's three templates into a subject, a plain text and an HTML that mailboxes can show.

A mail named "orders/confirmed" is templates/orders/mail/confirmed.subject.txt, .txt and .html; a
mail that staff may word has no template for its subject.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from flask_babel import get_locale, gettext, ngettext
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from store.money import Money, decimals
from store.paths import TEMPLATES
from store.settings import Settings

if TYPE_CHECKING:
    from css_inline import CSSInliner

_letters_then_number = re.compile(r"(?<=[A-Za-z])(?=\d)")


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's words; the subject is a single line."""

    subject: str
    text: str
    html: str


def render(
    template: str,
    *,
    settings: Settings,
    subject: str | None = None,
    folder: Path = TEMPLATES,
    **values: Any,
) -> Rendered:
    """Render a mail such as "orders/confirmed"; every address in it comes from PUBLIC_URL."""
    room, _, name = template.partition("/")
    environment = _environment(settings, folder)

    def words(ending: str) -> str:
        return environment.get_template(f"{room}/mail/{name}.{ending}").render(**values)

    line = words("subject.txt") if subject is None else subject
    return Rendered(" ".join(line.split()), _tidy(words("txt")), _inliner().inline(words("html")))


@cache
def _inliner() -> "CSSInliner":
    # Imported with the first mail: a process that shows pages may never write one.
    from css_inline import CSSInliner

    # Rules for dark mode and narrow screens cannot be inlined; mailboxes that know them keep them.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


@lru_cache(maxsize=4)
def _environment(settings: Settings, folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals.update(settings=settings, address=_address_in(settings), language=_language)
    environment.filters.update(_filters(settings))
    translations = {"gettext": gettext, "ngettext": ngettext, "newstyle": True}
    # The extension adds this method to the environment; its types do not say so.
    environment.install_gettext_callables(**translations)  # type: ignore[attr-defined]
    return environment


def _address_in(settings: Settings) -> Any:
    def address(path: str) -> str:
        """Return the public address of a path of ours; never that of the request's Host."""
        return settings.public_url + "/" + path.lstrip("/")

    return address


def _language() -> str:
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else "en"


def _filters(settings: Settings) -> dict[str, Any]:
    def money(amount: Money) -> str:
        number = Decimal(amount.minor).scaleb(-decimals(amount.currency))
        printed = format_currency(number, amount.currency, locale=_locale(settings))
        return _letters_then_number.sub("\u00a0", printed)

    def date(moment: datetime) -> str:
        return format_date(moment.astimezone(settings.zone), "long", locale=_locale(settings))

    def moment(moment: datetime) -> str:
        pattern = "d MMMM y, h:mm a"
        printed = format_datetime(moment, pattern, settings.zone, _locale(settings))
        return printed.replace("\u202f", " ")

    return {"money": money, "date": date, "moment": moment}


def _locale(settings: Settings) -> Locale:
    # English alone would write A$45.00; in its own country the dollar needs no letter.
    language = get_locale() or Locale("en")
    try:
        return Locale(language.language, language.territory or settings.country)
    except UnknownLocaleError:
        return Locale(language.language)


def _tidy(text: str) -> str:
    """Keep at most one empty line in a row: templates leave gaps where a condition was false."""
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"

"""What pages say of files: their kinds and sizes, in words."""

from collections.abc import Iterable

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import get_locale, gettext

from store.catalog.files.kinds import KINDS
from store.catalog.files.models import ProductFile

STEP = 1000
"""Disks and browsers count sizes in thousands."""
UNITS = ("kB", "MB", "GB")


def kind_words(file: ProductFile) -> str:
    """Return what readers call the kind of a file: PDF, EPUB."""
    return KINDS[file.kind].name


def size_words(size_bytes: int) -> str:
    """Return a size as people say it: 340 kB, 2.4 MB."""
    size, unit = size_bytes / STEP, UNITS[0]
    for larger in UNITS[1:]:
        if size < STEP:
            break
        size, unit = size / STEP, larger
    number = max(round(size, 1), 0.1) if size < 10 else float(round(size))
    return f"{format_decimal(number, locale=get_locale() or Locale('en'))}\N{NO-BREAK SPACE}{unit}"


def files_words(files: Iterable[ProductFile]) -> str:
    """Return what one gets to download, in a line."""
    told = [
        gettext("%(kind)s, %(size)s", kind=kind_words(file), size=size_words(file.size_bytes))
        for file in files
    ]
    return " · ".join(told)

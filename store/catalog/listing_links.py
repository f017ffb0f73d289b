"""What a listing says around its products: its facets, chips, orders and pages, all as links."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from babel import Locale

from store.catalog.facet_values import Facet, band_of
from store.catalog.narrowing import Chosen, FacetChoice, FacetValue
from store.money import Money
from store.web.filters import locale_in, money
from store.web.language import gettext as _
from store.web.language import language_now

LANGUAGES_HELD = 16
INDEXED = 1
"""Values that an address may choose and still be found by search engines: each alone is a page."""


@dataclass(frozen=True, slots=True)
class ValueLink:
    """One value of a facet, and the address that chooses it or takes it back."""

    label: str
    count: int
    href: str
    is_chosen: bool
    colour: str
    is_deep: bool
    """Whether search engines are asked not to follow: there is no end of combinations."""


@dataclass(frozen=True, slots=True)
class FacetLinks:
    name: str
    label: str
    values: tuple[ValueLink, ...]

    @property
    def chosen(self) -> int:
        return sum(value.is_chosen for value in self.values)


@dataclass(frozen=True, slots=True)
class ListingLinks:
    """Addresses of one listing, each with its parameters in the same order whoever asks."""

    path: str
    currency: str
    country: str
    query: str = ""
    is_literal: bool = False
    sort: str = ""
    chosen: Chosen = field(default_factory=dict)

    @property
    def is_deep(self) -> bool:
        return _size(self.chosen) > INDEXED

    def page(self, number: int) -> str:
        return self._address(self.chosen, self.sort, number)

    def canonical(self, page: int) -> str:
        """Return the address by which search engines shall know this page, in whatever order."""
        return self._address(self.chosen, "", page)

    def unnarrowed(self) -> str:
        return self._address({}, self.sort)

    def sorts(self, *, is_section: bool) -> list[tuple[str, str, bool]]:
        by_default = _("Section order") if is_section else _("Editor’s order")
        choices = [
            ("", _("Best match") if self.query else by_default),
            ("newest", _("Newest")),
            ("price", _("Price, low first")),
            ("-price", _("Price, high first")),
            ("title", _("A to Z")),
        ]
        return [
            (words, self._address(self.chosen, name), name == self.sort) for name, words in choices
        ]

    def facets(self, choices: Iterable[FacetChoice]) -> list[FacetLinks]:
        labels = _facet_labels(language_now())
        return [
            FacetLinks(
                choice.facet.value,
                labels[choice.facet],
                tuple(self._value(choice.facet, value) for value in choice.values),
            )
            for choice in choices
        ]

    def words(self, query: str, *, is_literal: bool = False) -> str:
        """Return the address of another search."""
        return replace(self, query=query, is_literal=is_literal, sort="").unnarrowed()

    def _value(self, facet: Facet, value: FacetValue) -> ValueLink:
        chosen = _toggled(self.chosen, facet, value.key)
        return ValueLink(
            label=self._label(facet, value),
            count=value.count,
            href=self._address(chosen, self.sort),
            is_chosen=value.is_chosen,
            colour=value.colour,
            is_deep=_size(chosen) > INDEXED,
        )

    def _label(self, facet: Facet, value: FacetValue) -> str:
        if facet is Facet.PRICE:
            return self._band(value.key)
        if facet is Facet.STOCK:
            return _("In stock")
        if facet is Facet.COLOUR:
            return _families(language_now()).get(value.key, value.label)
        return value.label

    def _band(self, key: str) -> str:
        band = band_of(key, self.currency)
        if band is None:
            return key
        begin, end = (amount and self._round(amount) for amount in band)
        if not end:
            return _("%(amount)s and over", amount=begin)
        if not begin:
            return _("Under %(amount)s", amount=end)
        return _("%(low)s to %(high)s", low=begin, high=end)

    def _round(self, amount: Money) -> str:
        return money(amount, locale_in(self.country)).replace(".00", "")

    def _address(self, chosen: Chosen, sort: str, page: int = 1) -> str:
        pairs = [("q", self.query), ("exact", "1" if self.is_literal and self.query else "")]
        pairs += [(facet.value, key) for facet in Facet for key in sorted(chosen.get(facet, ()))]
        pairs += [("sort", sort), ("page", str(page) if page > 1 else "")]
        query = urlencode([(name, value) for name, value in pairs if value])
        return f"{self.path}?{query}" if query else self.path


def chips(facets: Iterable[FacetLinks]) -> list[ValueLink]:
    """Return what is chosen, each as a link that takes it back."""
    return [value for facet in facets for value in facet.values if value.is_chosen]


def _toggled(chosen: Chosen, facet: Facet, key: str) -> Chosen:
    keys = chosen.get(facet, frozenset()) ^ {key}
    return {**chosen, facet: keys}


def _size(chosen: Chosen) -> int:
    return sum(map(len, chosen.values()))


# A listing names dozens of values: what they are called in a language is put together once.


@lru_cache(maxsize=LANGUAGES_HELD)
def _facet_labels(_language: Locale | None) -> Mapping[Facet, str]:
    return {
        Facet.TYPE: _("Kind"),
        Facet.SIZE: _("Size"),
        Facet.COLOUR: _("Colour"),
        Facet.PRICE: _("Price"),
        Facet.STOCK: _("Stock"),
    }


@lru_cache(maxsize=LANGUAGES_HELD)
def _families(_language: Locale | None) -> Mapping[str, str]:
    return {
        "black": _("Black"),
        "grey": _("Grey"),
        "white": _("White and natural"),
        "brown": _("Brown and sand"),
        "red": _("Red"),
        "orange": _("Orange"),
        "yellow": _("Yellow"),
        "green": _("Green"),
        "blue": _("Blue"),
        "purple": _("Purple"),
        "pink": _("Pink"),
    }

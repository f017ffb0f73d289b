"""The form of a discount: what it gives, to whom, for what, from when until when."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.importing import cells
from store.digits import whole_number
from store.money import smallest_charge_step
from store.pricing.discounts import DiscountKind
from store.pricing.models import Scope
from store.pricing.writing_discounts import DiscountWanted
from store.staff.forms.orders import amount_of
from store.staff.forms.product import MOMENT

LONGEST = 40
WORDS = (
    "name", "code", "kind", "percent", "amount", "minimum", "scope", "starts_at", "ends_at",
    "most_in_all", "most_per_reader", "find",
)  # fmt: skip
_PERCENT = re.compile(r"\d{1,3}([.,]\d{1,2})?", re.ASCII)


@dataclass(slots=True)
class DiscountForm:
    """Everything as it was typed; errors are known by the name of the field they stand beside."""

    words: dict[str, str]
    is_automatic: bool = False
    combines: bool = False
    collections: list[int] = field(default_factory=list)
    products: list[int] = field(default_factory=list)
    opened: str = ""
    """What the discount was when the form was opened."""
    tried: str = ""
    """What was tried on past orders; only that is saved."""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls) -> "DiscountForm":
        kind, scope = DiscountKind.PERCENT.value, Scope.ALL.value
        return cls(dict.fromkeys(WORDS, "") | {"kind": kind, "scope": scope})

    @classmethod
    def of(cls, wanted: DiscountWanted, zone: ZoneInfo, words: dict[str, str]) -> "DiscountForm":
        """Return the form of a discount; words are its amounts as staff type them."""
        targets, scope = list(wanted.target_ids), wanted.scope
        told = {
            "name": wanted.name,
            "code": wanted.code,
            "kind": wanted.kind.value,
            "scope": scope.value,
            "starts_at": _told(wanted.starts_at, zone),
            "ends_at": _told(wanted.ends_at, zone),
            "most_in_all": str(wanted.most_in_all or ""),
            "most_per_reader": str(wanted.most_per_reader or ""),
        }
        return cls(
            dict.fromkeys(WORDS, "") | told | words,
            is_automatic=not wanted.code,
            combines=wanted.combines,
            collections=targets if scope is Scope.COLLECTIONS else [],
            products=targets if scope is Scope.PRODUCTS else [],
        )

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> "DiscountForm":
        return cls(
            {name: posted.get(name, "").strip() for name in WORDS},
            is_automatic=posted.get("given_by") == "automatic",
            combines="combines" in posted,
            collections=_numbers(posted.getlist("collection")),
            products=_numbers(posted.getlist("product")),
            opened=posted.get("opened", ""),
            tried=posted.get("tried", ""),
        )

    def do(self, act: str) -> None:
        """Do what a button of the form says: "add:12", "remove:12", or only show it anew."""
        name, _colon, given = act.partition(":")
        number = whole_number(given)
        if name == "add" and number is not None and number not in self.products:
            self.products.append(number)
            self.words["scope"] = Scope.PRODUCTS.value
        elif name == "remove":
            self.products = [product for product in self.products if product != number]

    def wanted(self, currency: str, zone: ZoneInfo, now: datetime) -> DiscountWanted | None:
        """Return the discount that is meant; None where errors say why not."""
        name, code = self._name(), self._code()
        kind, scope = self._kind(), self._scope()
        targets = {Scope.COLLECTIONS: self.collections, Scope.PRODUCTS: self.products}.get(
            scope, []
        )
        starts_at = self._moment("starts_at", zone) or now
        wanted = DiscountWanted(
            name=name,
            code=code,
            kind=kind,
            currency=currency,
            starts_at=starts_at,
            basis_points=self._percent() if kind is DiscountKind.PERCENT else None,
            amount_minor=self._amount("amount", currency) if kind is DiscountKind.AMOUNT else None,
            minimum_minor=self._amount("minimum", currency) if self.words["minimum"] else None,
            scope=scope,
            target_ids=tuple(targets),
            combines=self.combines,
            ends_at=self._moment("ends_at", zone),
            most_in_all=self._limit("most_in_all"),
            most_per_reader=self._limit("most_per_reader"),
        )
        self._check_together(wanted)
        return None if self.errors else wanted

    def _check_together(self, wanted: DiscountWanted) -> None:
        if wanted.ends_at is not None and wanted.ends_at <= wanted.starts_at:
            self._wrong("ends_at", _("It ends before it begins."))
        if wanted.scope is not Scope.ALL and not wanted.target_ids:
            self._wrong("scope", _("Choose at least one, or give it on everything."))
        if self.is_automatic and wanted.most_per_reader is not None:
            words = _("Only a code can count by person: it asks for the address.")
            self._wrong("most_per_reader", words)

    def _name(self) -> str:
        name = cells.one_line(self.words["name"])
        if not cells.can_be_read(name):
            self._wrong("name", _("Give it a name: receipts and the pay page show it."))
        elif len(name) > LONGEST:
            self._wrong("name", _("Keep it to %(limit)s characters.", limit=LONGEST))
        return name

    def _code(self) -> str:
        if self.is_automatic:
            return ""
        code = cells.one_line(self.words["code"])
        if not cells.can_be_read(code):
            self._wrong("code", _("Say the code that readers type, or give it to everybody."))
        elif len(code) > LONGEST or " " in code:
            words = _("One word of at most %(limit)s characters, without spaces.", limit=LONGEST)
            self._wrong("code", words)
        return code

    def _kind(self) -> DiscountKind:
        if self.words["kind"] in set(DiscountKind):
            return DiscountKind(self.words["kind"])
        self._wrong("kind", _("Choose what it gives."))
        return DiscountKind.FREE_SHIPPING

    def _scope(self) -> Scope:
        if self.words["scope"] in set(Scope):
            return Scope(self.words["scope"])
        self._wrong("scope", _("Choose what it is for."))
        return Scope.ALL

    def _percent(self) -> int | None:
        typed = self.words["percent"].removesuffix("%").strip()
        if _PERCENT.fullmatch(typed):
            basis_points = int(Decimal(typed.replace(",", ".")) * 100)
            if 0 < basis_points <= 10_000:
                return basis_points
        self._wrong("percent", _("Write a percentage above 0 and up to 100, such as 12.5."))
        return None

    def _amount(self, name: str, currency: str) -> int | None:
        amount = amount_of(self.words[name], currency)
        if amount is None or amount.minor > cells.MOST_MINOR:
            self._wrong(name, _("Write an amount above zero, such as 12.50."))
            return None
        if amount.minor % smallest_charge_step(currency):
            self._wrong(name, _("Stripe moves this currency in steps of ten."))
            return None
        return amount.minor

    def _limit(self, name: str) -> int | None:
        typed = self.words[name]
        if not typed:
            return None
        number = whole_number(typed)
        if not number:
            self._wrong(name, _("Write a whole number above 0, or nothing for no limit."))
        return number or None

    def _moment(self, name: str, zone: ZoneInfo) -> datetime | None:
        typed = self.words[name]
        if not typed:
            return None
        try:
            # Far ends of the calendar have no moment in every zone.
            return datetime.strptime(typed[:16], MOMENT).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            self._wrong(name, _("Write a date and a time, such as 2026-12-01T09:00."))
            return None

    def _wrong(self, name: str, words: str) -> None:
        self.errors.setdefault(name, str(words))


def _told(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime(MOMENT) if moment else ""


def _numbers(typed: list[str]) -> list[int]:
    return [number for text in typed if (number := whole_number(text)) is not None]

"""The form of a collection: its words, its rules, its products in their order."""

from dataclasses import dataclass, field

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from store.catalog.handles import slugify
from store.catalog.importing import cells
from store.catalog.importing.difference import amount
from store.catalog.importing.formats import Field
from store.catalog.importing.notes import RowRefusedError
from store.catalog.models import Collection, Hue, Matching, RuleField, RuleRelation
from store.catalog.rules import RELATIONS, Rule
from store.digits import whole_number
from store.money import Money
from store.staff.collection_values import CollectionWanted

LONGEST = {"title": 255, "handle": 160, "standfirst": 400, "body": 100_000}
WORDS = (*LONGEST, "hue", "position", "matching", "find")
MOST_RULES, LONGEST_VALUE = 20, 255


@dataclass(slots=True)
class RuleRow:
    """A rule as typed: a relation knows its field, such as "price at_most"."""

    kind: str = "tag is"
    value: str = ""


@dataclass(slots=True)
class CollectionForm:
    words: dict[str, str]
    is_featured: bool = False
    is_published: bool = True
    is_without_picture: bool = False
    rules: list[RuleRow] = field(default_factory=list)
    products: list[int] = field(default_factory=list)
    opened: str = ""
    """What the collection was when the form was opened."""
    key: str = ""
    """Tells the forms of collections apart that are not made yet."""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls) -> "CollectionForm":
        words = {"hue": Hue.BLUE.value, "matching": Matching.BY_HAND.value, "position": "0"}
        return cls(dict.fromkeys(WORDS, "") | words)

    @classmethod
    def of(cls, collection: Collection, currency: str) -> "CollectionForm":
        words = {name: str(getattr(collection, name)) for name in WORDS if name != "find"}
        rules = [
            RuleRow(f"{rule.field} {rule.relation}", _shown(rule.field, rule.value, currency))
            for rule in collection.rules
        ]
        return cls(
            words | {"find": ""},
            is_featured=collection.is_featured,
            is_published=collection.is_published,
            rules=rules,
            products=[entry.product_id for entry in collection.entries],
        )

    @classmethod
    def read(cls, posted: MultiDict[str, str]) -> "CollectionForm":
        kinds, values = posted.getlist("rule"), posted.getlist("value")
        return cls(
            {name: posted.get(name, "") for name in WORDS},
            is_featured="is_featured" in posted,
            is_published="is_published" in posted,
            is_without_picture="no_picture" in posted,
            rules=[RuleRow(kind, value) for kind, value in zip(kinds, values, strict=False)],
            products=[
                number
                for text in posted.getlist("product")
                if (number := whole_number(text)) is not None
            ],
            opened=posted.get("opened", ""),
            key=posted.get("key", ""),
        )

    def do(self, act: str) -> None:
        """Do what a button of the form says, such as "up:12" or "remove-rule:0"."""
        name, _colon, given = act.partition(":")
        number = whole_number(given)
        if name == "add-rule" and len(self.rules) < MOST_RULES:
            self.rules.append(RuleRow())
        elif name == "remove-rule":
            self.rules = [rule for place, rule in enumerate(self.rules) if place != number]
        elif number is None:
            return
        elif name == "add" and number not in self.products:
            self.products.append(number)
        elif number in self.products:
            self._move(name, number)

    def _move(self, name: str, number: int) -> None:
        place = self.products.index(number)
        self.products.pop(place)
        if name in {"up", "down"}:
            there = max(0, place - 1) if name == "up" else place + 1
            self.products.insert(there, number)
        elif name != "remove":
            self.products.insert(place, number)

    def rules_meant(self, currency: str) -> tuple[Rule, ...]:
        """Return the rules that can be read; the errors name the others."""
        read = [self._rule(place, row, currency) for place, row in enumerate(self.rules)]
        return tuple(rule for rule in read if rule is not None)

    @property
    def matching(self) -> Matching:
        asked = self.words["matching"]
        return Matching(asked) if asked in set(Matching) else Matching.BY_HAND

    def wanted(self, currency: str) -> CollectionWanted | None:
        """Return the collection that is meant; None where errors say why not."""
        words = {name: self._word(name) for name in LONGEST}
        if not cells.can_be_read(words["title"]):
            self.errors["title"] = str(_("Give it a title: it heads the section."))
        words["handle"] = slugify(words["handle"] or words["title"])
        if not words["handle"] and "title" not in self.errors:
            self.errors["handle"] = str(_("An address needs at least one letter or digit."))
        if self.words["hue"] not in set(Hue):
            self.errors["hue"] = str(_("Choose one of the six colours."))
        position = self.words["position"].strip() or "0"
        if whole_number(position) is None or len(position) > 6:
            self.errors["position"] = str(_("Write a whole number, such as 3."))
        rules = self.rules_meant(currency)
        if self.matching is not Matching.BY_HAND and not self.rules:
            self.errors["matching"] = str(_("Add at least one rule, or choose products by hand."))
        if self.errors:
            return None
        more = {
            "hue": self.words["hue"],
            "position": int(position),
            "is_featured": self.is_featured,
            "is_published": self.is_published,
        }
        return CollectionWanted(
            words | more,
            self.matching,
            rules,
            tuple(self.products),
            is_without_picture=self.is_without_picture,
        )

    def _word(self, name: str) -> str:
        typed = self.words[name].replace("\r\n", "\n")
        text = typed if name == "body" else cells.one_line(typed)
        if len(text) > LONGEST[name]:
            limit = LONGEST[name]
            self.errors[name] = str(_("Keep this under %(limit)s characters.", limit=limit))
        return text

    def _rule(self, place: int, row: RuleRow, currency: str) -> Rule | None:
        name, _space, relation = row.kind.partition(" ")
        if name not in set(RuleField) or relation not in RELATIONS[RuleField(name)]:
            self.errors[f"rule:{place}"] = str(_("Choose what the rule looks at."))
            return None
        text = cells.one_line(row.value)
        if RuleField(name) is RuleField.PRICE:
            text = self._price(place, text, currency)
        elif not text or len(text) > LONGEST_VALUE:
            self.errors[f"rule:{place}"] = str(_("Write what to look for."))
        if f"rule:{place}" in self.errors:
            return None
        return Rule(RuleField(name), RuleRelation(relation), text)

    def _price(self, place: int, text: str, currency: str) -> str:
        try:
            found = cells.price(text, Field.PRICE, currency)
        except RowRefusedError:
            found = None
        if found is None:
            self.errors[f"rule:{place}"] = str(_("Write an amount such as 45 or 1,299.50."))
            return ""
        return str(found.minor)


def _shown(name: str, value: str, currency: str) -> str:
    return amount(Money(int(value), currency)) if name == RuleField.PRICE else value

"""What entries of the audit keep in the database's own words, as people say it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from store.catalog.models import Hue, Matching, ProductStatus
from store.money import Money
from store.newsletter.topics import TITLES as TOPIC_TITLES
from store.orders.models import OrderState
from store.orders.returning.models import ReturnState
from store.pricing.discounts import DiscountKind
from store.pricing.models import Scope
from store.staff.connection_words import KIND_WORDS, SCOPE_WORDS
from store.staff.dispute_words import field_words
from store.staff.order_words import RETURNS, STATES
from store.staff.roles import Role
from store.staff.sample_mails import MAILS
from store.staff.story_rules import Rule, RuleKind
from store.staff.subscriber_words import SUBSCRIBER_STATES, day_words
from store.staff.suppression_words import STATES as SUPPRESSION_STATES
from store.web.doors import services
from store.web.filters import moment_words

Told = str | Money | None

ROLE_NAMES: Mapping[str, LazyString] = {
    Role.OWNER: _l("Owner"),
    Role.MANAGER: _l("Manager"),
    Role.FULFILMENT: _l("Fulfilment"),
    Role.EDITOR: _l("Editor"),
    Role.ANALYST: _l("Analyst"),
}
CHOICES: Mapping[tuple[str, str], Mapping[str, LazyString]] = {
    ("campaign", "topic"): {str(topic): words for topic, words in TOPIC_TITLES.items()},
    ("collection", "hue"): {
        Hue.RED: _l("Red"),
        Hue.ORANGE: _l("Orange"),
        Hue.YELLOW: _l("Yellow"),
        Hue.GREEN: _l("Green"),
        Hue.BLUE: _l("Blue"),
        Hue.VIOLET: _l("Violet"),
    },
    ("collection", "matching"): {
        Matching.BY_HAND: _l("Chosen by hand"),
        Matching.ALL: _l("By rules: all of them must hold"),
        Matching.ANY: _l("By rules: one of them is enough"),
    },
    ("discount", "kind"): {
        DiscountKind.PERCENT: _l("a percentage of the goods"),
        DiscountKind.AMOUNT: _l("an amount of the goods"),
        DiscountKind.FREE_SHIPPING: _l("what the parcel costs"),
    },
    ("discount", "scope"): {
        Scope.ALL: _l("Everything"),
        Scope.COLLECTIONS: _l("Some collections"),
        Scope.PRODUCTS: _l("Some products"),
    },
    ("endpoint", "kinds"): KIND_WORDS,
    ("order", "state"): {state: STATES[state].words for state in OrderState},
    ("person", "mails"): {
        "orders.new": _l("Each new order"),
        "orders.attention": _l("Orders that need a hand"),
    },
    ("person", "role"): ROLE_NAMES,
    ("product", "status"): {
        ProductStatus.DRAFT: _l("Draft: only staff see it"),
        ProductStatus.ACTIVE: _l("Active: for sale"),
        ProductStatus.ARCHIVED: _l("Archived: no longer sold"),
    },
    ("return", "state"): {state: RETURNS[state].words for state in ReturnState},
    ("suppression", "state"): SUPPRESSION_STATES,
    ("api_token", "scopes"): SCOPE_WORDS,
    ("subscribers", "state"): SUBSCRIBER_STATES,
    ("subscribers", "topics"): {topic.value: title for topic, title in TOPIC_TITLES.items()},
    ("subscriber_list", "topics"): {topic.value: title for topic, title in TOPIC_TITLES.items()},
}
"""What a choice is called, by the kind of thing and the field."""
STORY_RULES: Mapping[str, LazyString] = {
    RuleKind.PIN: _l("Pinned"),
    RuleKind.BLOCK: _l("Blocked"),
    RuleKind.QUIET: _l("Quiet topic"),
    RuleKind.SYNONYM: _l("Synonym"),
}
MOMENTS = frozenset(
    {"ends_at", "published_at", "scheduled_at", "starts_at", "unpublish_at", "until"}
)
"""Fields that hold a moment of UTC, and are told in the time of the shop."""


def value_words(value: Any, kind: str = "", name: str = "") -> Told:
    """Return a value of an entry as it is printed; None where there is nothing."""
    match value:
        case None | "" | []:
            return None
        case bool():
            return str(_("yes") if value else _("no"))
        case {"minor": int(minor), "currency": str(currency)}:
            return Money(minor, currency)
        case list():
            return "\n".join(str(value_words(part, kind, name)) for part in value)
        case _:
            return _word(str(value), kind, name)


def _word(text: str, kind: str, name: str) -> str:
    if name in MOMENTS and text:
        return moment_words(datetime.fromisoformat(text), services().settings)
    if tell := TOLD.get((kind, name)):
        return tell(text)
    return str(CHOICES.get((kind, name), {}).get(text, text))


def _mail(what: str) -> str:
    """Say which mail went out again: entries keep the number of a parcel for its own."""
    return str(_("of a parcel on its way") if what.isdigit() else _("that confirms the order"))


def _percent(percent: str) -> str:
    return f"{percent} %"


def _story_rule(line: str) -> str:
    """Say a rule for stories, which entries keep as "pin | section | sport | mug"."""
    if not line:
        return ""
    rule = Rule.from_line(line)
    return f"{STORY_RULES[rule.kind]}: {' · '.join(rule.parts)}"


def _refused_mail(kind: str) -> str:
    mail = MAILS.get(kind.replace(".", "/"))
    return str(mail.title) if mail else kind


def _day(text: str) -> str:
    return day_words(date.fromisoformat(text), services().settings)


TOLD: Mapping[tuple[str, str], Callable[[str], str]] = {
    ("dispute", "fields"): field_words,
    ("order", "mail"): _mail,
    ("discount", "percent"): _percent,
    ("story_rule", "rule"): _story_rule,
    ("subscriber_list", "agreed_on"): _day,
}
"""What is said of a value that is no choice."""
LABELS: Mapping[str, Callable[[str], str]] = {"mail": _refused_mail, "story_rule": _story_rule}
"""What a thing is called that entries know by a name of the code's own."""


def label_words(kind: str, label: str) -> str:
    tell = LABELS.get(kind)
    return tell(label) if tell and label else label

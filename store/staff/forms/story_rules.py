"""Reads rules of the block under stories, as staff typed them."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import AnyOf, InputRequired, Length

from store.staff.story_rules import SEPARATOR, Rule, RuleKind
from store.story_urls import normal_url
from store.widget.models import Scope
from store.widget.rules import folded

SCOPES = (
    (Scope.ARTICLE.value, _l("One story, by its address")),
    (Scope.SECTION.value, _l("A section")),
    (Scope.TAG.value, _l("A tag")),
)
_NEEDED = _l("Fill this in first.")


def _trim(text: str | None) -> str:
    return " ".join((text or "").split())


class PlacedForm(Form):
    """A pin or a block: a place and a product."""

    scope = StringField(validators=[AnyOf(list(Scope), _l("Choose one."))])
    key = StringField(
        filters=[_trim],
        validators=[InputRequired(_NEEDED), Length(max=500, message=_l("That is too long."))],
    )
    handle = StringField(
        filters=[_trim],
        validators=[InputRequired(_NEEDED), Length(max=160, message=_l("That is too long."))],
    )

    def to_rule(self, kind: RuleKind) -> Rule:
        """Return the rule in the form that the table keeps; an empty key names no place."""
        scope, key = Scope(self.scope.data or ""), self.key.data or ""
        known_as = normal_url(key) if scope is Scope.ARTICLE else folded(key)
        handle = (self.handle.data or "").rpartition("/")[2].lower()
        return Rule(kind, (scope.value, known_as, handle))


class QuietForm(Form):
    words = StringField(
        filters=[_trim],
        validators=[InputRequired(_NEEDED), Length(max=200, message=_l("That is too long."))],
    )

    def to_rule(self) -> Rule:
        return Rule(RuleKind.QUIET, (folded(self.words.data or "")[:200],))


class SynonymForm(Form):
    word = StringField(
        filters=[_trim],
        validators=[InputRequired(_NEEDED), Length(max=80, message=_l("That is too long."))],
    )
    means = StringField(
        filters=[_trim],
        validators=[InputRequired(_NEEDED), Length(max=80, message=_l("That is too long."))],
    )

    def to_rule(self) -> Rule:
        parts = (folded(self.word.data or "")[:80], folded(self.means.data or "")[:80])
        return Rule(RuleKind.SYNONYM, parts)


def rule_from(line: str) -> Rule | None:
    """Return the rule that a button names, or None for what is no rule."""
    kind, _separator, rest = line.partition(SEPARATOR)
    if kind not in set(RuleKind) or not rest:
        return None
    rule = Rule.from_line(line)
    wanted = {RuleKind.QUIET: 1, RuleKind.SYNONYM: 2}.get(rule.kind, 3)
    is_placed = wanted == 3 and rule.parts[0] in set(Scope)
    return rule if len(rule.parts) == wanted and (wanted < 3 or is_placed) else None

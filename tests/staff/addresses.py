"""Addresses as rules make them."""

from werkzeug.routing import Rule


def address_of(rule: Rule, argument: object) -> str:
    """Return an address of this rule, with the same for each of its arguments."""
    built = rule.build(dict.fromkeys(rule.arguments, argument), append_unknown=False)
    assert built, rule.endpoint
    return str(built[1])

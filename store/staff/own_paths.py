"""Addresses that a request names to be led back to: below /staff on this host, or nothing."""

import re

HOME = "/staff/"
LONGEST = 2000
_OWN = re.compile(r"/staff(?:[/?][!-\[\]-~]*)?")


def own_path(given: str | None, otherwise: str = HOME) -> str:
    """Return the path if it leads below /staff and nowhere else; no browser reads it otherwise."""
    is_own = given is not None and len(given) <= LONGEST and _OWN.fullmatch(given)
    return given if given and is_own else otherwise

"""Changes how the shop reckons tax: all of it at once, checked before it is written."""

from collections.abc import Iterator, Sequence

from sqlalchemy import delete, select

from store.catalog.models import TaxClass
from store.clock import Clock
from store.database import bump_public_version, db, insert_into
from store.errors import InvalidError
from store.mail.letterhead import tell_tax
from store.pricing.countries import SHIPPABLE
from store.pricing.models import TaxTerms
from store.pricing.places import MOST_REGIONS, wrong_region
from store.pricing.tax import MILLION, Taxes, TaxRule, kept_taxes, read_taxes

MOST_RULES = 60
RATED = (TaxClass.STANDARD, TaxClass.REDUCED, TaxClass.DIGITAL)
"""Classes that rules are written for; zero and exempt bear nothing anywhere."""


class TaxesRefusedError(InvalidError):
    """The rules contradict themselves; faults name the row and say how."""

    def __init__(self, faults: Sequence[tuple[int, str, str]]) -> None:
        super().__init__(f"{len(faults)} rules are wrong")
        self.faults = faults


def written_taxes() -> Taxes | None:
    """Return what staff wrote; None where the settings count."""
    terms = db.session.scalar(select(TaxTerms.terms).where(TaxTerms.id == 1))
    return read_taxes(terms) if terms else None


def write_taxes(taxes: Taxes | None, clock: Clock, *, home: str) -> None:
    """Reckon by these from now on, or by the settings where there are none.

    home is the shop's own country, whose tax is named beside prices. Flushes only. Raises
    TaxesRefusedError.
    """
    if taxes is None:
        db.session.execute(delete(TaxTerms))
        tell_tax(None, clock)
        bump_public_version()
        return
    faults = list(_faults(taxes.rules))
    if faults:
        raise TaxesRefusedError(faults)
    written = {"terms": kept_taxes(taxes), "changed_at": clock.now()}
    db.session.execute(
        insert_into(TaxTerms)
        .values(id=1, **written)
        .on_conflict_do_update(index_elements=[TaxTerms.id], set_=written)
        .execution_options(synchronize_session=False)
    )
    tell_tax((_home_name(taxes.rules, home), taxes.how.is_included), clock)
    bump_public_version()


def _home_name(rules: Sequence[TaxRule], home: str) -> str:
    own = [r.name for r in rules if r.country == home and r.tax_class is TaxClass.STANDARD]
    return own[0] if own else ""


def _faults(rules: Sequence[TaxRule]) -> Iterator[tuple[int, str, str]]:
    taken: set[tuple[str, str, str]] = set()
    for place, rule in enumerate(rules):
        if rule.country not in SHIPPABLE:
            yield place, "country", "unknown"
        elif wrong_region(rule.country, rule.regions):
            yield place, "regions", "unknown_region"
        if len(rule.regions) > MOST_REGIONS:
            yield place, "regions", "many_regions"
        if not 0 <= rule.millionths <= MILLION:
            yield place, "rate", "bounds"
        claims = {(rule.country, region, rule.tax_class) for region in rule.regions or ("",)}
        if claims & taken:
            yield place, "country", "taken"
        taken |= claims

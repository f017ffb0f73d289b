"""What many tests begin with is made once a worker, and put back for all that come after."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from flask import has_app_context

from store.database import commits_here, db
from store.sandbox.stripe.sandbox import Sandbox
from tests.databases import Kept, PostgreSQLDatabases, SQLiteDatabases
from tests.shop import Shop

T = TypeVar("T", bound=Hashable)
Steps = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class _Begun:
    """What stood in the database and at Stripe after some first steps, and what they answered."""

    answer: Any
    moment: datetime
    rows: Kept
    stripe: dict[str, dict[str, Any]]


_begun: dict[tuple[str, Steps], _Begun] = {}


class Beginning:
    """The first steps of a test: each is a function of the shop and of plain values.

    A step that was taken before from the same start is not taken again: its rows, what Stripe knew
    and the hour are put back as they were. Whoever wrote anything else before, or moved the clock,
    takes every step anew: what was made from another start is another thing.
    """

    def __init__(self, shop: Shop, databases: SQLiteDatabases | PostgreSQLDatabases) -> None:
        self._shop, self._databases = shop, databases
        self._steps: Steps = ()
        self._now = shop.clock.now()
        self._commits = shop.commits

    def __call__(self, make: Callable[..., T], *given: Hashable) -> T:
        """Return what make(shop, *given) returns; only ids and the like are worth keeping."""
        if not self._is_at_the_beginning():
            return make(self._shop, *given)
        self._steps = (*self._steps, (make, given))
        place = (self._databases.url, self._steps)
        known = _begun.get(place)
        answer: T
        if known is None:
            answer = make(self._shop, *given)
            self._remember(place, answer)
        else:
            answer = known.answer
            self._put_back(known)
        self._commits = commits_here.count
        return answer

    def _is_at_the_beginning(self) -> bool:
        is_untouched = commits_here.count == self._commits
        return is_untouched and self._shop.clock.now() == self._now

    def _remember(self, place: tuple[str, Steps], answer: Hashable) -> None:
        assert not any(self._shop.services.settings.data_dir.iterdir()), "files are not put back"
        self._now = self._shop.clock.now()
        rows, stripe = self._databases.keep(), at_stripe(self._shop.sandbox)
        _begun[place] = _Begun(answer, self._now, rows, stripe)

    def _put_back(self, begun: _Begun) -> None:
        if has_app_context():
            db.session.rollback()
        self._databases.put_back(begun.rows)
        self._shop.clock.move_to(begun.moment)
        self._now = begun.moment
        shelves = self._shop.sandbox.account.state._shelves
        shelves.clear()
        shelves.update({name: dict(records) for name, records in begun.stripe.items()})
        # Whoever watches the version of the database asks it again.
        commits_here.count += 1


def at_stripe(stripe: Sandbox) -> dict[str, dict[str, Any]]:
    """Return a copy of all that Stripe knows now."""
    return {name: dict(records) for name, records in stripe.account.state._shelves.items()}

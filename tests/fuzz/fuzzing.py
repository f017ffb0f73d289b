"""Draws requests for one route after the other, and names the least one that breaks a promise."""

from collections.abc import Iterator

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import FlakyFailure

from tests.fuzz.asking import Asked, requests
from tests.fuzz.ground import Ground
from tests.fuzz.routes import Route

WHO = {
    "shop": ("reader", "reader", "stranger"),
    "desk": ("owner", "owner", "owner", "stranger"),
    "api": ("partner", "partner", "stranger"),
}


class BrokenError(AssertionError):
    """A promise that an answer broke."""

    def __init__(self, asked: Asked, wrong: str) -> None:
        super().__init__(f"{wrong}\n    {asked}")


def broken_by(ground: Ground, route: Route, *, examples: int, seed: int) -> Iterator[str]:
    """Ask each method of a route so often; yield what broke."""
    for method in route.methods:

        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            verbosity=Verbosity.quiet,
        )
        @hypothesis.given(
            st.sampled_from(WHO[route.part]).flatmap(lambda who: requests(route, method, who))
        )
        def ask(asked: Asked) -> None:
            wrong = ground.ask(asked)
            if wrong:
                raise BrokenError(asked, wrong)

        try:
            ask()
        except BrokenError as found:
            yield f"{method} {route.name}: {found}"
        except FlakyFailure as found:
            once = next(error for error in found.exceptions if isinstance(error, BrokenError))
            yield f"{method} {route.name}, once and not again: {once}"

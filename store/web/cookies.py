"""The cookies that the store sets: their names, who may read them, and how long they live."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Request, Response

from store.settings import Settings

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OwnCookie:
    """One cookie of ours on the whole site; a readable one may be shown by scripts."""

    plain_name: str
    lifetime: timedelta
    is_readable: bool = False

    def name(self, settings: Settings) -> str:
        """Return the name that browsers see; on https nobody but this very host can set it.

        Scripts look for a readable cookie under one name, so it has no prefix and no authority.
        """
        is_prefixed = settings.is_https and not self.is_readable
        return f"__Host-{self.plain_name}" if is_prefixed else self.plain_name

    def read(self, request: Request, settings: Settings) -> str:
        """Return what the reader's browser sent, or an empty text."""
        return request.cookies.get(self.name(settings), "")

    def give(self, response: Response, value: str, settings: Settings) -> None:
        response.set_cookie(
            self.name(settings),
            value,
            max_age=self.lifetime,
            path="/",
            secure=settings.is_https,
            httponly=not self.is_readable,
            samesite="Lax",
        )

    def take_back(self, response: Response, settings: Settings) -> None:
        response.delete_cookie(
            self.name(settings),
            path="/",
            secure=settings.is_https,
            httponly=not self.is_readable,
            samesite="Lax",
        )


CART = OwnCookie("cart", 30 * DAY)
ARTICLE = OwnCookie("article", 7 * DAY)
CART_COUNT = OwnCookie("cart_count", 30 * DAY, is_readable=True)
STAFF_SESSION = "staff"


def own_names(settings: Settings) -> frozenset[str]:
    """Return every cookie name by which a request may speak for somebody."""
    named = {cookie.name(settings) for cookie in (CART, CART_COUNT, ARTICLE)}
    return frozenset(named | {session_cookie_name(settings)})


def session_cookie_name(settings: Settings) -> str:
    # __Host- would forbid the path that keeps the session away from the shop.
    return f"__Secure-{STAFF_SESSION}" if settings.is_https else STAFF_SESSION

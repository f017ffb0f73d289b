"""Refuses posts that another site caused, without a token, so that public pages can be shared."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, request
from werkzeug.exceptions import Forbidden

from store.settings import Settings
from store.web.cookies import own_names

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

EXEMPT = {
    "/webhooks/stripe": "Stripe signs each delivery",
    "/webhooks/mail/<provider>": "each provider proves who it is, by signature or secret",
    "/newsletter/leave/<token>": "one-click leave of RFC 8058: the token is the only credential",
    "/back-in-stock/leave/<token>": "as above: one click in a mail program",
    "/last-unit/leave/<token>": "as above: one click in a mail program",
    "/cart/link/leave/<token>": "as above: one click in a mail program",
    "/widget/v1/newsletter": "reads no cookie, only starts an opt-in, and is limited",
}
"""Routes that other sites may post to, each with its reason; a test refuses any other."""


class ForgeryError(Forbidden):
    """A request that changes something was sent by a page that is not ours."""


@dataclass(frozen=True, slots=True)
class Sender:
    """What a request says of where it came from; empty where it says nothing."""

    fetch_site: str
    origin: str
    cookies: Collection[str]


def is_forged(sender: Sender, own_origins: Collection[str], own_cookies: Collection[str]) -> bool:
    """Decide by Sec-Fetch-Site, else by Origin, else by whether there is anything to abuse."""
    if sender.fetch_site:
        return sender.fetch_site not in {"same-origin", "none"}
    if sender.origin:
        return sender.origin not in own_origins
    return any(name in own_cookies for name in sender.cookies)


def install_forgery_check(app: Flask, settings: Settings) -> None:
    own_cookies = own_names(settings)

    @app.before_request
    def refuse_forgeries() -> None:
        if request.method in SAFE_METHODS or _is_exempt():
            return
        # The host was checked at the edge, so its own origin is one of ours.
        own_origins = {settings.public_url, f"{request.scheme}://{request.host}".lower()}
        if is_forged(_sender(), own_origins, own_cookies):
            raise ForgeryError


def _is_exempt() -> bool:
    return request.url_rule is not None and request.url_rule.rule in EXEMPT


def _sender() -> Sender:
    return Sender(
        fetch_site=request.headers.get("Sec-Fetch-Site", "").strip().lower(),
        origin=request.headers.get("Origin", "").strip().lower(),
        cookies=tuple(request.cookies),
    )

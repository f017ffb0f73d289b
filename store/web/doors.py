"""How views reach the doors that app.py joined."""

from dataclasses import replace
from datetime import datetime

from flask import current_app, has_request_context, request

from store.clock import FixedClock
from store.services import Services
from store.story_urls import is_ours, normal_url

EXTENSION = "store_services"


AS_OF = "store.as_of"
"""Where a request carries the moment as of which its page is shown, if that is not now."""


def services() -> Services:
    doors: Services = current_app.extensions[EXTENSION]
    moment = shown_as_of()
    return doors if moment is None else replace(doors, clock=FixedClock(moment))


def shown_as_of() -> datetime | None:
    """Return the moment that a preview of the shop shows; none on every other page."""
    moment: datetime | None = request.environ.get(AS_OF) if has_request_context() else None
    return moment


def own_story(given: str) -> str:
    """Return the normal form of an address that lies on one of our news sites; else empty."""
    url = normal_url(given)
    return url if is_ours(url, services().settings.news_origins) else ""

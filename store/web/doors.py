"""How views reach the doors that app.py joined."""

from flask import current_app

from store.services import Services
from store.story_urls import is_ours, normal_url

EXTENSION = "store_services"


def services() -> Services:
    doors: Services = current_app.extensions[EXTENSION]
    return doors


def own_story(given: str) -> str:
    """Return the normal form of an address that lies on one of our news sites; else empty."""
    url = normal_url(given)
    return url if is_ours(url, services().settings.news_origins) else ""

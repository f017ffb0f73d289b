"""How views reach the doors that app.py joined."""

from flask import current_app

from store.services import Services

EXTENSION = "store_services"


def services() -> Services:
    doors: Services = current_app.extensions[EXTENSION]
    return doors

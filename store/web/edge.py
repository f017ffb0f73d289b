"""The layers around Flask, outermost first: host, counters, page memory, static files."""

from flask import Flask

from store.services import Services


def install_edge(app: Flask, services: Services) -> None:
    """Wrap the application's WSGI callable and register the request hooks of the public edge."""

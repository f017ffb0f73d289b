"""Connections: tokens of the API, and addresses that are told."""

from store.staff.views.connections import endpoints, tokens
from store.staff.views.connections.blueprint import blueprint

# Each of the others adds its addresses to it.
__all__ = ["blueprint", "endpoints", "tokens"]

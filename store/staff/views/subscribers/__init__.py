"""Subscribers: the list and its numbers, one of them, and lists that are brought in."""

from store.staff.views.subscribers import lists, person
from store.staff.views.subscribers.blueprint import blueprint

# Each of the others adds its addresses to it.
__all__ = ["blueprint", "lists", "person"]

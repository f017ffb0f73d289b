"""Keeps the parts that many pages share, such as the masthead, until the public version rises."""

from collections.abc import Callable, Hashable

from flask import Flask
from flask_babel import get_locale
from markupsafe import Markup

MOST_HELD = 64


class Fragments:
    """Markup by key, all of one public version; a newer version empties it."""

    def __init__(self, version: Callable[[], int]) -> None:
        self._version = version
        self._held_version = -1
        self._held: dict[Hashable, Markup] = {}

    def remembered(self, *key: Hashable, caller: Callable[[], Markup]) -> Markup:
        """Return what the call block rendered for this key before, or render it now.

        The key must name everything that the block reads and the version does not cover.
        """
        # Asked first: what is rendered meanwhile may be newer than its version, never older.
        version = self._version()
        if version != self._held_version:
            self._held, self._held_version = {}, version
        held = self._held
        whole_key = (*key, str(get_locale()))
        markup = held.get(whole_key)
        if markup is None:
            markup = caller()
            if len(held) < MOST_HELD:
                held[whole_key] = markup
        return markup

    def clear(self) -> None:
        self._held, self._held_version = {}, -1


def install_fragments(app: Flask, version: Callable[[], int]) -> None:
    """Let templates keep fragments; `version` must be cheap, it is asked for every one."""
    app.add_template_global(Fragments(version).remembered, "remembered")


def install_no_fragments(app: Flask) -> None:
    """Render every fragment anew, where nobody watches the public version."""

    def remembered(*_key: Hashable, caller: Callable[[], Markup]) -> Markup:
        return caller()

    app.add_template_global(remembered, "remembered")

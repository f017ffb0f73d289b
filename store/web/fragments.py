"""Keeps what many pages share, such as the masthead, until the public version rises."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from flask import Flask, current_app, g
from markupsafe import Markup

from store.database import db, may_keep
from store.web.language import language_now

EXTENSION = "store_shared_answers"
MOST_HELD = 128

Shared = TypeVar("Shared")


class Fragments:
    """Markup or answers by key, all of one public version; a newer version empties it."""

    def __init__(self, version: Callable[[], int]) -> None:
        self._version = version
        # In one piece: between two looks another thread may have begun a newer version.
        self._held: tuple[int, dict[Hashable, Any]] = (-1, {})

    def __len__(self) -> int:
        return len(self._held[1])

    def remembered(self, *key: Hashable, caller: Callable[[], Shared]) -> Shared:
        """Return what the call block rendered for this key before, or render it now.

        The key must name everything that the block reads and the version does not cover.
        """
        # Asked first: what is rendered meanwhile may be newer than its version, never older.
        version = self._version()
        held_version, held = self._held
        if version != held_version:
            held = {}
            self._held = (version, held)
        whole_key = (*key, language_now())
        known: Shared | None = held.get(whole_key)
        if known is None:
            known = caller()
            if len(held) < MOST_HELD:
                held[whole_key] = known
        return known

    def clear(self) -> None:
        self._held = (-1, {})


def install_fragments(app: Flask, version: Callable[[], int]) -> None:
    """Let templates keep fragments and views keep answers; `version` must be cheap."""

    @app.before_request
    def note_version() -> None:
        # Before anything is read: what a page keeps is of this version or newer, never older.
        g.public_version = version()

    def version_of_page() -> int:
        noted: int | None = g.get("public_version")
        return version() if noted is None else noted

    app.add_template_global(Fragments(version_of_page).remembered, "remembered")
    app.extensions[EXTENSION] = Fragments(version_of_page)


def install_no_fragments(app: Flask) -> None:
    """Render every fragment anew, where nobody watches the public version."""

    def remembered(*_key: Hashable, caller: Callable[[], Markup]) -> Markup:
        return caller()

    app.add_template_global(remembered, "remembered")


def shared_answer(name: str, ask: Callable[[], Shared]) -> Shared:
    """Return what every page asks of the database alike, asked once for each public version.

    Every change of what is answered must raise the version; a moment must not change it.
    """
    kept: Fragments | None = current_app.extensions.get(EXTENSION)
    if kept is None or not may_keep(db.session()):
        return ask()
    return kept.remembered(name, caller=ask)

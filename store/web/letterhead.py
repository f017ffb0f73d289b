"""Gives every request the settings as staff have worded them, read beside the public version."""

from flask import Flask, current_app, request

from store.mail.letterhead import Words, in_print
from store.settings import Settings
from store.web.doors import services
from store.web.page_version import VersionWatch

READING = frozenset({"GET", "HEAD"})
HEALTH = "health"
EXTENSION = "store_letterhead"


class Imprint:
    """The settings of one process as they are in print, made anew when the words change."""

    def __init__(self, watch: VersionWatch) -> None:
        self._watch = watch
        self._held: tuple[Settings, Words, Settings] | None = None

    def of(self, settings: Settings) -> Settings:
        """Return them as of the version asked for last; asks nobody, so error pages may use it."""
        held, words = self._held, self._watch.letterhead
        if held is None or held[0] is not settings or held[1] != words:
            held = self._held = settings, words, in_print(settings, words)
        return held[2]

    def look(self, *, after_commits: bool) -> None:
        """Ask for the version if it is time; waits for nobody."""
        if after_commits:
            self._watch.at_hand()
        else:
            self._watch.lately()


def install_letterhead(app: Flask, imprint: Imprint) -> None:
    """Let views and templates of this application say who the shop is."""
    app.extensions[EXTENSION] = imprint

    @app.before_request
    def look() -> None:
        # A probe that asks whether the process lives must not wait for a database that does not.
        if request.blueprint != HEALTH:
            imprint.look(after_commits=request.method in READING)


def imprint_of(app: Flask) -> Imprint:
    imprint: Imprint = app.extensions[EXTENSION]
    return imprint


def shop_settings() -> Settings:
    """Return the settings with what staff say of the brand; whoever prints the brand asks here."""
    return imprint_of(current_app).of(services().settings)

"""The shop behind its page memory: every request renders its page, as the first reader's does."""

from bench.rendering import rendering_only
from store.app import create_app, open_doors
from store.settings import Settings

_settings = Settings.from_environment()
app = rendering_only(create_app(_settings, open_doors(_settings)))

"""The shop without its page memory: every request renders its page."""

from store.app import create_app, open_doors
from store.settings import Settings

_settings = Settings.from_environment()
app = create_app(_settings, open_doors(_settings), remembers_pages=False)

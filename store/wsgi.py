"""The application as a server finds it: `store.wsgi:app`, made from the environment."""

from store.app import create_app, open_doors
from store.settings import Settings

settings = Settings.from_environment()
app = create_app(settings, open_doors(settings))

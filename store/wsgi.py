"""The application as a server finds it: `store.wsgi:app`, made from the environment."""

from store.app import create_app, open_doors, work_beside
from store.settings import Settings

settings = Settings.from_environment()
services = open_doors(settings)
app = create_app(settings, services)
work_beside(app, services)

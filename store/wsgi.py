"""The application as a server finds it: `store.wsgi:app`, made from the environment."""

import gc

# What a start makes stays for good, and to look through it for garbage again and again is an
# eighth of the start. Frozen, it is not looked through for any later request either.
gc.disable()

from store.app import create_app, open_doors, work_beside  # noqa: E402 - see above
from store.settings import Settings  # noqa: E402 - see above
from store.web.heap import keep_few_heaps  # noqa: E402 - see above

keep_few_heaps()
settings = Settings.from_environment()
services = open_doors(settings)
app = create_app(settings, services)
work_beside(app, services)
gc.freeze()
gc.enable()

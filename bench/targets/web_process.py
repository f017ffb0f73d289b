"""The shop as `store serve` runs it, installed without the tools of a developer."""

import os
import sys

# Where structlog finds rich it imports it, with all that colours programs: no server has it.
sys.modules["rich"] = None  # type: ignore[assignment]

if os.environ.get("BENCH_READS_NOTHING"):
    from store.app import create_app, open_doors
    from store.settings import Settings

    _settings = Settings.from_environment()
    app = create_app(_settings, open_doors(_settings))
else:
    from store.wsgi import app

__all__ = ["app"]

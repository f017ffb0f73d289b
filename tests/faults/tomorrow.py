"""`python -m tests.faults.tomorrow upgrade|downgrade`: a migration that the running code knows not.

As when the next release has migrated, and processes of this one serve until they are replaced.
"""

import os
import sys

from alembic import command

from store.migrating import alembic_config
from store.paths import MIGRATIONS, ROOT
from store.settings import Settings

REVISION = "tomorrow_of_the_faults"


def main(what: str) -> None:
    config = alembic_config(Settings.from_environment().database_url)
    folders = (MIGRATIONS / "versions", ROOT / "tests" / "faults" / "tomorrow_versions")
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, folders)))
    if what == "upgrade":
        command.upgrade(config, REVISION)
    else:
        command.downgrade(config, f"{REVISION}@-1")


if __name__ == "__main__":
    main(sys.argv[1])

"""`store doctor`: looks at everything that a shop needs around it, and says how each is mended."""

import sys
from collections.abc import Iterator

import click
from flask.cli import ScriptInfo

from store.cli.findings import Finding
from store.cli.looking import BESIDE, GROUND, ON_THE_GROUND, examined
from store.services import Services
from store.settings import SettingsError
from store.web.doors import EXTENSION

MARGIN = " " * 18


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Look at settings, database, doors and clock; ends with 1 where something wants mending."""
    try:
        app = ctx.ensure_object(ScriptInfo).load_app()
    except SettingsError as error:
        _print(Finding("settings", str(error), "Set them in the environment or in .env."))
        sys.exit(1)
    except OSError as error:
        # Nothing can be looked at by an application that has nowhere to keep things.
        words = f"A folder of the shop cannot be made: {error}."
        mend = (
            "Give STORE_DATA_DIR to this user, and what STORE_MEDIA_URL and STORE_FILES_URL name."
        )
        _print(Finding("folders", words, mend))
        sys.exit(1)
    _print(Finding("settings", "Every value makes sense."))
    with app.app_context():
        wanted = sum(_print(finding) for finding in _findings(app.extensions[EXTENSION]))
    click.echo(f"{wanted} to mend." if wanted else "The shop is well.")
    sys.exit(1 if wanted else 0)


def _findings(services: Services) -> Iterator[Finding]:
    patient = examined(services)
    for look in GROUND:
        found = look(patient)
        yield found
        if found.mend:
            break
    else:
        yield from (look(patient) for look in ON_THE_GROUND)
    yield from (look(patient) for look in BESIDE)


def _print(finding: Finding) -> bool:
    """Print one finding; return whether it wants mending."""
    verdict = "mend" if finding.mend else "note" if finding.is_open else "ok"
    click.echo(f"{verdict:<5} {finding.about:<11} {_indented(finding.words)}")
    if finding.mend:
        click.echo(f"{MARGIN}→ {_indented(finding.mend)}")
    return bool(finding.mend)


def _indented(words: str) -> str:
    return words.replace("\n", f"\n{MARGIN}")

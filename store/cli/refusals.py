"""What commands say when something is refused: a line for the terminal, and never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from obstore.exceptions import BaseError
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from store.errors import StoreError
from store.reporting import scrubbed


@contextmanager
def plain_words() -> Iterator[None]:
    """Turn what a verb, the database or a disk refuses into a line and exit code 1."""
    try:
        yield
    except StoreError as error:
        raise click.ClickException(f"{error}{_said_by_a_store(error)}") from error
    except SQLAlchemyError as error:
        said = _first_line(error.orig) if isinstance(error, DBAPIError) else type(error).__name__
        raise click.ClickException(f"the database did not do it: {said}") from error
    except OSError as error:
        where = error.filename or "disk"
        raise click.ClickException(f"{where}: {error.strerror or error}") from error


def _said_by_a_store(error: StoreError) -> str:
    """Return why a store of pictures or files said no, such as a full disk; never an address."""
    cause = error.__cause__
    return f" ({scrubbed(_first_line(cause))})" if isinstance(cause, BaseError) else ""


def _first_line(error: object) -> str:
    # What follows may repeat a row.
    return str(error).partition("\n")[0]

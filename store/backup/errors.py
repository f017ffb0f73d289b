"""Why a backup or a restore was refused; the words are for whoever typed the command."""

from store.errors import ConflictError, InvalidError, NotFoundError, UnavailableError


class ArchiveRefusedError(InvalidError):
    """It is no whole archive of ours, or not one for this shop."""


class OccupiedError(ConflictError):
    """Something stands already where the archive would go, or somebody is using it."""


class NoShopError(NotFoundError):
    """There is a database, or none yet, and no shop in it."""


class ToolError(UnavailableError):
    """A program that the database brings along is missing, too old, or said no."""


class CopyFailedError(UnavailableError):
    """The database did not let itself be copied: its disk is full, or it is damaged."""


class PooledError(ConflictError):
    """What answers is no database but a pooler, whose sessions are others' as well."""

"""The few families of failure that the rooms raise and the web layer maps to pages."""


class StoreError(Exception):
    """Anything the store refuses on purpose; its words are for logs, never for readers."""


class NotFoundError(StoreError):
    """What was asked for does not exist, or is not for this reader to know of (404)."""


class ConflictError(StoreError):
    """The world moved on since the reader looked (409)."""


class InvalidError(StoreError):
    """The request makes no sense and would not later either (422)."""


class LimitError(StoreError):
    """Too much, too often (429)."""


class UnavailableError(StoreError):
    """An outside party did not answer; trying again is right (503)."""

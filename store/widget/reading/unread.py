"""Why the page of a story could not be read."""

from store.errors import UnavailableError

PASSING = frozenset({408, 425, 429})
"""Statuses below 500 that are different in a while."""


class UnreadPageError(UnavailableError):
    """The page of a story could not be read; each kind says why."""

    may_pass = False
    """Whether the same page may well be there in a while."""


class NotOurPageError(UnreadPageError):
    """The address lies on none of our news sites, so nobody was asked."""


class LedAwayError(UnreadPageError):
    """The site sends its readers on to an address that lies on none of our news sites."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class LedInCirclesError(UnreadPageError):
    """One redirect led to another, too often."""


class PageAwayError(UnreadPageError):
    """The site cannot be reached, or breaks off, or speaks no HTTP."""

    may_pass = True


class PageSlowError(UnreadPageError):
    """The page was not there when its time was over."""

    may_pass = True


class PageTooLargeError(UnreadPageError):
    """More came than a page of words can be."""


class PageStatusError(UnreadPageError):
    """The site answers with another status than 200."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status
        self.may_pass = status >= 500 or status in PASSING


class NotHTMLError(UnreadPageError):
    """What is there is no HTML, or is packed although nobody asked for that."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class TooManyReadersError(UnreadPageError):
    """Other pages are being read at this moment."""

    may_pass = True

"""Gives one message to an address that somebody wrote, and takes what is answered as it is."""

import time
from dataclasses import dataclass
from http.client import HTTPException

from store.fetching.asking import asked
from store.fetching.strangers import Manners, NotFetchedError, place_of
from store.fetching.wire import ForbiddenAddressError, TooMuchError

LONGEST_BEGINNING = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: a status, and how its body began."""

    status: int
    beginning: str


def post(url: str, body: bytes, manners: Manners) -> Answer:
    """Send the bytes and return the answer, whatever its status; no redirect is followed.

    Raises NotFetchedError when nobody answers in time, or where nobody may be asked.
    """
    deadline = time.monotonic() + manners.seconds
    try:
        with asked(
            place_of(url),
            manners.headers,
            deadline,
            most_bytes=manners.most_bytes,
            allowed=manners.allows,
            body=body,
        ) as answer:
            return Answer(answer.status, _readable(answer.read(LONGEST_BEGINNING)))
    except ForbiddenAddressError as error:
        raise NotFetchedError("the address leads into a network that is not public") from error
    except TimeoutError as error:
        raise NotFetchedError("it did not answer in time", may_pass=True) from error
    except (OSError, HTTPException, TooMuchError) as error:
        raise NotFetchedError("the site cannot be reached", may_pass=True) from error


def _readable(beginning: bytes) -> str:
    """Return what people may read of it: no database keeps a NUL, and no page what is no text."""
    text = beginning.decode(errors="replace")
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t")

"""Turns a printed page into a PDF, in a process of its own: it takes a second and much memory."""

import ctypes
import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache

from store.errors import UnavailableError
from store.paths import ROOT

MAKER = "store.staff.pdf_maker"
MISSING = 3
"""How the maker ends where the system's libraries are not there."""
LIBRARIES = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
)
INSTALL = "Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 · macOS: brew install pango"
STYLESHEET = "paper.css"
"""What a page for PDF calls its stylesheet."""
_turn = threading.Lock()


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds one waits for one's turn, and how many a print may take."""

    waiting: float
    printing: float


AT_THE_DESK = Patience(20, 120)
"""Two hundred slips take a while, and staff know what they asked for."""
OF_A_READER = Patience(5, 45)
"""One sheet is made in a second or two, longer where all is busy; the page itself prints too."""


@dataclass(slots=True)
class _Found:
    """What this process has learnt of the machine."""

    lacks_libraries: bool = False


_found = _Found()


class NoPrinterError(UnavailableError):
    """This machine lacks the libraries that lay out a PDF; the page itself still prints."""


class PrinterBusyError(UnavailableError):
    """Another long print is under way in this process."""


class PrinterBrokenError(UnavailableError):
    """The maker failed; its log says why."""


def can_print() -> bool:
    """Whether a PDF can be made, as far as is known: asked by a page that only shows a link."""
    return not _found.lacks_libraries and _has_libraries()


def forget_printer() -> None:
    """Forget what an earlier print has told of this machine."""
    _found.lacks_libraries = False


def pdf_of(html: str, stylesheet: str, *, patience: Patience = AT_THE_DESK) -> bytes:
    """Return the page as a PDF; raises NoPrinterError, PrinterBusyError, PrinterBrokenError.

    Nothing is fetched: what the page calls STYLESHEET is given, all else stays away.
    """
    if not _turn.acquire(timeout=patience.waiting):
        raise PrinterBusyError("a print takes long")
    try:
        told = json.dumps({"html": html, "name": STYLESHEET, "stylesheet": stylesheet})
        made = _run(told.encode(), patience.printing)
    finally:
        _turn.release()
    _found.lacks_libraries = made.returncode == MISSING
    if _found.lacks_libraries:
        raise NoPrinterError("pango is missing")
    if made.returncode or not made.stdout.startswith(b"%PDF"):
        raise PrinterBrokenError(made.stderr.decode(errors="replace")[-400:])
    return made.stdout


def printer_fault() -> str:
    """Return why no PDF can be made here, or nothing; takes as long as making one."""
    try:
        pdf_of("<p>.</p>", "")
    except UnavailableError as error:
        return str(error)
    return ""


def _run(told: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # nosec B603 # noqa: S603 - our own module, and words of ours
            [sys.executable, "-m", MAKER],
            input=told,
            capture_output=True,
            cwd=ROOT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PrinterBrokenError(f"no PDF within {seconds} seconds") from error


@cache
def _has_libraries() -> bool:
    return all(_loads(names) for names in LIBRARIES)


def _loads(names: tuple[str, ...]) -> bool:
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False

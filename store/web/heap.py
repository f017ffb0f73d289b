"""Asks the C library to hold less of what a process of many threads has given back."""

import ctypes

HEAPS = 2
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""From malloc.h of glibc."""


def keep_few_heaps() -> None:
    """Let all threads share two heaps.

    glibc gives each thread one of its own, and each keeps room for the largest page that it ever
    made: a dozen threads held 60 MB in which nothing was. They compute one after the other anyway,
    so nobody waits for a heap. To be called before threads are started.
    """
    _tell(_ARENA_MAX, HEAPS)


def return_large_pieces() -> None:
    """Give what a picture took back at once; some 60 MB would be kept for the next one."""
    _tell(_MMAP_THRESHOLD, 128 * 1024)


def _tell(option: int, value: int) -> None:
    library = ctypes.CDLL(None)
    # Others, such as musl, have neither heaps to share nor anything to be told.
    if hasattr(library, "mallopt"):
        library.mallopt(option, value)

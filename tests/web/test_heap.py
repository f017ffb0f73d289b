"""Promises about what threads may keep for themselves: looked at in a process of its own."""

import ctypes
import subprocess
import sys

import pytest

THREADS = 8
PROGRAM = f"""
import ctypes
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from store.web.heap import keep_few_heaps

keep_few_heaps()
meeting = Barrier({THREADS})

def take(_number):
    taken = bytearray(50_000)
    meeting.wait()
    return len(taken)

with ThreadPoolExecutor({THREADS}) as pool:
    list(pool.map(take, range({THREADS})))
library = ctypes.CDLL(None)
library.fdopen.restype = ctypes.c_void_p
said = ctypes.c_void_p(library.fdopen(1, b"w"))
library.malloc_info(0, said)
library.fflush(said)
"""


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="not the C library")
def test_threads_share_two_heaps() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True)

    assert done.stdout.count(b"<heap ") == 2

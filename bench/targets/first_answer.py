"""Prints the seconds from the shop's import to its first page, in a process of its own."""

import sys
from time import perf_counter

_started = perf_counter()


def first_answer(path: str) -> float:
    from werkzeug.test import Client

    from store.wsgi import app

    status = Client(app).get(path).status_code
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    return perf_counter() - _started


if __name__ == "__main__":
    print(first_answer(sys.argv[1]))

"""Prints the seconds from the shop's import to its first page, and the processor's among them."""

import sys
from time import perf_counter, process_time

_started, _used = perf_counter(), process_time()


def first_answer(path: str) -> tuple[float, float]:
    from werkzeug.test import Client

    from bench.targets.web_process import app

    status = Client(app).get(path).status_code
    if status != 200:
        raise SystemExit(f"{path} answered {status}")
    return perf_counter() - _started, process_time() - _used


if __name__ == "__main__":
    print(*first_answer(sys.argv[1]))

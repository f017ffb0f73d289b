"""A WSGI function that answers what was recorded of the shop: as fast as Python can be here."""

import os
from collections.abc import Iterable
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from bench.recording import read_recordings

_recorded = read_recordings(Path(os.environ["BENCH_RECORDINGS"]))
_answers = {path: (page.headers, [page.body]) for path, page in _recorded.items()}


def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    headers, body = _answers[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return body

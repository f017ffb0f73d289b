"""Keeps answers of the shop as files, so that a bare function can answer the same bytes."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path

SERVERS_OWN = frozenset({"server", "date", "connection", "transfer-encoding"})
"""Headers that the server adds to whatever it serves."""
AS_A_BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Sec-Fetch-Site": "same-origin"}


class UnexpectedAnswerError(Exception):
    """The shop answered something else than what was to be measured."""


@dataclass(frozen=True, slots=True)
class Recorded:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for given, value in self.headers if given.lower() == name), "")


def ask(
    port: int, path: str, *, method: str = "GET", form: str = "", coding: str = "gzip, deflate, br"
) -> Recorded:
    """Ask as a browser does and return the answer as it came, compressed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = AS_A_BROWSER | {"Accept-Encoding": coding}
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request(method, path, body=form or None, headers=headers)
        answer = connection.getresponse()
        kept = [pair for pair in answer.getheaders() if pair[0].lower() not in SERVERS_OWN]
        return Recorded(answer.status, kept, answer.read())
    finally:
        connection.close()


def write_recordings(folder: Path, pages: dict[str, Recorded]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    index = {}
    for number, (path, page) in enumerate(pages.items()):
        (folder / f"{number}.body").write_bytes(page.body)
        index[path] = {"body": f"{number}.body", "headers": page.headers}
    (folder / "index.json").write_text(json.dumps(index))


def read_recordings(folder: Path) -> dict[str, Recorded]:
    index = json.loads((folder / "index.json").read_text())
    return {
        path: Recorded(
            200,
            [(name, value) for name, value in page["headers"]],
            (folder / page["body"]).read_bytes(),
        )
        for path, page in index.items()
    }

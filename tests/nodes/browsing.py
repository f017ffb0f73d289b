"""A browser of whom no two requests in a row meet the same node."""

import http.client
import re
import secrets
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from itertools import cycle
from urllib.parse import urlencode, urlsplit

READER = "203.0.113.7"
"""The network that a reader comes from unless a test says another."""
TIMEOUT_SECONDS = 60
FORM = "application/x-www-form-urlencoded"
Fields = Mapping[str, object] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Door:
    """Where requests are sent: nginx, or a node as nginx asks it."""

    address: str
    port: int
    host: str
    """What readers call the shop."""
    trusted: ssl.SSLContext | None = None
    """Whose certificate is believed; without it the door speaks plain HTTP."""

    def open(self, timeout: float = TIMEOUT_SECONDS) -> http.client.HTTPConnection:
        if self.trusted is None:
            return http.client.HTTPConnection(self.address, self.port, timeout=timeout)
        return http.client.HTTPSConnection(
            self.address, self.port, timeout=timeout, context=self.trusted
        )

    def headers(self, network: str) -> dict[str, str]:
        """Return what tells the shop who asks: here a reader behind one more proxy, as by a CDN."""
        said = {"Host": self.host, "X-Forwarded-For": network}
        return said if self.trusted else said | {"X-Forwarded-Proto": "https"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def leads_to(self) -> str:
        return self.headers.get("Location", "")


@dataclass
class Browser:
    """One reader's or colleague's; each request goes through the next door of those given."""

    doors: Sequence[Door]
    network: str = READER
    _turns: Iterator[Door] = field(init=False)
    _cookies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._turns = cycle(self.doors)

    def through(self, door: Door) -> "Browser":
        """Return the same browser, with its cookies, at one door alone."""
        return Browser([door], self.network, self._cookies)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, fields: Fields | None = None, **more: object) -> Answer:
        pairs = list(fields.items()) if isinstance(fields, Mapping) else list(fields or ())
        body = urlencode([*pairs, *more.items()])
        return self.ask("POST", path, body.encode(), FORM)

    def post_file(self, path: str, name: str, content: bytes, **fields: str) -> Answer:
        """Send a form with one picture."""
        line = secrets.token_hex(8)
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in fields.items()
        ]
        head = f'Content-Disposition: form-data; name="{name}"; filename="picture.png"'
        parts.append(f"--{line}\r\n{head}\r\nContent-Type: image/png\r\n\r\n".encode())
        body = b"".join([*parts, content, f"\r\n--{line}--\r\n".encode()])
        return self.ask("POST", path, body, f"multipart/form-data; boundary={line}")

    def send(self, path: str, page: str = "", **fields: object) -> Answer:
        """Send a form of the desk with the token of the page that it stands on."""
        return self.post(path, {"csrf_token": self.token(page or path), **fields})

    def token(self, path: str) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(path).text)
        assert found, path
        return found[1]

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        door = next(self._turns)
        headers = door.headers(self.network) | {"Sec-Fetch-Site": "same-origin"}
        if kind:
            headers["Content-Type"] = kind
        if cookies := self._cookies_for(path):
            headers["Cookie"] = cookies
        connection = door.open()
        try:
            connection.request(method, _path_of(path), body=body, headers=headers)
            answered = connection.getresponse()
            answer = Answer(answered.status, answered.headers, answered.read())
        finally:
            connection.close()
        self._keep(answer.headers)
        return answer

    def _cookies_for(self, path: str) -> str:
        fitting = [
            f"{name}={value}"
            for name, (value, below) in self._cookies.items()
            if path.startswith(below)
        ]
        return "; ".join(fitting)

    def _keep(self, headers: http.client.HTTPMessage) -> None:
        for line in headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0" or not morsel.value:
                    self._cookies.pop(name, None)
                else:
                    self._cookies[name] = morsel.coded_value, morsel["path"] or "/"


def _path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path

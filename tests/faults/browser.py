"""A reader's browser as far as a shop can tell: cookies, forms, no patience without end."""

from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

PATIENCE_SECONDS = 40.0
LOST = 0
"""In place of a status: the connection ended, or nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Page:
    status: int
    location: str = ""
    text: str = ""


@dataclass
class Browser:
    port: int
    network: str
    """The address that the proxy in front of the shop saw."""
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        return self._ask("GET", path)

    def post(self, path: str, **fields: object) -> Page:
        return self._ask("POST", path, urlencode({k: str(v) for k, v in fields.items()}))

    def _ask(self, method: str, path: str, form: str | None = None) -> Page:
        line = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        try:
            line.request(method, path, form, self._headers(form))
            answer = line.getresponse()
            text = answer.read().decode(errors="replace")
            self._keep(answer.headers.get_all("Set-Cookie") or [])
            return Page(answer.status, answer.headers.get("Location", ""), text)
        except (OSError, HTTPException):
            return Page(LOST)
        finally:
            line.close()

    def _headers(self, form: str | None) -> dict[str, str]:
        said = {
            "Sec-Fetch-Site": "same-origin",
            "X-Forwarded-For": self.network,
            "Connection": "close",
        }
        if form is not None:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            said["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return said

    def _keep(self, given: list[str]) -> None:
        for cookie in given:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value

"""Every address that there is, with what pages and mails say about how it is used."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from store.app import API, STAFF
from tests.shop import Shop

OWN = "http://localhost"
TOKEN = "csrf_token"
MOST_PAGES = 600
MOST_FORMS = 6
MOST_OF_A_KIND = 2
"""Two pages of a kind say how it is used."""
LINKS = re.compile(r'href="(http[^"]+)"|(http://localhost[^\s"<>]+)')
TAG = re.compile(
    r"<(a|link|img|iframe|script|form|input|textarea|select|/select|option|button|\w+-\w+)"
    r"(?=[\s>])((?:\"[^\"]*\"|'[^']*'|[^>\"'])*)>"
)
ARGUMENT = re.compile(r"<(?:[^<>]*:)?(\w+)>")
GIVEN = re.compile(r'([\w-]+)(?:="([^"]*)")?')
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form as a browser would send it untouched; files by their names alone."""

    fields: Pairs
    files: tuple[str, ...] = ()


@dataclass(slots=True)
class Route:
    """One rule and what is known of it."""

    part: str
    rule: Rule
    values: list[dict[str, str]] = field(default_factory=list)
    queries: list[Pairs] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    token: str = ""
    """What the desk's own pages prove themselves by."""

    @property
    def methods(self) -> list[str]:
        """Return those that have a view; the others are drawn among them now and then."""
        return sorted((self.rule.methods or set()) - {"HEAD", "OPTIONS"})

    def address(self) -> str:
        """Return a path that leads here."""
        given = self.values[0] if self.values else {}
        return re.sub(ARGUMENT, lambda found: given[found[1]], self.rule.rule)

    @property
    def name(self) -> str:
        return f"{self.part} {self.rule.rule}"


class _Forms:
    """Reads the links and the forms of a page of ours, whose markup is sound."""

    def __init__(self, page: str) -> None:
        self.links: list[str] = []
        self.forms: list[_Found] = []
        self._by_id: dict[str, _Found] = {}
        self._select = ""
        for tag, written in TAG.findall(page):
            if tag == "/select":
                self._select = ""
            else:
                self._take(tag, {name: unescape(value) for name, value in GIVEN.findall(written)})

    def _take(self, tag: str, given: Mapping[str, str]) -> None:
        self.links += [value for name, value in given.items() if _may_be_link(name)]
        if tag == "form":
            found = _Found(given.get("method", "get").lower(), given.get("action", ""))
            self.forms.append(found)
            self._by_id[given.get("id", "")] = found
        elif self.forms:
            self._note(tag, given, self._by_id.get(given.get("form", "-"), self.forms[-1]))

    def _note(self, tag: str, given: Mapping[str, str], form: "_Found") -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            form.fields.append((self._select, given.get("value", "")))
        elif kind == "file" and name:
            form.files.append(name)
        elif name:
            value = "on" if kind in {"checkbox", "radio"} else ""
            form.fields.append((name, given.get("value", value)))
        if "formaction" in given:
            self.forms.append(_Found(form.method, given["formaction"], form.fields, form.files))


@dataclass(frozen=True, slots=True)
class _Found:
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def _may_be_link(name: str) -> bool:
    return name in {"href", "src"} or name.startswith("data-")


class Atlas:
    """Every route of shop, desk and API, filled in by walking from link to link."""

    def __init__(self, shop: Shop) -> None:
        apps: dict[str, Flask] = {
            "shop": shop.app,
            "desk": shop.app.extensions[STAFF].app,
            "api": shop.app.extensions[API].app,
        }
        self._maps: dict[str, MapAdapter] = {}
        self.routes: list[Route] = []
        self._known: dict[tuple[str, str], list[Route]] = {}
        for part, app in apps.items():
            self._maps[part] = app.url_map.bind("localhost", url_scheme="http")
            for rule in app.url_map.iter_rules():
                if _belongs(part, rule.rule):
                    route = Route(part, rule)
                    self.routes.append(route)
                    self._known.setdefault((part, rule.rule), []).append(route)

    def walk(self, browser: FlaskClient, start: list[str]) -> None:
        """Open whatever can be reached from here, and note how pages use each address."""
        waiting, seen, shapes = list(start), set(start), dict[str, int]()
        while waiting and len(seen) < MOST_PAGES:
            path = waiting.pop(0)
            shape = re.sub(r"\d+|[A-Z0-9]{4}-[A-Z0-9]{4}", "#", path.partition("?")[0])
            shapes[shape] = shapes.get(shape, 0) + 1
            self.note(path)
            if shapes[shape] > MOST_OF_A_KIND or ".pdf" in path or ".zip" in path:
                continue
            answer = browser.get(path, buffered=True, follow_redirects=False)
            found = [answer.headers["Location"]] if "Location" in answer.headers else []
            if answer.mimetype == "text/html":
                found += self._read(path, answer.text)
            for link in found:
                own = near(link, path)
                if own and own not in seen:
                    seen.add(own)
                    waiting.append(own)

    def note(self, path: str) -> str:
        """Take in what an address says of its rule; return the rule that looks at it, if any."""
        self._note(path, "POST")
        return self._note(path, "GET")

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Yield an address of every rule that can be looked at, and the name of the rule."""
        self.fill_gaps()
        for route in self.routes:
            if "GET" in route.methods:
                built = route.address()
                query = f"?{urlencode(route.queries[0])}" if route.queries else ""
                yield route.name, built + query

    def fill_gaps(self) -> None:
        """Give routes that no page links to what others have under the same names."""
        pool: dict[tuple[str, str], list[str]] = {}
        for route in self.routes:
            for values in route.values:
                for name, value in values.items():
                    known = pool.setdefault((route.part, name), [])
                    if value not in known:
                        known.append(value)
        tokens = [
            value
            for route in self.routes
            for form in route.forms
            for name, value in form.fields
            if name == TOKEN
        ]
        for route in self.routes:
            route.token = tokens[-1] if tokens and route.part == "desk" else ""
            if not route.values and route.rule.arguments:
                for turn in range(3):
                    route.values.append(
                        {
                            name: _turned(
                                pool.get((route.part, name)) or pool.get(("shop", name)), turn
                            )
                            for name in route.rule.arguments
                        }
                    )

    def _read(self, page: str, text: str) -> list[str]:
        reader = _Forms(text)
        for form in reader.forms:
            action = near(form.action or page, page)
            if action and form.method == "post":
                self._note(action, "POST", Form(tuple(form.fields), tuple(form.files)))
            elif action and form.fields:
                for route in self._match(action, "GET")[0]:
                    route.queries.append(tuple(form.fields))
        return reader.links

    def _match(self, path: str, method: str) -> tuple[list[Route], dict[str, str]]:
        """Return every route of the rule that an address leads to, and its values."""
        parts = urlsplit(path)
        for part, known in self._maps.items():
            try:
                rule, given = known.match(parts.path, method, return_rule=True)
            except HTTPException:
                continue
            routes = self._known.get((part, rule.rule))
            if routes:
                return routes, {name: str(value) for name, value in given.items()}
        return [], {}

    def _note(self, path: str, method: str, form: Form | None = None) -> str:
        routes, values = self._match(path, method)
        query = tuple(parse_qsl(urlsplit(path).query, keep_blank_values=True))
        for route in routes:
            if values and values not in route.values:
                route.values.append(values)
            if query and query not in route.queries:
                route.queries.append(query)
            if form and len(route.forms) < MOST_FORMS:
                route.forms.append(form)
        return routes[0].name if routes else ""


def _turned(known: list[str] | None, turn: int) -> str:
    return known[turn % len(known)] if known else str(turn + 1)


def links_of(texts: tuple[str, ...]) -> Iterator[str]:
    """Yield each address of ours that stands in a mail."""
    for text in texts:
        for linked, plain in LINKS.findall(text):
            found = unescape(linked or plain).rstrip(".,)>")
            if found.startswith(OWN):
                yield found.removeprefix(OWN) or "/"


def _belongs(part: str, rule: str) -> bool:
    if part == "shop":
        return True
    return rule.startswith("/staff" if part == "desk" else "/api/")


def near(link: str, page: str) -> str:
    """Return an address of our own as a path, or nothing."""
    link = link.partition("#")[0]
    if link.startswith(OWN + "/"):
        link = link.removeprefix(OWN)
    if link.startswith("?"):
        link = page.partition("?")[0] + link
    return link if link.startswith("/") and not link.startswith("//") else ""

"""Reads a rendered page the way that tests ask of it: headings, links, structured data."""

import json
from html.parser import HTMLParser
from typing import Any

from werkzeug.test import TestResponse


class Page(HTMLParser):
    """What a test wants to know of a page; text is gathered without markup."""

    def __init__(self, response: TestResponse) -> None:
        super().__init__()
        self.status = response.status_code
        self.source = response.get_data(as_text=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[tuple[str, str]] = []
        self._open: list[str] = []
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in {"meta", "link", "img", "input", "source", "br", "hr", "circle", "path"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.words.append((self._open[-1], " ".join(data.split())))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        named = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [
            attributes
            for found, attributes in self.elements
            if found == tag and all(attributes.get(name) == named[name] for name in named)
        ]

    def named(self, tag: str, name: str) -> dict[str, str]:
        """Return the first element with this name."""
        return next(found for found in self.all(tag) if found.get("name") == name)

    @property
    def text(self) -> str:
        return " ".join(words for tag, words in self.words if tag not in {"script", "style"})

    @property
    def title(self) -> str:
        return next(words for tag, words in self.words if tag == "title")

    @property
    def canonical(self) -> str:
        return self.all("link", rel="canonical")[0]["href"]

    @property
    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]

    def meta(self, name: str) -> str:
        found = [*self.all("meta", name=name), *self.all("meta", property=name)]
        return found[0]["content"] if found else ""

    def structured(self, kind: str) -> dict[str, Any]:
        things = [json.loads(words) for tag, words in self.words if tag == "script"]
        return next(thing for thing in things if thing["@type"] == kind)

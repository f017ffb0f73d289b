"""Reads the markup that a plugin writes, as far as tests ask."""

from html.parser import HTMLParser


class Elements(HTMLParser):
    """Gathers elements with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(sorted((name, value or None) for name, value in attrs))))

    def handle_data(self, data: str) -> None:
        self.words.extend(data.split())


def attributes(html: str) -> dict[str, str | None]:
    """Return the attributes of the tag."""
    (found,) = [given for name, given in Elements(html).found if name == "store-widget"]
    return dict(found)


def fields(html: str) -> dict[str | None, str | None]:
    """Return what stands in the fields of a form, by their names."""
    inputs = [dict(given) for name, given in Elements(html).found if name in {"input", "select"}]
    return {given.get("name"): given.get("value") for given in inputs}


def assert_harmless(html: str) -> None:
    """Fail where anything that was fed in has become an element or a handler."""
    for name, given in Elements(html).found:
        assert name != "script"
        assert not [key for key, _value in given if key.startswith("on")]

"""What a rendered form marks as wrong: each field by its label, with what is said of it.

Read from the markup, so that a notice above the form and the marks in it cannot come apart, and
each label is written once.
"""

from dataclasses import dataclass
from html.parser import HTMLParser

ERROR = "_error"
"""How the ids of messages end; what stands before it is the id of their field."""


@dataclass(frozen=True, slots=True)
class WrongField:
    """One mark; the label is empty where the field has none."""

    id: str
    label: str
    message: str


def wrong_fields(form: str) -> list[WrongField]:
    """Return what is marked as wrong, in the order of the page."""
    read = _Names()
    read.feed(form)
    messages = {id_.removesuffix(ERROR): id_ for id_ in read.texts if id_.endswith(ERROR)}
    return [
        WrongField(field, read.name_of(field), read.texts[id_].strip())
        for field, id_ in messages.items()
    ]


class _Names(HTMLParser):
    """Gathers what names elements: the words after a tag, up to the next one."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self._spoken: dict[str, str] = {}
        self._named_by: dict[str, str] = {}
        self._open: tuple[dict[str, str], str] | None = None

    def name_of(self, field: str) -> str:
        label = self._labels.get(field) or self._spoken.get(field)
        return (label or self.texts.get(self._named_by.get(field, ""), "")).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        id_ = given.get("id", "")
        self._open = None
        if tag == "label" and "for" in given:
            self._begin(self._labels, given["for"])
        elif id_:
            self._begin(self.texts, id_)
            self._spoken[id_] = given.get("aria-label", "")
            self._named_by[id_] = given.get("aria-labelledby", "")

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            texts, key = self._open
            texts[key] += data

    def _begin(self, texts: dict[str, str], key: str) -> None:
        texts[key] = ""
        self._open = texts, key

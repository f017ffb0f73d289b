"""The form of a product as a browser holds it and sends it: every field as the page has it."""

import re
from html.parser import HTMLParser

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.staffing import token_of


class _Fields(HTMLParser):
    """Collects what a browser would send of the form with this id."""

    def __init__(self, form_id: str) -> None:
        super().__init__(convert_charrefs=True)
        self.form_id = form_id
        self.pairs: list[tuple[str, str]] = []
        self._inside = False
        self._select: str | None = None
        self._options: list[tuple[str, bool]] = []
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._inside = given.get("id") == self.form_id
        if not self._inside or ("name" not in given and tag != "option"):
            return
        name = given.get("name") or ""
        if tag == "input":
            self._input(name, given)
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option" and self._select is not None:
            self._options.append((given.get("value") or "", "selected" in given))
        elif tag == "textarea":
            self._area, self._text = name, ""

    def _input(self, name: str, given: dict[str, str | None]) -> None:
        if given.get("type") == "checkbox" and "checked" not in given:
            return
        value = given.get("value") or ""
        self.pairs.append((name, value.replace("\r", "").replace("\n", "")))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select" and self._select is not None:
            chosen = [v for v, is_chosen in self._options if is_chosen] or [self._options[0][0]]
            self.pairs.append((self._select, chosen[0]))
            self._select = None
        elif tag == "textarea" and self._area is not None:
            text = self._text.replace("\r\n", "\n").replace("\r", "\n")
            text = text.removeprefix("\n")
            self.pairs.append((self._area, text.replace("\n", "\r\n")))
            self._area = None


def fields_of(html: str, form_id: str = "product") -> MultiDict[str, str]:
    """Return what a browser would send of this page's form if nobody touched it."""
    parser = _Fields(form_id)
    parser.feed(html)
    assert parser.pairs, f"no form {form_id}"
    return MultiDict(parser.pairs)


def opened(browser: FlaskClient, path: str) -> MultiDict[str, str]:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.status
    return fields_of(answer.text)


def sent(
    browser: FlaskClient, path: str, form: MultiDict[str, str], **changed: str
) -> TestResponse:
    """Send the form with some fields typed over."""
    typed = form.copy()
    for name, value in changed.items():
        typed[name] = value
    return browser.post(path, data=typed)


def acted(
    browser: FlaskClient, path: str, form: MultiDict[str, str], act: str, **changed: str
) -> MultiDict[str, str]:
    """Press one of the form's own buttons; return the form that comes back."""
    typed = form.copy()
    for name, value in changed.items():
        typed[name] = value
    typed["act"] = act
    answer = browser.post(path, data=typed)
    assert answer.status_code == 200, answer.status
    return fields_of(answer.text)


def typed_into(form: MultiDict[str, str], name: str, *values: str) -> MultiDict[str, str]:
    """Type into a column of the grid, from the top."""
    typed = form.copy()
    column = form.getlist(name)
    typed.setlist(name, [*values, *column[len(values) :]])
    return typed


def keep_mine(html: str, path: str) -> MultiDict[str, str]:
    """Return what "Keep mine" sends where a page shows both versions."""
    return fields_of(html.replace(f'action="{path}"', 'id="mine"'), "mine")


def undo_newest(browser: FlaskClient, path: str, *, but: int = 0) -> int:
    """Press the first "Undo" of a page, or the one after so many; return the status."""
    found = re.findall(r"/staff/changes/(\d+)/undo", browser.get(path).text)
    form = {"back": path, "csrf_token": token_of(browser, path)}
    return browser.post(f"/staff/changes/{found[but]}/undo", data=form).status_code

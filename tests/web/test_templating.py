"""Templates see the same globals everywhere, and words come out in the reader's language."""

import os
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.support import Translations
from flask import Flask, render_template, render_template_string
from flask_babel import LazyString, force_locale, get_domain
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from store.web.application import Application
from store.web.templating import install_templating


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ('{{ _("In stock") }}', "In stock"),
        ('{{ _("100%% cotton") }}', "100% cotton"),
        ('{{ _("Sold by %(name)s", name="<b>") }}', "Sold by &lt;b&gt;"),
        ('{{ _("Sold by %(name)s", name=safe) }}', "Sold by <b>"),
        ('{{ ngettext("%(num)s thing", "%(num)s things", 1) }}', "1 thing"),
        ('{{ ngettext("%(num)s <i>", "%(num)s <i>s", 2) }}', "2 <i>s"),
    ],
)
def test_words_are_patterns_and_markup(app: Flask, written: str, printed: str) -> None:
    assert render_template_string(written, safe=Markup("<b>")) == printed


def test_a_macro_is_made_once_and_still_sees_what_is_said_now(app: Flask) -> None:
    page = '{% from "components/price.html" import price %}{{ price is sameas first }}'
    first = app.jinja_env.get_template("components/price.html").module.price  # type: ignore[attr-defined]

    assert render_template_string(page, first=first) == "True"


def test_words_follow_the_language_of_the_moment(app: Flask) -> None:
    written = '{{ _("A word of this test") }}'
    in_english = render_template_string(written)
    with force_locale("de"):
        get_domain().cache["de", "messages"] = _translations("A word of this test", "Ein Wort")
        in_german = render_template_string(written)

    assert (in_english, in_german) == ("A word of this test", "Ein Wort")


def _translations(message: str, translated: str) -> Translations:
    catalogue = Catalog(locale="de")
    catalogue.add(message, translated)
    written = BytesIO()
    write_mo(written, catalogue)
    return Translations(BytesIO(written.getvalue()))


def test_a_value_is_printed_once_in_each_way(app: Flask) -> None:
    page = "{% call printed_once(card, level) %}{{ level }}:{{ says() }}{% endcall %}"
    card, said = object(), iter("abc")

    printed = [
        render_template_string(page, card=shown, level=level, says=lambda: next(said))
        for shown, level in ((card, 2), (card, 2), (card, 3), (object(), 2))
    ]

    assert printed == ["2:a", "2:a", "3:b", "2:c"]


class _Drawn:
    def __html__(self) -> str:
        return "<svg>"


@pytest.mark.parametrize(
    "value", ["<b>&'\"", Markup("<b>"), _Drawn(), None, 7, 1.5, ["<"], "", LazyString(str, "<i>")]
)
def test_what_is_printed_is_escaped_as_everywhere(app: Flask, value: object) -> None:
    written = "{% macro twice(x) %}{{ x }}-{{ x }}{% endmacro %}{{ value }} {{ twice(value) }}"
    expected = Environment(autoescape=True).from_string(written).render(value=value)

    assert render_template_string(written, value=value) == expected


def test_a_macro_is_called_in_every_way_that_others_know(app: Flask) -> None:
    written = """
    {%- macro frame(a, b="B") %}{{ a }}{{ b }}{{ caller() if caller else "" }}{{ varargs | join }}
    {%- endmacro %}
    {%- for n in (1, 2) %}{{ frame(n) }}{{ frame(b=n, a=0) }}{{ frame(1, 2, 3) }}
    {%- call frame(n) %}<i>{{ n }}</i>{% endcall %}{% endfor %}"""
    expected = Environment(autoescape=True).from_string(written).render()

    assert render_template_string(written) == expected


@pytest.mark.parametrize(("reloads", "shown"), [(True, "new"), (False, "old")])
def test_a_template_that_changes_is_seen_by_whoever_writes_it(
    tmp_path: Path, *, reloads: bool, shown: str
) -> None:
    app = Application("shop", template_folder=str(tmp_path))
    app.config["TEMPLATES_AUTO_RELOAD"] = reloads
    (tmp_path / "page.html").write_text("{% include 'part.html' %}")
    (tmp_path / "part.html").write_text("old")
    with app.test_request_context():
        assert render_template("page.html") == "old"
        (tmp_path / "part.html").write_text("new")
        os.utime(tmp_path / "part.html", (1, 1))

        assert render_template("page.html") == shown


def test_templates_stay_compiled_where_the_folder_can_be_written(tmp_path: Path) -> None:
    for folder, is_kept in ((tmp_path / "kept", True), (tmp_path / "file" / "below", False)):
        (tmp_path / "file").touch()
        environment = Environment(loader=DictLoader({"a.html": "A"}))
        install_templating(environment, folder)

        assert environment.get_template("a.html").render() == "A"
        assert folder.is_dir() is is_kept

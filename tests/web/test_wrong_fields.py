"""What a form marks as wrong is read from its markup: field, label, message."""

import pytest

from store.web.wrong_fields import WrongField, wrong_fields


@pytest.mark.parametrize(
    "field",
    [
        '<label for="a">Title <span>optional</span></label><input id="a">',
        '<input id="a" aria-label="Title">',
        '<section id="a" aria-labelledby="b"><h2 id="b">Title</h2></section>',
    ],
)
def test_a_field_goes_by_what_names_it(field: str) -> None:
    said = '<p id="a_error">Is it &lt;b&gt;?</p>'

    assert wrong_fields(field + said) == [WrongField("a", "Title", "Is it <b>?")]


def test_a_field_without_a_name_is_listed_all_the_same() -> None:
    assert wrong_fields('<input id="a"><p id="a_error">No.</p>') == [WrongField("a", "", "No.")]


def test_what_nothing_is_said_of_is_not_listed() -> None:
    assert wrong_fields('<label for="a">Title</label><input id="a"><p id="a_hint">Yes</p>') == []

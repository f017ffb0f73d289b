"""The words of mails come out as HTML and as text that say the same, and carry nothing else."""

import pytest

from store.mail.prose import bad_links, filled, said, unknown_names

NAMES = {"number": "GN-1", "tracking": "AB_12_*34*", "sender": "<GN>"}
KNOWN = tuple(NAMES)


def both(source: str) -> tuple[str, str]:
    found = said(source, NAMES, "https://shop.example")
    return str(found.html).strip(), found.text


@pytest.mark.parametrize(
    ("source", "html", "text"),
    [
        (
            "One.\nStill one.\n\nTwo.",
            "<p>One.\nStill one.</p>\n<p>Two.</p>",
            "One. Still one.\n\nTwo.",
        ),
        ("*So* and **so**.", "<p><em>So</em> and <strong>so</strong>.</p>", "So and so."),
        (
            "[Returns](/pages/returns)",
            '<p><a href="https://shop.example/pages/returns">Returns</a></p>',
            "Returns (https://shop.example/pages/returns)",
        ),
        (
            "<https://a.example/b>",
            '<p><a href="https://a.example/b">https://a.example/b</a></p>',
            "https://a.example/b",
        ),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "- a\n- b"),
        (
            "1. a\n2. b\n\nEnd",
            "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<p>End</p>",
            "1. a\n2. b\n\nEnd",
        ),
        ("a  \nb", "<p>a<br>\nb</p>", "a\nb"),
        ("Order {{ number }}", "<p>Order GN-1</p>", "Order GN-1"),
        ("", "", ""),
    ],
)
def test_both_parts_say_the_same(source: str, html: str, text: str) -> None:
    assert both(source) == (html, text)


def test_markup_stays_as_it_was_typed() -> None:
    html, text = both('<script>alert(1)</script> <b>x</b> ![p](https://e.example/p.png "t")')

    assert "<script" not in html
    assert "<b>" not in html
    assert "<img" not in html
    assert "<script>alert(1)</script>" in text


def test_a_value_is_no_markdown_and_no_markup() -> None:
    html, text = both("**{{ tracking }}** from {{ sender }}")

    assert html == "<p><strong>AB_12_*34*</strong> from &lt;GN&gt;</p>"
    assert text == "AB_12_*34* from <GN>"


def test_a_link_that_runs_is_none() -> None:
    assert "href" not in both("[x](javascript:alert(1)) [y](data:text/html,x)")[0]


@pytest.mark.parametrize(
    ("source", "unknown"),
    [
        ("{{ number }} {{number}}", []),
        ("{{ nmuber }}", ["{{ nmuber }}"]),
        ("{number} {{{ number }}} %(number)s", ["{number}", "{{{ number }}}"]),
        ("{{ number", ["{{ number"]),
        ("}", ["}"]),
        ("{{ Number }}", ["{{ Number }}"]),
    ],
)
def test_whatever_stands_in_braces_and_is_no_name_is_found(source: str, unknown: list[str]) -> None:
    assert unknown_names(source, KNOWN) == unknown


def test_an_unknown_name_is_left_as_it_is() -> None:
    assert filled("{{ number }} {{ other }}", NAMES) == "GN-1 {{ other }}"


@pytest.mark.parametrize(
    "address", ["pages/returns", "//evil.example", "{{number}}", "ftp://a.example"]
)
def test_links_that_lead_nowhere_from_a_mailbox_are_found(address: str) -> None:
    assert len(bad_links(f"[x]({address}) [y](https://a.example) [z](mailto:a@b.example)")) == 1

"""Chromium takes the rules that the header names, under the shop's own content policy."""

from typing import Any

from tests.browser.conftest import NewPage


def test_rules_of_the_header_are_taken_without_a_complaint(new_page: NewPage) -> None:
    page = new_page()
    taken: list[dict[str, Any]] = []
    session = page.context.new_cdp_session(page)
    session.on("Preload.ruleSetUpdated", lambda event: taken.append(event["ruleSet"]))
    session.send("Preload.enable")

    page.goto("/")
    page.wait_for_load_state("networkidle")

    [rules] = taken
    assert rules["url"].endswith("/speculation-rules.json")
    assert "errorType" not in rules, rules
    assert "/products/*" in rules["sourceText"]

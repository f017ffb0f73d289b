"""Promises about `store catalog synonyms`."""

from click.testing import Result

from store.cli.catalog import catalog as command
from tests.shop import Shop


def run(shop: Shop, *words: str) -> Result:
    return shop.app.test_cli_runner().invoke(command, ["synonyms", *words])


def test_line_is_added_once_printed_and_removed(shop: Shop) -> None:
    assert run(shop, "Esky,  cool box").output == "Added: esky, cool box\n"
    assert run(shop, "esky, cool box").output == "Nothing changed: esky, cool box\n"
    assert run(shop).output == "esky, cool box\n"
    assert run(shop, "esky, cool box", "--remove").output == "Removed: esky, cool box\n"
    assert "None yet" in run(shop).output


def test_line_of_one_thing_is_refused(shop: Shop) -> None:
    for line in ("esky", "esky, Eskies", "esky, a box that keeps things cool", ",", "x" * 500):
        refused = run(shop, line)
        assert refused.exit_code == 1
        assert "nothing was written" in refused.output

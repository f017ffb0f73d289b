"""The WordPress plugin as it is shipped: its files, its version, its stylesheet."""

import re
import subprocess
from pathlib import Path

import pytest

from store.widget.loader import RESERVE
from tests.integrations.wordpress_site import (
    PHP,
    PLUGIN,
    WANTS_PHP,
)

pytestmark = WANTS_PHP
FILES = sorted(PLUGIN.rglob("*.php"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PLUGIN)))
def test_every_file_is_php_that_runs_inside_wordpress_alone(path: Path) -> None:
    linted = subprocess.run(
        [str(PHP), "-l", path], capture_output=True, text=True, timeout=20, check=False
    )
    opened = subprocess.run(
        [str(PHP), path], capture_output=True, text=True, timeout=20, check=False
    )

    assert linted.returncode == 0, linted.stdout
    assert (opened.returncode, opened.stdout) == (0, "")


def test_version_is_the_same_wherever_it_stands() -> None:
    main, paper = (PLUGIN / "store-widget.php").read_text(), (PLUGIN / "readme.txt").read_text()
    (version,) = re.findall(r"\* Version: +(\S+)", main)

    assert f"const VERSION = '{version}';" in main
    assert f"Stable tag: {version}\n" in paper
    assert f"= {version} =" in paper
    for header in ("Requires at least", "Requires PHP", "License"):
        assert re.findall(rf"{header}: +(.+)", main) == re.findall(
            rf"^{header}: (.+)", paper, re.MULTILINE
        )


def test_stylesheet_reserves_the_room_of_the_tag() -> None:
    assert RESERVE in (PLUGIN / "assets" / "store-widget.css").read_text()


# -- A store that was broken into.

"""Readers wait for nothing that staff sign in with."""

import subprocess
import sys
from pathlib import Path

import pytest

from store.migrating import upgrade_url

LOOK = """
import sys
from pathlib import Path
from tests.conftest import START
from store.clock import FixedClock
from tests.shop import open_shop, some_settings

folder, url = Path(sys.argv[1]), sys.argv[2]
shop = open_shop(some_settings(folder, url), FixedClock(START))
for path in ("/", "/products", "/cart"):
    assert shop.browser().get(path).status_code == 200, path
heavy = {"flask_security", "flask_wtf", "passlib", "qrcode", "store.staff.models", "webauthn"}
print(" ".join(sorted(heavy & set(sys.modules))))
"""


@pytest.mark.slow
def test_the_shop_answers_without_importing_what_staff_sign_in_with(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite"
    upgrade_url(url)

    command = [sys.executable, "-c", LOOK, str(tmp_path / "var"), url]
    looked = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)

    assert looked.returncode == 0, looked.stderr
    assert looked.stdout.strip() == ""

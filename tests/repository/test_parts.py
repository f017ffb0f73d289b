"""What the shop is made of can be listed for whoever asks, with versions and hashes."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from store.paths import ROOT

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@pytest.mark.slow
def test_every_part_is_listed_with_its_version_and_hashes(tmp_path: Path) -> None:
    written = tmp_path / "sbom.json"
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")

    subprocess.run([ROOT / "bin" / "sbom", written], check=True, capture_output=True)
    bom = json.loads(written.read_text(encoding="utf-8"))

    parts = {(part["name"], part["version"]) for part in bom["components"]}
    hashes = set(re.findall(r'"content": "([0-9a-f]{64})"', written.read_text(encoding="utf-8")))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert bom["metadata"]["component"]["name"] == "store"
    assert parts == set(LOCKED.findall(lock))
    assert hashes == set(HASH.findall(lock))

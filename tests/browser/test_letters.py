"""Every mail and paper is drawn and looked at: nothing runs over, by day and by night.

Mails are drawn as most mailboxes first show them, with pictures off, on a phone and on a desk.

PICTURES=folder keeps the pictures, for somebody to look at: nothing else sees what is ugly.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser

from store.web.printing import MAKER, can_print
from tests.browser.letters import Letter, every_letter, every_paper, every_template, pdfs_of
from tests.shop import Shop

WIDTHS = (390, 640)
A4_WIDTH = 794
ADDRESS = re.compile(r'(?:href|src)="([^"]*)"')
ABSOLUTE = {"http", "https", "mailto", "tel"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures go."""
    wished = os.environ.get("PICTURES")
    made = Path(wished) if wished else tmp_path
    made.mkdir(parents=True, exist_ok=True)
    return made


def _drawn(chromium: Browser, letter: Letter, width: int, folder: Path, *, dark: bool) -> int:
    """Draw a letter as a mailbox shows it, and return how far it runs over its right edge."""
    scheme = "dark" if dark else "light"
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type] # one of two words
        # No picture comes: what they say has to stand in words.
        offline=True,
        java_script_enabled=True,
    )
    page = context.new_page()
    page.set_content(letter.html)
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    page.screenshot(path=folder / f"{letter.name}-{width}-{scheme}.png", full_page=True)
    context.close()
    return int(over)


def test_every_mail_is_drawn_within_its_width(
    app: Flask, shop: Shop, chromium: Browser, folder: Path
) -> None:
    letters = every_letter(shop)

    over = {
        (letter.name, width, dark): beyond
        for letter in letters
        for width in WIDTHS
        for dark in (False, True)
        if (beyond := _drawn(chromium, letter, width, folder, dark=dark)) > 0
    }

    assert {letter.name for letter in letters} == every_template()
    assert over == {}


def test_every_mail_reads_without_pictures_and_leads_somewhere(app: Flask, shop: Shop) -> None:
    for letter in every_letter(shop):
        addresses = [urlsplit(address) for address in ADDRESS.findall(letter.html)]

        assert addresses, letter.name
        assert {address.scheme for address in addresses} <= ABSOLUTE, letter.name
        assert not re.search(r"<img(?![^>]*\balt=)", letter.html), letter.name
        assert "<script" not in letter.html
        assert "style=" in letter.html
        assert len(letter.text.split()) > 20, letter.name
        assert "<" not in letter.text.replace("<http", ""), letter.name


def test_every_paper_is_drawn_within_its_width(
    app: Flask, shop: Shop, chromium: Browser, folder: Path
) -> None:
    over = {
        (letter.name, width): beyond
        for letter in every_paper(shop)
        for width in (390, A4_WIDTH)
        if (beyond := _drawn(chromium, letter, width, folder, dark=False)) > 0
    }

    assert over == {}


@pytest.mark.skipif(not can_print(), reason="the libraries that lay out a PDF are not installed")
def test_every_paper_is_a_pdf_of_few_pages(app: Flask, shop: Shop, folder: Path) -> None:
    for name, html, sheet in pdfs_of(shop, every_paper(shop)):
        told = json.dumps({"html": html, "name": "paper.css", "stylesheet": sheet})
        made = subprocess.run(
            [sys.executable, "-m", MAKER], input=told.encode(), capture_output=True, check=True
        )
        path = folder / f"{name}.pdf"
        path.write_bytes(made.stdout)

        assert made.stdout.startswith(b"%PDF-")
        if shutil.which("pdftoppm"):
            subprocess.run(
                ["pdftoppm", "-r", "70", "-png", str(path), str(path.with_suffix(""))], check=True
            )
            assert 1 <= len(list(folder.glob(f"{name}-*.png"))) <= 4

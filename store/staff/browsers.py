"""What a browser is called by people: Firefox on macOS, out of what it calls itself."""

import re

from flask_babel import gettext as _

BROWSERS = (
    ("Edge", re.compile(r"\bEdgi?A?(?:iOS)?/")),
    ("Opera", re.compile(r"\bOPR/|\bOPT/")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bVersion/[\d.]+.*\bSafari/")),
)
"""In this order: most of them also claim to be those below."""
SYSTEMS = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("macOS", re.compile(r"\bMac OS X\b|\bMacintosh\b")),
    ("Windows", re.compile(r"\bWindows NT\b")),
    ("Linux", re.compile(r"\bLinux\b|\bX11\b")),
)
LONGEST_STRANGE_NAME = 40


def browser_name(user_agent: str) -> str:
    """Return what its owner knows it by; a strange one goes by how it begins."""
    browser = _first(BROWSERS, user_agent)
    system = _first(SYSTEMS, user_agent)
    if browser and system:
        words: str = _("%(browser)s on %(system)s", browser=browser, system=system)
        return words
    strange = user_agent.partition("/")[0].strip()[:LONGEST_STRANGE_NAME]
    return browser or system or strange or str(_("An unnamed browser"))


def _first(known: tuple[tuple[str, re.Pattern[str]], ...], user_agent: str) -> str:
    return next((name for name, pattern in known if pattern.search(user_agent)), "")

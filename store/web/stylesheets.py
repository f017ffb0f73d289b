"""Joins the stylesheets that main.css names into one, and takes out what browsers ignore."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

ENTRY = "css/main.css"
COMPONENTS = "css/components"

IMPORT = re.compile(
    r"""@import\s+(?:url\(\s*)?["'](?P<name>[^"']+)["']\s*\)?\s*(?:layer\((?P<layer>[\w.-]+)\))?\s*;"""
)
ADDRESS = re.compile(r"""url\(\s*(?P<quote>["']?)(?P<name>[^"')]+)(?P=quote)\s*\)""")
IGNORED = r"(?:\s|/\*.*?\*/)"
# Strings and addresses are matched first, so that nothing inside them is touched.
TOKEN = re.compile(
    r"""(?P<kept>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\([^)"']*\))"""
    rf"|{IGNORED}*(?P<mark>[{{}};]){IGNORED}*"
    rf"|(?P<ignored>{IGNORED}+)",
    re.DOTALL,
)


def joined_stylesheet(static: Path) -> str:
    """Return main.css with its imports in their places, and every other component after them."""
    entry = (static / ENTRY).read_text()
    named = {normpath(join(dirname(ENTRY), found["name"])) for found in IMPORT.finditer(entry)}
    joined = IMPORT.sub(lambda found: _imported(static, found), entry)
    others = sorted(
        path.relative_to(static).as_posix() for path in (static / COMPONENTS).glob("*.css")
    )
    rest = [_sheet(static, name) for name in others if name not in named]
    return "\n".join([joined, *rest])


def minified(stylesheet: str) -> str:
    """Drop comments and fold white space; strings, addresses and the order of rules stay."""
    return TOKEN.sub(_folded, stylesheet).strip()


def _folded(found: re.Match[str]) -> str:
    if found["kept"] or found["mark"]:
        return found["kept"] or found["mark"]
    # A comment alone parts two words without being white space between them.
    return " " if re.sub(r"/\*.*?\*/", "", found["ignored"], flags=re.DOTALL) else "/**/"


def _imported(static: Path, found: re.Match[str]) -> str:
    name = normpath(join(dirname(ENTRY), found["name"]))
    sheet = _sheet(static, name)
    return f"@layer {found['layer']} {{\n{sheet}\n}}" if found["layer"] else sheet


def _sheet(static: Path, name: str) -> str:
    """Return one file with its addresses turned to those that hold from where main.css stands."""
    folder = dirname(name)
    home = dirname(ENTRY)

    def turned(found: re.Match[str]) -> str:
        address = found["name"]
        if address.startswith(("/", "data:", "#", "http:", "https:")):
            return found[0]
        return f'url("{_relative(normpath(join(folder, address)), home)}")'

    return ADDRESS.sub(turned, (static / name).read_text())


def _relative(path: str, home: str) -> str:
    prefix = f"{home}/"
    return path.removeprefix(prefix) if path.startswith(prefix) else f"../{path}"

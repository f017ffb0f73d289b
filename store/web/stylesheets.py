"""Joins the stylesheets that an entry names into one, and takes out what browsers ignore."""

import re
from pathlib import Path
from posixpath import dirname, join, normpath

ENTRY = "css/main.css"
STAFF_ENTRY = "css/staff.css"
PAPER_ENTRY = "css/paper.css"
ENTRIES = (ENTRY, STAFF_ENTRY, PAPER_ENTRY)
"""The shop's sheet, that of the rooms behind it, and what is printed there: none loads another."""
COMPONENTS = {ENTRY: "css/components", STAFF_ENTRY: "css/staff"}
"""Folders whose every file belongs to an entry."""

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


def joined_stylesheet(static: Path, entry: str = ENTRY) -> str:
    """Return an entry with its imports in their places, and its other components after them."""
    written = (static / entry).read_text()
    named = {normpath(join(dirname(entry), found["name"])) for found in IMPORT.finditer(written)}
    joined = IMPORT.sub(lambda found: _imported(static, found), written)
    folder = static / COMPONENTS[entry] if entry in COMPONENTS else None
    others = sorted(
        path.relative_to(static).as_posix() for path in (folder.glob("*.css") if folder else ())
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
    """Return one file with its addresses turned to those that hold from where entries stand."""
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

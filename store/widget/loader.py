"""The tag's script as hosts load it: one small file with its styles inside."""

import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha384

from rjsmin import jsmin

from store.paths import STATIC
from store.web.stylesheets import minified

VERSION = "1.1.1"
"""Raise it with every change of the script: pinned addresses carry it."""
SCRIPT, STYLES = STATIC / "widget" / "tag.js", STATIC / "widget" / "tag.css"
KEPT = STATIC / "widget" / "pinned"
"""Every script that a version ever shipped, by version and hash: what sites pinned stays there."""
PLACE = "STYLES"
FLOATING = "/widget/v1.js"
_VERSION = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}")
_HASH = re.compile(r"[0-9a-f]{16}")
RESERVE = (
    "store-widget:not(:defined) { display: flow-root; min-block-size: 52rem; }\n"
    "@media (width >= 44rem) { store-widget:not(:defined) { min-block-size: 45.5rem; } }\n"
    'store-widget[newsletter="off"]:not(:defined) { min-block-size: 36rem; }\n'
    "store-widget[quiet]:not(:defined) { min-block-size: 12.5rem; }\n"
    "@media (scripting: none) { store-widget:not(:defined) { min-block-size: 0 !important; } }"
)
"""What a host's stylesheet carries, so that nothing moves when the block appears."""


@dataclass(frozen=True, slots=True)
class Loader:
    """The bytes that are served, and what pins them."""

    content: bytes
    integrity: str
    pinned: str
    """The address that never changes its content."""


@cache
def loader() -> Loader:
    """Return the script with its styles; it is made once a process."""
    styles = minified(STYLES.read_text(encoding="utf-8")).replace(";}", "}")
    styles = re.sub(r"([:,]) ", r"\1", styles)
    script = jsmin(SCRIPT.read_text(encoding="utf-8"))
    content = script.replace(PLACE, styles, 1).encode()
    digest = sha384(content).digest()
    return Loader(
        content=content,
        integrity="sha384-" + b64encode(digest).decode(),
        pinned=f"/widget/{VERSION}/{digest.hex()[:16]}.js",
    )


def kept_script(version: str, name: str) -> bytes | None:
    """Return the script that was pinned under this version and hash, this version's or older."""
    if loader().pinned == f"/widget/{version}/{name}.js":
        return loader().content
    if not (_VERSION.fullmatch(version) and _HASH.fullmatch(name)):
        return None
    path = KEPT / version / f"{name}.js"
    return path.read_bytes() if path.is_file() else None


def keep_script() -> str:
    """Write this version's script among those that are kept; return its file's name."""
    *_, version, file = loader().pinned.split("/")
    path = KEPT / version / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(loader().content)
    return path.relative_to(STATIC).as_posix()

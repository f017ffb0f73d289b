"""Stylesheets, scripts and icons: built once under the hash of their sources, then immutable."""

import gzip
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath

import brotli
from flask import Blueprint, Flask, Response, redirect, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from store.paths import STATIC
from store.settings import Settings
from store.web.stylesheets import ENTRIES, joined_stylesheet, minified
from store.web.typeface import NAME as FACE
from store.web.typeface import headline_face, headline_rules

BUILD = STATIC / "build"
KINDS = ("css", "js", "icons", "images", "fonts", "widget")
"""Folders of static/ that readers may load."""
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".txt", ".webmanifest"})
BUILDS_KEPT = 4
"""Pages in shared caches go on naming older builds for a while."""
BUILDER = "2"
"""Raise it when the same sources are built into something else."""
PREFIX = "/static/"
SOURCES = "src"
STAFF_SCRIPT = "js/staff.js"
ICONS = ("icons/favicon.ico", "icons/favicon.svg", "icons/mark.svg")
IMPORT = re.compile(
    r"""^\s*(?:import|export)\s+(?:[\w*{}\s,$]+\s+from\s+)?["'](?P<name>\.{1,2}/[^"']+)["']""",
    re.MULTILINE,
)


class MissingAssetError(LookupError):
    """A template names a file that static/ does not hold."""


@dataclass(frozen=True, slots=True)
class Assets:
    """The sources and, when it was made from these very sources, their build.

    A process serves the builds that it found at its start, and so goes by what was there then:
    a build that another process makes later is for those that start after it.
    """

    source: Path
    build: Path
    version: str
    is_built: bool

    def url(self, name: str) -> str:
        if not (self.source / name).is_file():
            raise MissingAssetError(name)
        return f"{PREFIX}{self.version if self.is_built else SOURCES}/{name}"

    def face_url(self) -> str:
        """Return where the headline face is, or nothing where it was not built."""
        is_there = self.is_built and (self.build / self.version / FACE).is_file()
        return f"{PREFIX}{self.version}/{FACE}" if is_there else ""


def find_assets(source: Path = STATIC, build: Path = BUILD) -> Assets:
    version = _version(source)
    return Assets(source, build, version, is_built=(build / version).is_dir())


def ensure_built(source: Path = STATIC, build: Path = BUILD) -> Assets:
    """Build what is missing or older than its sources; safe when several processes do it."""
    assets = find_assets(source, build)
    if assets.is_built:
        return assets
    _build(assets)
    _forget_old_builds(assets)
    return replace(assets, is_built=True)


def module_imports(source: Path, script: str) -> tuple[str, ...]:
    """Return every module that the script imports at once, and what those import, by name."""
    found: dict[str, None] = {}
    waiting = [script]
    while waiting:
        name = waiting.pop(0)
        for imported in _imports_of(source, name):
            if imported != script and imported not in found:
                found[imported] = None
                waiting.append(imported)
    return tuple(found)


NOT_FOR_ROBOTS = (
    "/cart/",
    "/checkout",
    "/orders",
    "/from",
    "/staff",
    "/preview/",
    "/newsletter/confirm/",
    "/newsletter/leave/",
    "/newsletter/preferences/",
)
"""What belongs to one reader or to nobody; searches say noindex themselves, where it is read."""


def install_assets(app: Flask, settings: Settings, assets: Assets) -> None:
    """Give templates the addresses of assets, and serve sources where nothing is built."""
    # The shop's own come after the page, all by themselves: see static/js/main.js.
    preloads = tuple(assets.url(name) for name in module_imports(assets.source, STAFF_SCRIPT))
    # A build never changes, so what it holds is looked up once.
    url = cache(assets.url) if assets.is_built else assets.url
    face_url = cache(assets.face_url) if assets.is_built else assets.face_url
    app.add_template_global(url, "asset_url")
    app.add_template_global(lambda: preloads, "staff_modules")
    app.add_template_global(face_url, "headline_face_url")
    app.register_blueprint(_blueprint(app, settings, assets))


def _blueprint(app: Flask, settings: Settings, assets: Assets) -> Blueprint:
    blueprint = Blueprint("assets", __name__)

    @blueprint.get(f"{PREFIX}{SOURCES}/<path:name>")
    def source(name: str) -> Response:
        kind, _, below = name.partition("/")
        if kind not in KINDS:
            raise NotFound
        if name in ENTRIES:
            response = Response(joined_stylesheet(assets.source, name), mimetype="text/css")
        else:
            response = send_from_directory(assets.source / kind, below)
        response.headers["Cache-Control"] = "no-cache"
        return response

    @blueprint.get("/favicon.ico")
    def favicon() -> AnyResponse:
        icon = next((name for name in ICONS if (assets.source / name).is_file()), None)
        if icon is None:
            raise NotFound
        response = redirect(assets.url(icon))
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response

    @blueprint.get("/robots.txt")
    def robots() -> Response:
        paths = {rule.rule for rule in app.url_map.iter_rules()}
        response = Response(_robots(settings, paths), mimetype="text/plain")
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    return blueprint


def _robots(settings: Settings, paths: set[str]) -> str:
    lines = ["User-agent: *"]
    lines += [f"Disallow: {path}" for path in NOT_FOR_ROBOTS]
    if "/sitemap.xml" in paths:
        lines += ["", f"Sitemap: {settings.public_url}/sitemap.xml"]
    return "\n".join(lines) + "\n"


def _version(source: Path) -> str:
    digest = sha256(BUILDER.encode())
    for path in _files(source):
        digest.update(path.relative_to(source).as_posix().encode() + b"\0")
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files(source: Path) -> Iterator[Path]:
    for kind in KINDS:
        yield from sorted(path for path in (source / kind).rglob("*") if path.is_file())


def _build(assets: Assets) -> None:
    assets.build.mkdir(parents=True, exist_ok=True)
    # Made aside and moved in one step: nobody ever serves half a build.
    with tempfile.TemporaryDirectory(dir=assets.build, prefix=".making-") as making:
        target = Path(making) / assets.version
        for name, content in _contents(assets.source).items():
            _write(target / name, content)
        made = assets.build / assets.version
        try:
            target.rename(made)
        except OSError:
            # Somebody else was quicker, with the very same.
            if not made.is_dir():
                raise


def _contents(source: Path) -> Mapping[str, bytes]:
    contents = {
        path.relative_to(source).as_posix(): path.read_bytes()
        for path in _files(source)
        if path.suffix != ".css"
    }
    entries = [entry for entry in ENTRIES if (source / entry).is_file()]
    face = headline_face() if entries else None
    if face is not None:
        contents[FACE] = face
    for entry in entries:
        sheet = minified(joined_stylesheet(source, entry))
        contents[entry] = (sheet + headline_rules() if face is not None else sheet).encode()
    return contents


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if path.suffix in COMPRESSED:
        path.with_name(f"{path.name}.br").write_bytes(brotli.compress(content, quality=11))
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _forget_old_builds(assets: Assets) -> None:
    builds = [path for path in assets.build.iterdir() if not path.name.startswith(".")]
    newest_first = sorted(builds, key=lambda path: path.stat().st_mtime, reverse=True)
    for path in newest_first[BUILDS_KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _imports_of(source: Path, script: str) -> Iterator[str]:
    path = source / script
    if not path.is_file():
        return
    for found in IMPORT.finditer(path.read_text()):
        yield normpath(join(dirname(script), found["name"]))

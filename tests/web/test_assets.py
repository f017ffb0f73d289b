"""Promises about stylesheets, scripts and icons: built, and served as they lie."""

import gzip
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from store.clock import FixedClock
from store.database import db
from store.paths import STATIC, TEMPLATES
from store.web.assets import (
    BUILDS_KEPT,
    MissingAssetError,
    ensure_built,
    find_assets,
    install_assets,
    module_imports,
)
from store.web.headers import Policy
from store.web.static_files import static_files
from store.web.stylesheets import joined_stylesheet, minified
from store.web.typeface import NAME as FACE
from tests.shop import Shop, open_shop, some_settings

MAIN_CSS = """/* Order */
@layer reset, components;
@import url("reset.css");
@import url("components/card.css") layer(components);
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    files = {
        "css/main.css": MAIN_CSS,
        "css/reset.css": "@layer reset { * { margin: 0 } }",
        "css/components/card.css": ".card { background: url('../../icons/a.svg') }",
        "css/components/zebra.css": "@layer components { .zebra { content: '/* kept */' } }",
        "js/main.js": 'import "./elements/badge.js";\nimport { a } from "./helpers/a.js";\n',
        "js/elements/badge.js": "import {\n  a,\n} from '../helpers/a.js';\nexport class B {}\n",
        "js/helpers/a.js": 'export const a = () => import("./lazy.js");\n',
        "js/helpers/lazy.js": "export default 1;\n",
        "icons/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "secret.txt": "not for readers",
    }
    for name, content in files.items():
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "static"


def test_stylesheet_holds_its_imports_in_their_order(source: Path) -> None:
    joined = joined_stylesheet(source)

    assert "@import" not in joined
    assert joined.index("@layer reset, components") < joined.index("margin") < joined.index(".card")
    assert "@layer components {\n.card" in joined


def test_component_that_nobody_named_is_joined_too(source: Path) -> None:
    assert ".zebra" in joined_stylesheet(source)


def test_addresses_hold_from_where_the_joined_file_stands(source: Path) -> None:
    assert 'url("../icons/a.svg")' in joined_stylesheet(source)


@pytest.mark.parametrize(
    ("given", "folded"),
    [
        ("a  {\n  color: red;\n}\n\nb { }", "a{color: red;}b{}"),
        ("/* x */ a { margin: calc(1px  +  2px) }", "a{margin: calc(1px + 2px)}"),
        ("a::before { content: ' /* { */ ' }", "a::before{content: ' /* { */ '}"),
        ('a { content: "\\"  }" }', 'a{content: "\\"  }"}'),
        ("a/**/.b { }", "a/**/.b{}"),
        ("a /* x */ .b{}", "a .b{}"),
        ("a { b: url( x;y ) }", "a{b: url( x;y )}"),
    ],
)
def test_folding_changes_no_meaning(given: str, folded: str) -> None:
    assert minified(given) == folded


def test_build_lies_under_the_hash_of_its_sources(source: Path, tmp_path: Path) -> None:
    first = ensure_built(source, tmp_path / "build")
    (source / "js/helpers/a.js").write_text("export const a = 2;")
    second = ensure_built(source, tmp_path / "build")

    assert first.version != second.version
    assert first.is_built
    assert second.is_built


def test_build_holds_ready_compressed_copies(source: Path, tmp_path: Path) -> None:
    assets = ensure_built(source, tmp_path / "build")
    path = assets.build / assets.version / "css" / "main.css"

    content = path.read_bytes()
    assert brotli.decompress(path.with_name("main.css.br").read_bytes()) == content
    assert gzip.decompress(path.with_name("main.css.gz").read_bytes()) == content


def test_build_holds_nothing_else(source: Path, tmp_path: Path) -> None:
    assets = ensure_built(source, tmp_path / "build")
    built = assets.build / assets.version
    names = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}

    assert {name for name in names if not name.endswith((".br", ".gz"))} - {FACE} == {
        "css/main.css",
        "icons/a.svg",
        "js/elements/badge.js",
        "js/helpers/a.js",
        "js/helpers/lazy.js",
        "js/main.js",
    }


def test_older_builds_stay_for_a_while(source: Path, tmp_path: Path) -> None:
    for number in range(BUILDS_KEPT + 3):
        (source / "js/main.js").write_text(f"// {number}")
        assets = ensure_built(source, tmp_path / "build")

    assert len(list((tmp_path / "build").iterdir())) == BUILDS_KEPT
    assert assets.is_built


def test_build_of_other_sources_is_never_named(source: Path, tmp_path: Path) -> None:
    ensure_built(source, tmp_path / "build")
    (source / "js/main.js").write_text("// changed")

    assert find_assets(source, tmp_path / "build").url("js/main.js") == "/static/src/js/main.js"


@pytest.fixture
def unbuilt(
    monkeypatch: pytest.MonkeyPatch, database_url: str, clock: FixedClock, tmp_path: Path
) -> Iterator[Shop]:
    """A shop that found an empty folder of builds at its start; the folder stays its own."""
    build = tmp_path / "build"
    build.mkdir()
    monkeypatch.setattr("store.web.edge.find_assets", lambda: find_assets(build=build))
    shop = open_shop(some_settings(tmp_path / "var", database_url), clock)
    yield shop
    with shop.app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("page", ["/", "/staff/sign-in"])
def test_build_made_beside_a_running_shop_is_for_the_next_one(
    unbuilt: Shop, tmp_path: Path, page: str
) -> None:
    reader = unbuilt.app.test_client()
    ensure_built(build=tmp_path / "build")

    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', reader.get(page).text)
    answers = {address: reader.get(address) for address in addresses}

    assert answers
    assert {address for address, answer in answers.items() if answer.status_code != 200} == set()
    for answer in answers.values():
        answer.close()


def test_missing_asset_is_found_out_at_once(source: Path, tmp_path: Path) -> None:
    with pytest.raises(MissingAssetError):
        find_assets(source, tmp_path).url("css/missing.css")


def test_preloads_are_what_the_script_needs_at_once(source: Path) -> None:
    assert module_imports(source, "js/main.js") == ("js/elements/badge.js", "js/helpers/a.js")


@pytest.fixture
def reader(source: Path, tmp_path: Path) -> FlaskClient:
    """Reads from a build, with the sources below it."""
    return serving(source, tmp_path, ensure_built(source, tmp_path / "build").build)


def serving(source: Path, tmp_path: Path, build: Path) -> FlaskClient:
    app = Flask("assets")
    settings = some_settings(tmp_path, "sqlite://")
    install_assets(app, settings, find_assets(source, build))
    layer = static_files(app.wsgi_app, build, Policy(settings))
    app.wsgi_app = layer  # type: ignore[method-assign, assignment] # Flask's way to wrap
    return app.test_client()


def test_built_files_are_served_for_ever(reader: FlaskClient, source: Path, tmp_path: Path) -> None:
    address = find_assets(source, tmp_path / "build").url("css/main.css")
    answer = reader.get(address, headers={"Accept-Encoding": "br"})

    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_sources_are_served_where_nothing_is_built(source: Path, tmp_path: Path) -> None:
    reader = serving(source, tmp_path, tmp_path / "no-build")
    styles, script = reader.get("/static/src/css/main.css"), reader.get("/static/src/js/main.js")

    assert styles.text == joined_stylesheet(source)
    assert script.mimetype == "text/javascript"
    assert styles.headers["Cache-Control"] == script.headers["Cache-Control"] == "no-cache"
    script.close()


@pytest.mark.parametrize(
    "name",
    [
        "secret.txt",
        "../secret",
        "css/../secret.txt",
        "css/%2e%2e/secret.txt",
        "css/..%5csecret.txt",
        "build/x",
        "js/none.js",
    ],
)
def test_nothing_else_is_served(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/static/src/{name}").status_code == 404


def test_robots_are_kept_from_private_pages(reader: FlaskClient) -> None:
    assert "Disallow: /orders\n" in reader.get("/robots.txt").text


def test_every_asset_that_a_template_names_is_there() -> None:
    named = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""asset_url\(["']([^"']+)["']\)""", path.read_text())
    }

    assert {name for name in named if not (STATIC / name).is_file()} == set()


def test_every_module_that_a_script_imports_is_there() -> None:
    named = {
        name
        for script in ("js/elements.js", "js/staff.js")
        for name in (script, *module_imports(STATIC, script))
    }

    assert {name for name in named if not (STATIC / name).is_file()} == set()
    assert named >= {
        path.relative_to(STATIC).as_posix()
        for room in ("elements", "staff")
        for path in STATIC.glob(f"js/{room}/*.js")
    }


@pytest.mark.parametrize(
    ("script", "is_page"),
    [
        ("js/staff.js", lambda path: path.parts[0] == "staff"),
        ("js/elements.js", lambda path: path.parts[0] not in {"staff", "components"}),
    ],
    ids=["desk", "shop"],
)
def test_every_element_of_a_page_is_made_by_its_script(
    script: str, is_page: Callable[[Path], bool]
) -> None:
    pages = {path for path in TEMPLATES.rglob("*.html") if is_page(path.relative_to(TEMPLATES))}
    texts = [path.read_text() for path in pages]
    parts = {name for text in texts for name in re.findall(r'"(components/[^"]+)"', text)}
    texts += [(TEMPLATES / name).read_text() for name in parts]
    used = {name for text in texts for name in re.findall(r"<([a-z]+(?:-[a-z]+)+)[\s>]", text)}
    made = {
        name
        for module in module_imports(STATIC, script)
        for name in re.findall(r'customElements\.define\("([^"]+)"', (STATIC / module).read_text())
    }

    assert used - made == set()
    assert used


def test_elements_come_after_the_page() -> None:
    main = (STATIC / "js/main.js").read_text()

    assert 'import("./elements.js")' in main
    assert module_imports(STATIC, "js/main.js") == ()

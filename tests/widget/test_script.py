"""Promises to a news site about the script that it lets onto its pages."""

from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient

from store.widget.loader import FLOATING, KEPT, RESERVE, VERSION, loader
from store.widget.snippets import snippet, tag
from tests.pages import Page
from tests.shop import Shop

SHUNNED = ("ad", "ads", "promo", "stats", "track", "sponsor", "banner", "analytics")


def test_script_is_small_as_served(reader: FlaskClient) -> None:
    answer = reader.get(FLOATING, headers={"Accept-Encoding": "br"})

    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.data) <= 3_000
    assert brotli.decompress(answer.data) == loader().content


def test_script_stands_alone(reader: FlaskClient) -> None:
    script = reader.get(FLOATING).text

    assert "import " not in script
    assert "innerHTML" not in script
    assert "STYLES" not in script
    assert "localStorage" not in script
    assert "cookie" not in script


def test_any_site_may_load_it_without_credentials(reader: FlaskClient) -> None:
    answer = reader.get(FLOATING)

    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "max-age=600" in answer.headers["Cache-Control"]


def test_pinned_script_never_changes_and_is_what_the_hash_says(
    shop: Shop, reader: FlaskClient
) -> None:
    answer = reader.get(loader().pinned)

    digest = b64encode(sha384(answer.data).digest()).decode()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert f'integrity="sha384-{digest}"' in tag(shop.services.settings, is_pinned=True)
    assert loader().pinned in tag(shop.services.settings, is_pinned=True)


def test_this_version_is_kept_for_those_who_pin_it() -> None:
    """Run `store widget keep` after raising VERSION; a script that shipped is never edited."""
    kept = {
        f"/widget/{path.parent.name}/{path.name}": path.read_bytes() for path in KEPT.rglob("*.js")
    }

    assert kept[loader().pinned] == loader().content
    assert all(sha384(content).hexdigest()[:16] in path for path, content in kept.items())


def test_a_script_of_an_older_version_is_served_as_long_as_sites_pin_it(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    content = b"an older script"
    name = sha384(content).hexdigest()[:16]
    (tmp_path / "0.9.0").mkdir()
    (tmp_path / "0.9.0" / f"{name}.js").write_bytes(content)
    monkeypatch.setattr("store.widget.loader.KEPT", tmp_path)

    assert reader.get(f"/widget/0.9.0/{name}.js").data == content
    assert reader.get(f"/widget/0.8.0/{name}.js").status_code == 404


@pytest.mark.parametrize("name", ["0" * 16, "..", "x", "v1"])
def test_other_hash_is_no_script(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/widget/{VERSION}/{name}.js").status_code == 404


def test_snippet_says_all_that_a_host_needs(shop: Shop) -> None:
    words = snippet(shop.services.settings)

    assert "Visit the Gay Nation store now" in words
    assert RESERVE in words
    assert (
        "script-src http://localhost; img-src http://localhost; connect-src http://localhost"
        in words
    )


@pytest.mark.parametrize("path", [FLOATING, "/widget/v1/card.json", "/widget/v1.css", "/from"])
def test_no_address_looks_like_what_blockers_dislike(path: str) -> None:
    parts = path.strip("/").replace(".", "/").replace("-", "/").split("/")

    assert not set(parts) & set(SHUNNED)


def test_styles_of_the_fragment_are_a_page_of_their_own(reader: FlaskClient) -> None:
    page = Page(reader.get("/widget/v1/card.html"))

    (sheet,) = page.all("link", rel="stylesheet")
    assert reader.get(sheet["href"].removeprefix("http://localhost")).status_code == 200

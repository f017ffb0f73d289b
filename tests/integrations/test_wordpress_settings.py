"""The settings of the WordPress plugin: what can be used is kept, what is wrong is said."""

import pytest

from tests.integrations.markup import assert_harmless, fields
from tests.integrations.wordpress_site import (
    ADMINISTRATOR,
    ATTACKS,
    EDITOR,
    FAR_LATER,
    OPTIONS,
    SHOP,
    WANTS_PHP,
    MadeStore,
    Site,
)

pytestmark = WANTS_PHP


def test_settings_are_for_administrators(tagged: Site) -> None:
    assert tagged.do("see_settings", capabilities=EDITOR).html == ""
    assert f'value="{SHOP}"' in tagged.do("see_settings", capabilities=ADMINISTRATOR).html


def test_settings_are_kept_as_they_can_be_used(site: Site) -> None:
    sent = {
        "store": "HTTPS://Shop.Example/",
        "store_name": " Corner <b>store</b> ",
        "tips": "https://news.example/tips?from=store",
        "footer": "1",
        "post_types": ["page", "attachment", "nothing"],
        "mode": "server",
        "count": "9",
        "theme": "purple",
        "cache_seconds": "5",
    }

    shown = site.do("save_settings", sent=sent)

    assert shown.saved == shown.once
    assert not shown.errors
    assert shown.saved == {
        "store": SHOP,
        "store_name": "Corner store",
        "tips": "https://news.example/tips?from=store",
        "footer": True,
        "post_types": ["page"],
        "mode": "server",
        "count": 4,
        "newsletter": False,
        "theme": "auto",
        "cache_seconds": 60,
        "script": "",
        "integrity": "",
    }


@pytest.mark.parametrize(
    "address", [SHOP, "https://shop.example:8443", "http://localhost:5000", "http://127.0.0.1:5000"]
)
def test_store_is_reached_over_https_or_on_this_machine(site: Site, address: str) -> None:
    shown = site.do("save_settings", sent={"store": address})

    assert not shown.errors
    assert shown.saved["store"] == address


@pytest.mark.parametrize(
    "typed",
    [
        "http://shop.example",
        "shop.example",
        "https://shop.example/store",
        "https://shop.example/?a=b",
        "https://user:word@shop.example",
        "http://127.0.0.1.evil.example",
        "javascript:alert(1)",
        *(f"https://shop.example{attack}" for attack in ATTACKS),
    ],
)
def test_wrong_address_is_said_and_neither_lost_nor_used(tagged: Site, typed: str) -> None:
    saved = tagged.do("save_settings", sent={"store": typed})
    again = tagged.do("see_settings", capabilities=ADMINISTRATOR).html
    later = tagged.do("see_settings", capabilities=ADMINISTRATOR).html

    assert "https://" in saved.errors["store"]
    assert saved.saved["store"] == SHOP
    assert fields(again)["store_widget[store]"] == typed
    assert_harmless(again)
    assert fields(later)["store_widget[store]"] == SHOP


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("tips", "http://news.example/tips"),
        ("script", "widget/v1.js"),
        ("integrity", "md5-abc"),
        ("integrity", "sha384-abc"),
    ],
)
def test_what_else_is_wrong_is_said(tagged: Site, field: str, typed: str) -> None:
    assert field in tagged.do("save_settings", sent={field: typed}).errors


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_option_breaks_out_of_the_settings(site: Site, attack: str) -> None:
    site.set_up(**dict.fromkeys(OPTIONS, attack))

    html = site.do("see_settings", capabilities=ADMINISTRATOR).html

    assert set(fields(html)) >= {f"store_widget[{name}]" for name in OPTIONS}
    assert fields(html)["store_widget[store_name]"] == attack
    assert_harmless(html)


def test_deleted_plugin_leaves_nothing(asking: Site, shop_made: MadeStore) -> None:
    sent = {"store_widget_story_nonce": "nonce-of-store_widget_story", "store_widget_quiet": "1"}
    asking.read()
    asking.do("send_box", sent=sent, capabilities=EDITOR)
    shop_made.status = 500
    kept = asking.read(seconds_later=FAR_LATER)

    left = asking.do("uninstall")

    assert len(kept.options) > 1
    assert kept.meta
    assert not left.options
    assert not left.meta

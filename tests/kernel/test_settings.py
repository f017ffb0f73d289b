"""Promises about settings: all faults at once, and no secret in any words."""

from pathlib import Path

import pytest

from store.paths import ROOT
from store.settings import Settings, SettingsError
from tests.shop import some_settings


def test_every_fault_is_listed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET_KEY", "MAIL_FROM", "NEWSROOM_EMAIL", "STRIPE_KEY"):
        monkeypatch.delenv(f"STORE_{name}", raising=False)

    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(_env_file=None, timezone="Mars/Olympus", currency="dollars")

    faults = str(caught.value)
    assert all(
        name in faults
        for name in ("STORE_SECRET_KEY", "STORE_STRIPE_KEY", "STORE_TIMEZONE", "STORE_CURRENCY")
    )


def test_a_wrong_value_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        some_settings(tmp_path, "", secret_key="hunter2")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("database_url", "mysql://store:hunter2@host/store"),
        ("database_url", "postgresql+asyncpg://store:hunter2@host/store"),
        ("queue_url", "amqp://store:hunter2@host"),
        ("cache_url", "memcached://hunter2"),
        ("media_url", "/srv/hunter2"),
        ("files_url", "ftp://store:hunter2@host"),
        ("mail_url", "store:hunter2@host"),
        ("mail_url", "smtp://"),
        ("traces_url", "hunter2:4318"),
        ("sentry_dsn", "https://host/hunter2"),
    ],
)
def test_an_address_that_nothing_opens_is_a_fault_and_not_repeated(
    tmp_path: Path, name: str, given: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        some_settings(tmp_path, **{"database_url": "", name: given})

    assert f"STORE_{name.upper()}: " in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_secrets_are_masked_when_settings_are_printed(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "")

    assert "secret key of a test" not in repr(settings)
    assert "sk_test" not in repr(settings)


def test_hosts_follow_the_public_address(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "", public_url="https://Shop.Example.org")

    assert settings.allowed_hosts == ("shop.example.org",)


def test_lists_are_given_with_commas(tmp_path: Path) -> None:
    settings = some_settings(tmp_path, "", news_origins="https://a.example, https://b.example/")

    assert settings.news_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("country", "given", "told"),
    [
        ("DE", "", True),
        ("NO", "", True),
        ("AU", "", False),
        ("DE", "no", False),
        ("AU", "yes", True),
    ],
)
def test_the_country_decides_whether_the_lowest_price_is_told_unless_somebody_does(
    tmp_path: Path, country: str, given: str, *, told: bool
) -> None:
    settings = some_settings(tmp_path, "", country=country, tells_lowest_price=given)

    assert settings.tells_lowest_price is told


def test_every_setting_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")

    missing = [name for name in Settings.model_fields if f"STORE_{name.upper()}=" not in example]

    assert missing == []

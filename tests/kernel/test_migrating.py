"""Promises about upgrades: what is missing is run, what this code does not know is left alone."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from store.migrating import Schema, newest_revision, schema_after, upgrade_url


def test_a_database_is_as_new_as_the_newest_that_it_has_seen() -> None:
    assert schema_after(newest_revision()) == Schema.NEWEST
    assert schema_after(None) == Schema.BEHIND
    assert schema_after("20261122_2200") == Schema.BEHIND
    assert schema_after("29990101_0000") == Schema.AHEAD


@pytest.mark.slow
def test_upgrading_by_the_code_of_before_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    upgrade_url(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29990101_0000'"))

    upgrade_url(url)

    with engine.begin() as connection:
        seen = connection.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    assert seen == "29990101_0000"

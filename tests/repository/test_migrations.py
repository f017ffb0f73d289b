"""Promises about the schema: one line of migrations, there and back, equal to the models."""

import re
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from store.migrating import alembic_config, upgrade_url
from store.paths import MIGRATIONS
from tests.repository.migrations_match import differences


def test_there_is_one_newest_migration() -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


@pytest.mark.slow
def test_migrations_lead_to_the_models(tmp_path: Path) -> None:
    assert differences(f"sqlite:///{tmp_path / 'empty.sqlite'}") == ""


@pytest.mark.slow
def test_the_way_back_leaves_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    upgrade_url(url)

    command.downgrade(alembic_config(url), "base")

    engine = create_engine(url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_names_say_when_and_what() -> None:
    names = [path.name for path in (MIGRATIONS / "versions").glob("*.py")]
    wanted = re.compile(r"\d{8}_\d{4}_[a-z]+(_[a-z]+)+\.py")

    assert names
    assert [name for name in names if not wanted.fullmatch(name)] == []

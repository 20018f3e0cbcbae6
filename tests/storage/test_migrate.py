"""Migrations: they give the shape that the models say, all of it or none, once however many start them."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, inspect, text

from runtime.errors import OperatorError
from runtime.storage.engine import make_engine
from runtime.storage.migrate import (
    SCRIPTS,
    VERSION_TABLE,
    _config,
    is_current,
    require_current,
    upgrade,
)
from runtime.storage.tables import Base


def tables(engine):
    return set(inspect(engine).get_table_names())


def test_an_empty_database_is_not_ready_and_says_what_to_do(empty):
    assert not is_current(empty)
    with pytest.raises(OperatorError, match="yibiao init"):
        require_current(empty)


def test_after_an_upgrade_it_is_and_another_changes_nothing(empty):
    upgrade(empty)
    upgrade(empty)
    assert is_current(empty)
    require_current(empty)
    assert tables(empty) == {*Base.metadata.tables, VERSION_TABLE}


def test_models_and_migrations_agree(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_newer_than_the_code_is_left_alone(engine):
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    assert not is_current(engine)
    for step in (upgrade, require_current):
        with pytest.raises(OperatorError, match="newer than this version"):
            step(engine)


def test_two_that_start_at_once_do_not_disturb_each_other(database_url):
    engines = [make_engine(database_url) for _ in range(4)]
    with ThreadPoolExecutor(len(engines)) as pool:
        assert list(pool.map(upgrade, engines)) == [None] * len(engines)
    assert is_current(engines[0])
    for engine in engines:
        engine.dispose()


def test_a_plugin_has_tables_and_versions_of_its_own(engine, tmp_path):
    from importlib.resources import files

    scripts = tmp_path / "steps"
    (scripts / "versions").mkdir(parents=True)
    env = files("runtime.storage") / "migrations" / "env.py"
    (scripts / "env.py").write_text(env.read_text("utf-8"), "utf-8")
    (scripts / "versions" / "a1.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision = 'a1'\ndown_revision = None\n"
        "def upgrade():\n    op.create_table('shop', sa.Column('name', sa.String(9)))\n",
        "utf-8",
    )
    upgrade(engine, str(scripts), "shop_version")
    assert is_current(engine, str(scripts), "shop_version")
    assert is_current(engine)
    assert {"shop", "shop_version"} <= tables(engine)


KILLED = """
import os, signal, sys
from sqlalchemy import event
from runtime.storage.engine import make_engine
from runtime.storage.migrate import upgrade

engine, left = make_engine(sys.argv[1]), sys.argv[2]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def count(*_):
    global left
    left = int(left) - 1
    if left < 0:
        die()

if left == "commit":
    event.listen(engine, "commit", die)
else:
    event.listen(engine, "before_cursor_execute", count)

upgrade(engine)
"""


@pytest.mark.parametrize("statements", ["3", "12", "40", "commit"])
def test_killed_in_the_middle_it_leaves_nothing_and_the_next_start_does_it_all(
    empty, database_url, statements
):
    died = subprocess.run([sys.executable, "-c", KILLED, database_url, statements])
    assert died.returncode == -signal.SIGKILL
    assert tables(empty) == set()
    upgrade(empty)
    assert is_current(empty)


def one_row(table):
    """A row for a table, whatever its columns; what refers to another table refers to its row."""
    row = {}
    for column in table.columns:
        referred = next(iter(column.foreign_keys), None)
        if referred is not None and referred.column.table is table:
            row[column.name] = None if column.nullable else one_of(column)
        else:
            row[column.name] = one_of(column)
    return row


def one_of(column):
    kind = column.type.python_type
    samples = {
        datetime: datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
        date: date(2026, 11, 1),
        Decimal: Decimal(1),
        bytes: b"x",
        str: "1",
        object: {"a": 1},  # JSON
    }
    return samples[kind] if kind in samples else kind(1)


def as_told(value):
    """As both databases tell it: SQLite has no zones, and what is JSON may come as text."""
    return str(value).replace("+00:00", "")


def test_a_filled_database_of_before_the_builder_comes_along(empty):
    with empty.begin() as connection:
        config = _config(SCRIPTS)
        config.attributes.update(connection=connection, version_table=VERSION_TABLE)
        command.upgrade(config, "0010")
    then = MetaData()
    then.reflect(empty)
    kept = {}
    with empty.begin() as connection:
        for table in then.sorted_tables:
            if table.name != VERSION_TABLE:
                connection.execute(table.insert(), one_row(table))
                kept[table.name] = connection.execute(table.select()).mappings().one()
    assert {"form_draft", "form_version", "entry", "user_account", "change"} <= kept.keys()
    upgrade(empty)
    assert is_current(empty)
    now = MetaData()
    now.reflect(empty)
    with empty.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True}
        )
        assert compare_metadata(context, Base.metadata) == []
        for name, row in kept.items():
            found = connection.execute(now.tables[name].select()).mappings().one()
            assert {k: as_told(found[k]) for k in row} == {k: as_told(v) for k, v in row.items()}
        draft = connection.execute(now.tables["form_draft"].select()).mappings().one()
        assert draft["unfinished"] == ""
        for table in now.sorted_tables:
            if table.name not in {*kept, VERSION_TABLE}:
                connection.execute(table.insert(), one_row(table))

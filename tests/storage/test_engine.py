"""Engines: durable, exact in JSON, all or nothing, and clear when something is missing."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from runtime.errors import OperatorError
from runtime.storage import turns
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.tables import AuditEvent, Unit

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab名", max_size=3), inner),
    max_leaves=8,
)


def event(**details):
    return AuditEvent(
        at=datetime(2026, 11, 1, tzinfo=UTC),
        action="test",
        object_kind="none",
        object_id="",
        details=details,
    )


def unit(code):
    return Unit(code=code, level="grid", title={"en": code})


def test_sqlite_is_durable_checked_and_patient(sqlite_url):
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15000,
    }


@given(value=json_values)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_json_comes_back_exactly(engine, value):
    with writing(engine) as session:
        stored = event(value=value)
        session.add(stored)
    with reading(engine) as session:
        found = session.get_one(AuditEvent, stored.id).details["value"]
    assert found == value
    assert str(found) == str(value) or not isinstance(value, Decimal)


def test_a_moment_comes_back_in_utc(engine, fixed_now):
    with writing(engine) as session:
        session.add(event())
    with reading(engine) as session:
        at = session.scalars(select(AuditEvent.at)).one()
    assert at == datetime(2026, 11, 1, tzinfo=UTC)
    assert at.utcoffset().total_seconds() == 0


def write_and_raise(engine, statement):
    with writing(engine) as session:
        session.execute(text(statement))
        raise ZeroDivisionError


def add(engine, code):
    with writing(engine) as session:
        session.add(unit(code))


def test_a_block_that_raises_writes_nothing(engine):
    with pytest.raises(ZeroDivisionError):
        write_and_raise(
            engine, "INSERT INTO unit (id, code, level, title) VALUES (1, '1', 'grid', '{}')"
        )
    with reading(engine) as session:
        assert session.scalars(select(Unit)).all() == []


def test_tables_made_in_a_block_that_raises_are_gone(empty):
    with pytest.raises(ZeroDivisionError):
        write_and_raise(empty, "CREATE TABLE street (name VARCHAR(20))")
    with writing(empty) as session:
        session.execute(text("CREATE TABLE street (name VARCHAR(20))"))


def test_reading_cannot_write(engine):
    with reading(engine) as session:
        session.add(unit("1"))
        with pytest.raises(DBAPIError, match=r"read-?only"):
            session.flush()
    add(engine, "2")


def test_reading_sees_one_moment(engine):
    with reading(engine) as session:
        assert session.scalars(select(Unit)).all() == []
        with writing(engine) as other:
            other.add(unit("1"))
        assert session.scalars(select(Unit)).all() == []
    with reading(engine) as session:
        assert len(session.scalars(select(Unit)).all()) == 1


@pytest.mark.databases("sqlite")
def test_a_database_that_stays_busy_is_said_so(prepared_database, monkeypatch):
    from tests.storage.conftest import migrate

    monkeypatch.setattr(turns, "BUSY_SECONDS", 0)
    engine = make_engine(prepared_database("migrated", migrate))
    with writing(engine) as session:
        session.add(unit("1"))
        session.flush()
        with pytest.raises(OperatorError, match="busy"):
            add(engine, "2")
    engine.dispose()


def test_a_relative_path_is_taken_from_here_and_its_folder_is_made(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    engine = make_engine("sqlite:///data/deep/yibiao.db")
    monkeypatch.chdir(Path.home())
    with writing(engine) as session:
        session.execute(text("CREATE TABLE street (name VARCHAR(20))"))
    engine.dispose()
    assert (tmp_path / "data/deep/yibiao.db").is_file()


@pytest.mark.parametrize(
    "url", ["", "yibiao.db", "mysql://host/name", "nonsense://x", "sqlite", "postgresql:/x"]
)
def test_an_address_that_is_none_of_ours_is_refused(url):
    with pytest.raises(OperatorError, match="is not the address of a database"):
        make_engine(url)


def test_a_password_is_not_repeated():
    with pytest.raises(OperatorError) as refused:
        make_engine("mysql://me:secret@host/name")
    assert "secret" not in str(refused.value)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OperatorError, match="cannot be made"):
        make_engine(f"sqlite:///{tmp_path}/file/yibiao.db")


@pytest.mark.parametrize("way", [reading, writing])
def test_a_server_that_cannot_be_reached_is_said_so(tmp_path, way):
    engine = make_engine(f"postgresql://nobody@/nothing?host={tmp_path}")
    with pytest.raises(OperatorError, match="cannot be reached"), way(engine) as session:
        session.execute(text("SELECT 1"))
    engine.dispose()


def test_a_file_that_is_a_folder_is_said_so(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path}")
    with pytest.raises(OperatorError, match="cannot be opened"), reading(engine) as session:
        session.execute(text("SELECT 1"))
    engine.dispose()


def test_an_error_of_a_statement_does_not_repeat_what_it_was_given(engine):
    with pytest.raises(DBAPIError) as failed, writing(engine) as session:
        session.execute(text("INSERT INTO nowhere VALUES (:phone)"), {"phone": "13800001234"})
    assert "INSERT" in str(failed.value)
    assert "13800001234" not in str(failed.value)

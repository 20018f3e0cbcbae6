"""What was recorded stays, whoever asks the database: no row of the ledger, no snapshot, no audit event goes."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from runtime.storage.engine import writing

ROWS = """
INSERT INTO unit (id, code, level, title) VALUES (1, '1', 'grid', '{}');
INSERT INTO subject (id, register, document, timeline, revision) VALUES ('s', 'resident', '{}', '[]', 1);
INSERT INTO change (id, subject_id, kind, field_values, effective, recorded_at, provenance, reason)
  VALUES ('c', 's', 'set', '{"name": "x"}', '2026-01-01', '2026-01-01', '{}', 'typed');
INSERT INTO form_version (id, address, number, digest, department, title, source, plan, published_at)
  VALUES (1, 'a', 1, '', '', '{}', '', '', '2026-01-01');
INSERT INTO entry (id, key, form_version_id, address, unit_id, period, state, revision, data, choices,
  provenance, digest, created_at, updated_at)
  VALUES ('e', 'k', 1, 'a', 1, '', 'draft', 1, '{}', '{}', '{}', '', '2026-01-01', '2026-01-01');
INSERT INTO snapshot (id, entry_id, revision, form_digest, data, choices, provenance, digest, previous, at)
  VALUES (1, 'e', 1, '', '{}', '{}', '{}', '', '', '2026-01-01');
INSERT INTO audit_event (id, at, action, object_kind, object_id, details)
  VALUES (1, '2026-01-01', 'read', 'subject', 's', '{}');
"""

ERASED = """INSERT INTO change
  (id, subject_id, kind, field_values, effective, recorded_at, provenance, reason)
  VALUES ('c2', 's', 'erase', '{}', '2026-02-01', '2026-02-01', '{}', '')"""

REFUSED = [
    "DELETE FROM change",
    "DELETE FROM snapshot",
    "DELETE FROM audit_event",
    "UPDATE change SET field_values = '{}'",
    "UPDATE change SET effective = '2025-01-01'",
    "UPDATE snapshot SET data = '{}'",
    "UPDATE audit_event SET action = 'nothing'",
]


@pytest.fixture
def filled(engine):
    with writing(engine) as session:
        for statement in ROWS.split(";\n"):
            if statement.strip():
                session.connection().exec_driver_sql(statement)
    return engine


def run(engine, statement):
    with writing(engine) as session:
        session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize("statement", REFUSED)
def test_nothing_is_taken_away_or_changed(filled, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        run(filled, statement)


@pytest.mark.databases("sqlite")
def test_nor_replaced(filled):
    with pytest.raises(DBAPIError, match="append-only"):
        run(filled, "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event")


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("table", ["change", "snapshot", "audit_event"])
def test_nor_emptied(filled, table):
    with pytest.raises(DBAPIError, match="append-only"):
        run(filled, f"TRUNCATE {table} CASCADE")


def test_after_an_erasure_the_values_may_go_and_nothing_else(filled):
    run(filled, ERASED)
    run(filled, "UPDATE change SET field_values = '{\"name\": null}', reason = '' WHERE id = 'c'")
    for column in ("effective = '2025-01-01'", "kind = 'confirm'", "provenance = '{\"a\": 1}'"):
        with pytest.raises(DBAPIError, match="append-only"):
            run(filled, f"UPDATE change SET {column} WHERE id = 'c'")
    with pytest.raises(DBAPIError, match="append-only"):
        run(filled, "DELETE FROM change WHERE id = 'c'")
    with filled.connect() as connection:
        values = connection.execute(text("SELECT field_values FROM change WHERE id = 'c'")).scalar()
    assert "null" in str(values) or values == {"name": None}

"""What is laid over the tables while an import settles is gone again afterwards, on every connection."""

import pytest
from sqlalchemy import delete, event, select

from runtime.storage.engine import reading, writing
from runtime.storage.staged_tables import Settling
from runtime.storage.tables import Subject


@pytest.mark.parametrize("way", [reading, writing])
def test_once_an_import_has_settled_a_transaction_asks_as_little_as_before(engine, way):
    asked(engine, way)
    before = asked(engine, way)
    with writing(engine) as session:
        session.add(Settling(id=1, import_id="none", after=0))
    assert len(asked(engine, way)) > len(before)
    with writing(engine) as session:
        session.execute(delete(Settling))
    asked(engine, way)
    assert asked(engine, way) == before


def asked(engine, way):
    """The statements of a transaction that looks at somebody."""
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with way(engine) as session:
            session.scalar(select(Subject.id).limit(1))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return statements

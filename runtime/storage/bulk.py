"""Rows by the thousand: made ready for the driver before the transaction, written within it at the driver's speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Engine, Table, insert
from sqlalchemy.orm import Session


class Bulk:
    """Rows that are ready to be inserted into a table; every row names the same columns."""

    def __init__(self, engine: Engine, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rows: list[Any] = []
        if rows:
            self._sql, names, processors, by_place = _prepared(
                engine.dialect, table, tuple(rows[0])
            )
            of = [(name, processors.get(name)) for name in names]
            for row in rows:
                values = [process(row[name]) if process else row[name] for name, process in of]
                self._rows.append(
                    tuple(values) if by_place else dict(zip(names, values, strict=True))
                )

    def write(self, session: Session) -> None:
        """Insert them."""
        if self._rows:
            session.connection().exec_driver_sql(self._sql, self._rows)


@lru_cache(maxsize=64)
def _prepared(
    dialect: Dialect, table: Table, columns: tuple[str, ...]
) -> tuple[str, list[str], dict[str, Any], bool]:
    """The statement, its columns in their order, what makes their values ready, and whether they stand by place."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    types = {name: table.c[name].type for name in columns}
    made = {n: t.dialect_impl(dialect).bind_processor(dialect) for n, t in types.items()}
    return str(compiled), list(compiled.positiontup or columns), made, bool(compiled.positional)

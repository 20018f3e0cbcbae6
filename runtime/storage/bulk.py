"""Rows by the thousand: made ready for the driver before the transaction, written within it at the driver's speed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from typing import Any

import msgspec
from sqlalchemy import JSON, Dialect, Engine, Table
from sqlalchemy.orm import Session

Row = tuple[Any, ...]
_write = msgspec.json.Encoder(decimal_format="number").encode


class Bulk:
    """Rows that are ready to be inserted into a table; each has the values of `columns` in their order.

    What goes into a JSON column is as documents are: of texts, whole numbers, `Decimal`, truth values, lists, objects.
    """

    def __init__(
        self, engine: Engine, table: Table, columns: Sequence[str], rows: Sequence[Row]
    ) -> None:
        self._sql, ready = _prepared(engine.dialect, table, tuple(columns))
        self._rows = list(rows)
        if rows and any(ready):
            by_column = list(zip(*rows, strict=True))
            for n, process in enumerate(ready):
                if process is not None:
                    by_column[n] = tuple(map(process, by_column[n]))
            self._rows = list(zip(*by_column, strict=True))

    def portions(self, size: int) -> list[Callable[[Session], None]]:
        """What inserts them, `size` rows at a time."""
        ends = range(0, len(self._rows), size)
        return [partial(self._insert, self._rows[at : at + size]) for at in ends]

    def write(self, session: Session) -> None:
        """Insert them."""
        if self._rows:
            self._insert(self._rows, session)

    def _insert(self, rows: list[Row], session: Session) -> None:
        connection = session.connection()
        if connection.dialect.name != "postgresql":
            connection.exec_driver_sql(self._sql, rows)
            return
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(self._sql) as copy:
            for row in rows:
                copy.write_row(row)


@lru_cache(maxsize=64)
def _prepared(
    dialect: Dialect, table: Table, columns: tuple[str, ...]
) -> tuple[str, list[Callable[[Any], Any] | None]]:
    """The statement, and for each column what makes its values ready."""
    quote = dialect.identifier_preparer.quote
    into = f"{quote(table.name)} ({', '.join(map(quote, columns))})"
    ready = [_processor(dialect, table.c[name].type) for name in columns]
    if dialect.name == "postgresql":
        return f"COPY {into} FROM STDIN", ready
    return f"INSERT INTO {into} VALUES ({', '.join('?' * len(columns))})", ready  # noqa: S608 - our own names


def _processor(dialect: Dialect, kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, JSON):
        return _json
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return found


def _json(value: Any) -> str:
    return _write(value).decode()

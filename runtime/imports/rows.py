"""The rows of a table as what they tell: field -> value, unit, problems by column. Knows no database but the units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.facts.registers import Register
from runtime.facts.timeline import UNIT
from runtime.fields.base import MISSING, WrongInput
from runtime.imports.fields import FieldsOf
from runtime.imports.places import Places
from runtime.imports.table import Table
from runtime.imports.values import Reader

ROW = -1
"""In place of a column: the problem is of the row as a whole."""

Read = Callable[[Any], Any]


@dataclass(slots=True)
class Told:
    """What one row of the file tells."""

    n: int
    """The row of the sheet, from 1."""
    values: dict[str, Any] = field(default_factory=dict)
    unit: int | None = None
    problems: list[tuple[int, str]] = field(default_factory=list)
    """Column (or `ROW`) and what is wrong."""
    into: int | None = None
    """The row above with which it was taken together; then it tells nothing by itself."""


class RowReader:
    """Reads the rows of one table."""

    def __init__(
        self,
        fields: FieldsOf,
        columns: Sequence[str],
        register: Register,
        places: Places,
    ) -> None:
        """`columns` names the field of each column, in order; an empty name leaves it out."""
        self._columns: list[tuple[int, str, Read]] = []
        fits = _Fits(register)
        for n, name in enumerate(columns):
            if name == UNIT:
                self._columns.append((n, name, places.read))
            elif name in fields.fields:
                self._columns.append((n, name, Reader(fields.fields[name], fits).read))

    def rows(self, table: Table) -> Iterator[Told]:
        """What each row tells."""
        for n, row in table.rows:
            yield self.read(n, row)

    def read(self, n: int, row: Sequence[Any]) -> Told:
        """What one row tells, with the problems of its cells."""
        told = Told(n)
        width = len(row)
        for column, name, read in self._columns:
            raw = row[column] if column < width else None
            if raw is None or raw == "":
                continue
            try:
                value = read(raw)
            except WrongInput as wrong:
                told.problems.append((column, str(wrong)))
                continue
            if value is MISSING:
                continue
            if name == UNIT:
                told.unit = value
            else:
                told.values[name] = value
        return told


class _Fits:
    """Asks the register whether a field can have a value."""

    def __init__(self, register: Register) -> None:
        self._check = register.check

    def __call__(self, name: str, value: Any) -> str:
        """What is wrong with it; empty for nothing."""
        for problem in self._check({name: value}):
            return problem.message
        return ""


def contradicts(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The fields that two rows of the same subject tell otherwise."""
    return [name for name, value in other.items() if name in one and one[name] != value]

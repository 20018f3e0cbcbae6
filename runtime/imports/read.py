"""A department's file as a table with its columns matched to a register's fields. Reads, and writes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from runtime import clock
from runtime.errors import EntryError
from runtime.imports.fields import FieldsOf
from runtime.imports.limits import kind_of
from runtime.imports.match import Match, Names, match_columns
from runtime.imports.sheet import read_sheets
from runtime.imports.spelling import as_text
from runtime.imports.table import Table, find_table, suggested_day
from runtime.language import gettext as _

SAMPLES = 3
EXCEL = (".xlsx", ".xlsm", ".xls")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was read: its table, what each column was taken for, and the day that its title names."""

    table: Table
    matches: list[Match]
    as_of: date

    def columns(self) -> list[dict[str, object]]:
        """The columns as kept with the import, each with values from its first rows."""
        return [
            {**match.as_dict(), "sample": _samples(self.table, n)}
            for n, match in enumerate(self.matches)
        ]


def open_file(
    name: str,
    content: bytes,
    fields: FieldsOf,
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Opened:
    """Read the file and match its columns; `remembered` and `chosen` go by compared header.

    Raises `EntryError`, in words that help, for a file that cannot be read, or holds no table or no rows in it.
    """
    names = Names(fields)
    known = remembered or {}
    table = _table(name, content, names)
    matches = match_columns(table.headers, names, known, chosen)
    return Opened(table, matches, suggested_day(table, clock.today()))


def _table(name: str, content: bytes, names: Names) -> Table:
    sheets = read_sheets(name, content)
    try:
        found = find_table(sheets, lambda text: text in names)
    except EntryError as error:
        if name.lower().endswith(EXCEL) and kind_of(name, content) == "csv":
            told = _("“%(name)s” is no Excel file, though it is called one.", name=name)
            raise EntryError(f"{told} {error}") from error
        raise
    if not found.rows:
        raise EntryError(_("The file has headers, but no row of data below them."))
    return found


def _samples(table: Table, column: int) -> str:
    found: list[str] = []
    for _n, row in table.rows[:200]:
        text = as_text(row[column]) if column < len(row) else ""
        if text and text not in found:
            found.append(text[:40])
        if len(found) == SAMPLES:
            break
    return " · ".join(found)

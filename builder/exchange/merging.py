"""An XLSForm that went through a form of ours: the sheets as they came, with what was changed here, and nothing else.

What the sheets as they came would be written as today is compared with what the form is written as: where both are the
same, the file's own words stay, letter by letter; so do rows that could not be said here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from builder.exchange.asking import Cells, Named
from builder.exchange.columns import Column, Sheet, language_name, sheet_of, tag_of
from builder.exchange.sheets import Grid
from builder.exchange.writing import Row


@dataclass(slots=True)
class _Kept:
    """A row of the file, and the key of the part that it is (empty: of none)."""

    key: str
    texts: list[str]
    behind: list[_Kept] = field(default_factory=list)


def merged(
    grid: Grid,
    name: str,
    keys: Mapping[int, str],
    before: Sequence[Row],
    now: Sequence[Row],
    default_language: str = "",
) -> Grid:
    """The sheet `name` with the differences from `before` to `now`; `keys` says which row is which part."""
    sheet = sheet_of(grid, name)
    headers = list(sheet.headers)
    columns = _Columns(sheet, headers, default_language)
    then = {row.key: row.cells for row in before}
    wanted = {row.key: row.cells for row in now}
    rows = [_Kept(keys.get(n, ""), list(texts)) for n, texts in enumerate(grid[1:], 2)]
    kept = [row for row in rows if not (row.key in then and row.key not in wanted)]
    for row in kept:
        if row.key in then:
            _change(row.texts, then[row.key], wanted[row.key], columns)
    ordered = _ordered(kept, list(then), list(wanted))
    fresh = [key for key in wanted if key not in then]
    for key in fresh:
        made: list[str] = []
        _change(made, {}, wanted[key], columns)
        ordered.insert(_behind(ordered, key, list(wanted)), _Kept(key, made))
    return [headers, *(row.texts for row in ordered)]


class _Columns:
    """Where a text belongs in the file; a column that it has not is added."""

    def __init__(self, sheet: Sheet, headers: list[str], default_language: str) -> None:
        self._headers = headers
        default = tag_of(default_language) or "en"
        self._at: dict[Named, int] = {}
        for n, column in enumerate(sheet.columns):
            if column is not None:
                self._at.setdefault(_named(column, default), n)

    def at(self, named: Named) -> int:
        """The place of a column."""
        if named not in self._at and (named[0], "") in self._at and named[1] == "":
            return self._at[named[0], ""]
        if named not in self._at:
            self._at[named] = len(self._headers)
            self._headers.append(header(named))
        return self._at[named]


def _named(column: Column, default: str) -> Named:
    texts = ("label", "hint", "guidance_hint")
    if column.name not in texts:
        return column.name, column.language
    return column.name, tag_of(column.language) if column.language else default


def header(named: Named) -> str:
    """How a column is headed that a file does not have yet."""
    name, tag = named
    return f"{name}::{language_name(tag)}" if tag else name


def _change(texts: list[str], then: Cells, now: Cells, columns: _Columns) -> None:
    for named in dict.fromkeys([*then, *now]):
        if then.get(named, "") != now.get(named, ""):
            at = columns.at(named)
            texts.extend([""] * (at + 1 - len(texts)))
            texts[at] = now.get(named, "")


def _ordered(rows: list[_Kept], then: list[str], now: list[str]) -> list[_Kept]:
    """The rows in the file's order, or in the form's where parts have moved; rows of no part go with the one above."""
    stayed = set(then) & set(now)
    if [key for key in then if key in stayed] == [key for key in now if key in stayed]:
        return list(rows)
    heads: list[_Kept] = [_Kept("", [])]
    for row in rows:
        if row.key in stayed:
            heads.append(row)
        else:
            heads[-1].behind.append(row)
    by_key = {row.key: row for row in heads[1:]}
    moved = [by_key[key] for key in now if key in by_key]
    return [*heads[0].behind, *(one for row in moved for one in (row, *row.behind))]


def _behind(rows: list[_Kept], key: str, order: list[str]) -> int:
    """Where a new row goes: behind the nearest part above it that is there."""
    at = {row.key: n for n, row in enumerate(rows) if row.key}
    for above in reversed(order[: order.index(key)]):
        if above in at:
            return at[above] + 1
    return min((at[k] for k in order if k in at), default=len(rows))

"""How far the cells of a sheet reach, seen in its XML piece by piece before a reader lays out all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = rb"<(?:[^\s<>/=:]+:)?"
_REF = re.compile(rb"""r ?= ?["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
_ATTRIBUTES = rb"""(?: [\w:.-]+ ?= ?(?:"[^"<]*"|'[^'<]*'))*?"""
CELL = re.compile(_NAME + rb"c[\s/>]")
"""Where a cell begins."""
_PLACED_CELL = re.compile(_NAME + rb"c" + _ATTRIBUTES + rb""" r ?= ?["'][A-Za-z]""")
_ROW = re.compile(_NAME + rb"row[\s/>]")
_PLACED_ROW = re.compile(_NAME + rb"row" + _ATTRIBUTES + rb""" r ?= ?["'][0-9]""")
_MERGED = re.compile(_NAME + rb"mergeCell[\s/]")


@dataclass(slots=True)
class Extent:
    """The farthest that a sheet's cells can reach, and how many ranges of them are merged."""

    merged: int = 0
    _row: int = 0
    _column: int = 0
    _numbered: int = 0
    """The farthest row that says its number."""
    _loose_rows: int = 0
    """Rows that do not: each follows the one before it."""
    _loose_cells: int = 0
    """Of the row with most of them, that do not say where they stand: each follows the one before it."""
    _begun: int = 0
    """Of the row in which the last piece ended."""

    @property
    def rows(self) -> int:
        """Rows from the first one on; those that do not say their number may all follow the farthest that does."""
        return max(self._row, self._numbered + self._loose_rows)

    @property
    def columns(self) -> int:
        """Columns from the first one on."""
        return self._column + self._loose_cells

    def measure(self, piece: bytes) -> None:
        """Take in what a piece of the sheet says, its spaces single."""
        found = _REF.findall(piece)
        self._row = max(self._row, *map(int, {n for word, n in found if word}), 0)
        self._numbered = max(self._numbered, *map(int, {n for word, n in found if not word}), 0)
        self._column = max(self._column, *map(column_of, {word for word, _n in found}), 0)
        self.merged += len(_MERGED.findall(piece))
        self._loose_rows += _loose(piece, _ROW, _PLACED_ROW)
        self._measure_loose(piece)

    def _measure_loose(self, piece: bytes) -> None:
        if not _loose(piece, CELL, _PLACED_CELL):
            self._begun = 0 if _ROW.search(piece) else self._begun
            return
        first, *others = _ROW.split(piece)
        counts = [self._begun + _loose(first, CELL, _PLACED_CELL)]
        counts += [_loose(row, CELL, _PLACED_CELL) for row in others]
        self._begun = counts[-1]
        self._loose_cells = max(self._loose_cells, *counts)


def column_of(letters: bytes) -> int:
    """The column of `A`, `b`, `AA` …, counted from 1; 0 for no letters."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _loose(piece: bytes, every: re.Pattern[bytes], placed: re.Pattern[bytes]) -> int:
    return max(0, len(every.findall(piece)) - len(placed.findall(piece)))

"""Rows of one subject, taken together in its first. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from runtime.imports.fields import FieldsOf
from runtime.imports.identity import SEVERAL, Known
from runtime.imports.rows import ROW, Told, contradicts
from runtime.language import gettext as _


def joined(fields: FieldsOf, rows: Iterator[Told]) -> list[Told]:
    """The rows, with those of one subject taken together in its first; rows that contradict it are wrong."""
    first: dict[str, Told] = {}
    listed = []
    mine = Known(fields.identity)
    for told in rows:
        listed.append(told)
        if told.problems:
            continue
        before = mine.find(told.values)
        if before is None:
            mine.add(str(told.n), told.values)
            first[str(told.n)] = told
        elif before != SEVERAL:
            _join(fields, first[before], told)
    return listed


def _join(fields: FieldsOf, before: Told, told: Told) -> None:
    if other := contradicts(before.values, told.values):
        names = ", ".join(fields.title_of(name) for name in other)
        text = _(
            "Row %(n)s is about the same, and says otherwise: %(fields)s.", n=before.n, fields=names
        )
        told.problems.append((ROW, text))
    else:
        before.values |= told.values
        before.unit = before.unit or told.unit
        told.values = {}
        told.unit = -before.n

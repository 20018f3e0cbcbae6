"""Rows of one subject, taken together in its first. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from runtime.facts.timeline import UNIT
from runtime.imports.fields import FieldsOf
from runtime.imports.identity import Key, Pattern, fits, keys_of, pattern_of, places_of
from runtime.imports.rows import ROW, Told, contradicts
from runtime.language import gettext as _


def joined(fields: FieldsOf, rows: Iterable[Told]) -> list[Told]:
    """The rows, with those of one subject taken together in its first; rows that contradict it are wrong.

    A row that is joined may bring a further key, by which a later one, or an earlier one, is of the subject too.
    """
    listed = []
    known = _Firsts(fields.identity)
    for told in rows:
        listed.append(told)
        if told.problems:
            continue
        fitting = known.fitting(told.values)
        if len(fitting) > 1:
            text = _("More than one row above fits; it is not clear which is meant.")
            told.problems.append((ROW, text))
        elif not fitting:
            known.add(told)
        else:
            _take(fields, known, fitting[0], told)
    return listed


def _take(fields: FieldsOf, known: _Firsts, first: Told, told: Told) -> None:
    if not join(fields, first, told):
        return
    known.add(first)
    for other in known.others(first):
        before, after = sorted((first, other), key=lambda one: one.n)
        if join(fields, before, after):
            known.add(before)
            first = before


class _Firsts:
    """The first rows of subjects by their keys."""

    def __init__(self, identity: Sequence[Sequence[str]]) -> None:
        self._identity = identity
        self._rows: dict[tuple[Key, Pattern], dict[int, Told]] = {}
        self._patterns: set[Pattern] = set()

    def add(self, told: Told) -> None:
        """Know of one more, or of what it has learned."""
        pattern = pattern_of(self._identity, told.values)
        self._patterns.add(pattern)
        for key in keys_of(self._identity, told.values):
            self._rows.setdefault((key, pattern), {})[told.n] = told

    def fitting(self, values: Mapping[str, Any]) -> list[Told]:
        """The rows, at most two, that the first key finds that finds any."""
        some = (list(islice(self._with(key, values), 2)) for key in self._keys(values))
        return next(filter(None, some), [])

    def others(self, first: Told) -> list[Told]:
        """The rows that any key of this one finds, but itself."""
        found = {
            one.n: one for key in self._keys(first.values) for one in self._with(key, first.values)
        }
        return [one for n, one in sorted(found.items()) if n != first.n]

    def _keys(self, values: Mapping[str, Any]) -> Iterator[Key]:
        return keys_of(self._identity, values)

    def _with(self, key: Key, values: Mapping[str, Any]) -> Iterator[Told]:
        seen: set[int] = set()  # who has learned a number stands in two places
        for where in places_of(self._identity, self._patterns, key, values):
            for one in self._rows.get(where, {}).values():
                alone = one.into is None and not one.problems
                if alone and one.n not in seen and fits(self._identity, key, one.values, values):
                    seen.add(one.n)
                    yield one


def join(fields: FieldsOf, before: Told, told: Told) -> bool:
    """Take the row together with one before it; False where they contradict each other, and it is wrong."""
    other = contradicts(before.values, told.values)
    if before.unit and told.unit and before.unit != told.unit:
        other.append(UNIT)
    if other:
        names = _(", ").join(fields.title_of(name) for name in other)
        text = _(
            "Row %(n)s is about the same, and says otherwise: %(fields)s.", n=before.n, fields=names
        )
        told.problems.append((ROW, text))
        return False
    before.values |= told.values
    before.unit = before.unit or told.unit
    told.values, told.unit, told.into = {}, None, before.n
    return True

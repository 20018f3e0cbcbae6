"""The cells of an entry that hold a field of a subject, and of which subject. Reads the plan and the data only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from runtime import clock
from runtime.definitions.place import Placed, place
from runtime.definitions.plan import Cell, Fact, Plan, Rows
from runtime.fill.provenance import Provenance
from runtime.periods import Period
from runtime.storage.tables import Entry


@dataclass(frozen=True, slots=True)
class Bound:
    """A cell with the field and the subject that it speaks of."""

    pointer: str
    fact: Fact
    subject_id: str
    value: Any
    told: Provenance
    """Where its value came from; empty where nobody knows."""
    read_only: bool


def bound_cells(plan: Plan, entry: Entry) -> Iterator[Bound]:
    """All of them, in drawing order.

    A row of a filled list speaks of the subject that its provenance names. What stands in rows that people add
    speaks of nobody that is known, not of the form's own subject either.
    """
    walk = _Walk(entry.provenance, _owners(entry.provenance))
    about = (plan.form.subject, entry.subject_id) if entry.subject_id else None
    return walk.part(place(plan, entry.data, entry.choices), about)


def as_of_day(entry: Entry) -> date:
    """The day whose state the entry tells: the period's last, or today where that has not come or there is none."""
    today = clock.today()
    return min(Period.parse(entry.period).last, today) if entry.period else today


@dataclass(frozen=True, slots=True)
class _Walk:
    provenance: Mapping[str, Provenance]
    owners: Mapping[str, str]

    def part(self, placed: Placed, about: tuple[str, str] | None) -> Iterator[Bound]:
        node = placed.node
        if isinstance(node, Cell):
            if node.fact is not None and about is not None and node.fact.register == about[0]:
                told = self.provenance.get(placed.pointer) or {}
                locked = node.read_only or bool(placed.locked)
                yield Bound(placed.pointer, node.fact, about[1], placed.value, told, locked)
            return
        for child in placed.children:
            yield from self.part(child, self._row(node, child) if isinstance(node, Rows) else about)

    def _row(self, rows: Rows, child: Placed) -> tuple[str, str] | None:
        subject = self.owners.get(child.pointer)
        return (rows.fill.register, subject) if rows.fill and subject else None


def _owners(provenance: Mapping[str, Provenance]) -> dict[str, str]:
    """Place -> the subject that a filled cell somewhere below it names."""
    found: dict[str, str] = {}
    for pointer, told in provenance.items():
        subject = told.get("subject") or told.get("was", {}).get("subject")
        place_of = pointer
        while subject and place_of:
            found.setdefault(place_of, str(subject))
            place_of = place_of.rpartition("/")[0]
    return found

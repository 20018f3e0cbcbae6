"""Reading the registers for one fill: each register once, whatever is to be counted or listed from it.

A stock counts who belongs to the unit on the period's last day, as known of that day. So does a flow, of those
whose date lies in the period: an aid case that has moved on by then counts where it went, and one that has left
counts nowhere. That way a figure and the list behind it are the same scan, of one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy.orm import Session

from runtime.definitions.plan import ListRule, Rule
from runtime.facts.subjects import scan
from runtime.rules.derive import compile_derive
from runtime.rules.figures import Codes, Counter, matches
from runtime.rules.where import Predicate, compile_where, exact, is_number

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Behind:
    """A subject as of the day: its document, with derived fields, and the day of its last change."""

    subject_id: str
    document: Document
    changed: date | None


class Reader(Protocol):
    """What is shown each subject of a register in one pass."""

    def see(self, subject_id: str, document: Document, changed: date | None) -> None:
        """One subject, its derived fields among its own."""


@dataclass(slots=True)
class Wanted:
    """The readers of one register, and the derived fields that they speak of."""

    readers: list[Reader] = field(default_factory=list)
    derive: dict[str, dict[str, Any]] = field(default_factory=dict)


class Lister:
    """Gathers the subjects that a rule for rows lists, in its order; `first` and `last` are the period's days."""

    def __init__(self, rule: ListRule, first: date, last: date) -> None:
        self._order = rule.order
        self._on, self._days = rule.on, (first.isoformat(), last.isoformat())
        self._holds: Predicate = compile_where(rule.where)
        self._found: list[Behind] = []

    def see(self, subject_id: str, document: Document, changed: date | None) -> None:
        """Keep the subject when the rule lists it."""
        if self._lies_in_it(document) and self._holds(document):
            self._found.append(Behind(subject_id, document, changed))

    def _lies_in_it(self, document: Document) -> bool:
        first, last = self._days
        return not self._on or first <= str(document.get(self._on, "")) <= last

    @property
    def rows(self) -> list[Behind]:
        """The subjects in order; one without the field comes last, ties go by the subject's id."""
        return sorted(self._found, key=self._place)

    def _place(self, row: Behind) -> tuple[Any, ...]:
        return (*(_sortable(row.document.get(name)) for name in self._order), row.subject_id)


class _Gatherer:
    """Gathers the subjects of one figure."""

    def __init__(self, belongs: Callable[[Document], bool]) -> None:
        self._belongs = belongs
        self.found: list[Behind] = []

    def see(self, subject_id: str, document: Document, changed: date | None) -> None:
        if self._belongs(document):
            self.found.append(Behind(subject_id, document, changed))


def read(session: Session, wanted: Mapping[str, Wanted], unit_id: int, day: date) -> dict[str, int]:
    """Show every reader the subjects of its register in the unit on `day`; says how many those were."""
    counts = {}
    for register, one in wanted.items():
        derive, count = compile_derive(one.derive), 0
        for member in scan(session, register, unit_id, day):
            document = derive(member.document, day)
            count += 1
            for reader in one.readers:
                reader.see(member.subject_id, document, member.changed)
        counts[register] = count
    return counts


def wanted_of(parts: Iterable[tuple[Rule | ListRule, Reader]]) -> dict[str, Wanted]:
    """The readers by register."""
    found: dict[str, Wanted] = {}
    for rule, reader in parts:
        one = found.setdefault(rule.register, Wanted())
        one.readers.append(reader)
        one.derive.update(rule.derive)
    return found


def subjects_behind(
    session: Session, rule: Rule, codes: Codes, unit_id: int, first: date, last: date
) -> list[Behind]:
    """The subjects that the figure `codes` of `rule` was counted from, by id: as many as it says."""
    counter = Counter(rule, first, last)

    def belongs(document: Document) -> bool:
        found = counter.codes(document)
        counted = found is not None and matches(codes, found)
        return counted and counter.amount(document) is not None

    return _gathered(session, rule, belongs, unit_id, last)


def subjects_outside(
    session: Session, rule: Rule, unit_id: int, first: date, last: date
) -> list[Behind]:
    """The subjects that `rule` should count and that stand in no cell, by id: as many as `Figures.outside` says."""
    return _gathered(session, rule, Counter(rule, first, last).is_outside, unit_id, last)


def _gathered(
    session: Session, rule: Rule, belongs: Callable[[Document], bool], unit_id: int, day: date
) -> list[Behind]:
    gatherer = _Gatherer(belongs)
    read(session, wanted_of([(rule, gatherer)]), unit_id, day)
    return sorted(gatherer.found, key=lambda one: one.subject_id)


def _sortable(value: Any) -> tuple[int, Any]:
    if is_number(value):
        return 0, exact(value)
    return (1, value) if isinstance(value, str) else (2, str(value))

"""What is known of everybody as of a day, and how old it is: what figures rest on. Reads only; not for the figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan, Rule
from runtime.facts.freshness import fresh_from, stale_fields
from runtime.facts.proposals import waiting
from runtime.facts.timeline import Timeline, as_of, unit_on
from runtime.rules.derive import comes_from, compile_derive
from runtime.rules.figures import Codes, Counter, Figures, coder, matches
from runtime.storage.tables import Subject

Fact = tuple[str, str]
"""A subject's id and one of its fields."""


@dataclass(slots=True)
class One:
    """A subject as of the day."""

    id: str
    register: str
    unit_id: int
    timeline: Timeline
    document: dict[str, Any]
    stale: frozenset[str]
    """Those of its fields that have grown old by then."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known on `day`, by unit; `known` are the `(register, field)` that are known of anybody at all."""

    day: date
    by_unit: Mapping[int, list[One]]
    by_id: Mapping[str, One]
    known: frozenset[tuple[str, str]]
    conflicts: Collection[Fact] = frozenset()
    """Facts of which two sources say different things, as long as nobody has decided."""
    schemas: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The registers' by name: how long what was said of a field counts as fresh."""

    def border(self, register: str, names: Iterable[str]) -> date | None:
        """The day before which those of these fields were said that have grown old; of several fields the last."""
        fields = self.schemas.get(register, {}).get("properties", {})
        ages = {str(fields[n]["maxAge"]) for n in names if fields.get(n, {}).get("maxAge")}
        return max((fresh_from(self.day, age) for age in ages), default=None)

    def members(self, units: Iterable[int], register: str) -> Iterator[One]:
        """The register's subjects that belong to one of these units."""
        for unit in units:
            yield from (one for one in self.by_unit.get(unit, ()) if one.register == register)


def read_ground(
    session: Session,
    schemas: Mapping[str, Mapping[str, Any]],
    day: date,
    conflicts: Collection[Fact] = frozenset(),
) -> Ground:
    """Everybody as known on `day`; `schemas` are the registers' by name, with the `maxAge` of their fields.

    In conflict is what waits for its steward, and `conflicts` beside that.
    """
    query = select(Subject.id, Subject.register, Subject.timeline).order_by(Subject.id)
    found = session.execute(query.execution_options(yield_per=1000))
    rows = ((row.id, row.register, row.timeline) for row in found)
    return ground_of(rows, schemas, day, waiting(session) | frozenset(conflicts))


def ground_of(
    rows: Iterable[tuple[str, str, Timeline]],
    schemas: Mapping[str, Mapping[str, Any]],
    day: date,
    conflicts: Collection[Fact] = frozenset(),
) -> Ground:
    """The same of `(id, register, timeline)`, wherever those are from."""
    by_unit: dict[int, list[One]] = defaultdict(list)
    by_id: dict[str, One] = {}
    known: set[tuple[str, str]] = set()
    for subject_id, register, timeline in rows:
        unit = unit_on(timeline, day)
        document = as_of(timeline, day)
        known.update((register, name) for name in document)
        if unit is None:
            continue
        fields = schemas.get(register, {}).get("properties", {})
        stale = frozenset(stale_fields(fields, timeline, day)) if fields else frozenset()
        one = One(subject_id, register, unit, timeline, document, stale)
        by_unit[unit].append(one)
        by_id[subject_id] = one
    return Ground(day, by_unit, by_id, frozenset(known), conflicts, schemas)


@dataclass(slots=True)
class Basis:
    """What one figure rests on: how many subjects it counts, and the facts among theirs that are not sound."""

    subjects: int = 0
    stale: set[Fact] = field(default_factory=set)
    conflict: set[Fact] = field(default_factory=set)

    @property
    def stale_subjects(self) -> int:
        """How many of the subjects rest on a stale fact."""
        return len({subject for subject, _field in self.stale})


@dataclass(slots=True)
class Based:
    """What all figures of one rule rest on, by their codes."""

    register: str = ""
    cells: dict[Codes, Basis] = field(default_factory=dict)
    missing: set[Fact] = field(default_factory=set)
    """The facts for which subjects that the rule counts stand in no cell: unknown, or no code of the list."""
    unknown: tuple[str, ...] = ()
    """Fields that the rule needs and that are known of nobody in the whole site: no one has ever sent them."""

    def of(self, codes: Codes) -> Basis:
        """What the figure of these codes rests on; `total` stands for all of its breakdown."""
        whole = Basis()
        for key, cell in self.cells.items():
            if matches(codes, key):
                whole.subjects += cell.subjects
                whole.stale |= cell.stale
                whole.conflict |= cell.conflict
        return whole


def based(ground: Ground, plan: Plan, units: Collection[int], first: date) -> dict[str, Based]:
    """For each rule of the plan, what its figures rest on for these units and the period from `first` to the day."""
    found: dict[str, Based] = {}
    for rules, members in _by_register(ground, plan, units):
        for name, rule in rules:
            found[name] = _based(ground, rule, members, first)
    return found


def figures(ground: Ground, plan: Plan, units: Collection[int], first: date) -> dict[str, Figures]:
    """For each rule of the plan its figures, as `fill` counts them from a database."""
    found: dict[str, Figures] = {}
    for rules, members in _by_register(ground, plan, units):
        for name, rule in rules:
            counter = Counter(rule, first, ground.day)
            for one, document in members:
                counter.see(one.id, document, None)
            found[name] = counter.figures
    return found


Members = list[tuple[One, dict[str, Any]]]


def _by_register(
    ground: Ground, plan: Plan, units: Collection[int]
) -> Iterator[tuple[list[tuple[str, Rule]], Members]]:
    """The plan's rules by register, with the register's subjects in these units, derived fields among theirs."""
    registers: dict[str, list[tuple[str, Rule]]] = defaultdict(list)
    for name, rule in plan.rules.items():
        registers[rule.register].append((name, rule))
    for register, rules in registers.items():
        merged: dict[str, dict[str, Any]] = {}
        for _name, rule in rules:
            merged |= rule.derive
        derive = compile_derive(merged)
        there = ground.members(units, register)
        yield rules, [(one, derive(one.document, ground.day)) for one in there]


def _based(ground: Ground, rule: Rule, members: Members, first: date) -> Based:
    fields = fields_of(rule)
    found = Based(
        rule.register,
        unknown=tuple(f for f in fields if (rule.register, f) not in ground.known),
    )
    counter = Counter(rule, first, ground.day)
    for one, document in members:
        if counter.amount(document) is None:
            continue
        codes = counter.codes(document)
        if codes is None:
            found.missing |= {(one.id, name) for name in uncoded(rule, document)}
            continue
        basis = found.cells.setdefault(codes, Basis())
        basis.subjects += 1
        basis.stale |= {(one.id, name) for name in fields if name in one.stale}
        if ground.conflicts:
            basis.conflict |= {
                (one.id, name) for name in fields if (one.id, name) in ground.conflicts
            }
    return found


def uncoded(rule: Rule, document: Mapping[str, Any]) -> Iterator[str]:
    """The fields for which a subject stands in no cell; none, where it lies beyond all bands on purpose."""
    for by in rule.by:
        if coder(by)(document.get(by.field)) is None:
            yield from comes_from(rule.derive, by.field)


def fields_of(rule: Rule) -> tuple[str, ...]:
    """The register's own fields that a rule reads: to choose, to break down, to sum, and for its day."""
    names = [*_named(rule.where), *(by.field for by in rule.by), rule.field, rule.on]
    own = (one for name in names if name for one in comes_from(rule.derive, name))
    return tuple(dict.fromkeys(own))


def _named(where: Any) -> Iterator[str]:
    """The fields that a condition speaks of."""
    if isinstance(where, Mapping):
        yield from where.get("properties", {})
        yield from where.get("required", ())
        yield from _named(where.get("not"))
        for keyword in ("allOf", "anyOf"):
            for part in where.get(keyword, ()):
                yield from _named(part)

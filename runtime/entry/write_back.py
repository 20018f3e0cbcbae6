"""What was typed of a subject becomes known of it: changes, or proposals to a steward. Asked once, at submission.

A draft is nobody's word yet, so nothing is written before. Submitting again writes nothing that this entry has said
already, even where somebody has corrected it since. Where others have said something else of a field since the
filling, neither word is lost: the steward is asked. What may not be written (a value that the field no longer
has, a subject that belonged elsewhere on that day) stays in the entry alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan
from runtime.entry.about import About
from runtime.entry.about import known as known_of
from runtime.entry.bound import Bound, as_of_day, bound_cells
from runtime.errors import NotFound
from runtime.facts import proposals, units
from runtime.facts.changes import Step, record_all
from runtime.facts.proposals import Origin, steward_to_ask
from runtime.facts.registers import Register
from runtime.facts.timeline import unit_on
from runtime.fields.base import MISSING
from runtime.fields.choices import same
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import Entry

Registers = Callable[[str], Register]
"""A register by its short name; raises `NotFound`."""


@dataclass(slots=True)
class Written:
    """What became of the typed cells, by pointer."""

    changed: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A cell whose value will be known of its subject once the entry is submitted."""

    pointer: str
    asked: str = ""
    """The department whose steward must accept it first; empty: it is known at once."""


def emptied(plan: Plan, entry: Entry) -> list[Bound]:
    """The cells whose known value somebody has taken away: whether it is to be cleared is for a person to say."""
    return [one for one in bound_cells(plan, entry) if _is_typed(one) and one.value is MISSING]


def write_back(
    session: Session,
    entry: Entry,
    plan: Plan,
    registers: Registers,
    actor: int | None,
    *,
    cleared: Collection[str] = (),
) -> Written:
    """Write what the entry says of subjects, within the caller's transaction; `cleared` names emptied cells.

    The entry must be locked. Each change tells of the entry, its form and cell, holds from the entry's own day on,
    and is based on the newest change that the filling could know.
    """
    cells = [one for one in bound_cells(plan, entry) if not one.read_only]
    open_ones = [p for p in proposals.of_entry(session, entry.id) if p.state == proposals.OPEN]
    if not open_ones and not any(map(_may_matter, cells)):
        return Written()
    return _Writing(session, entry, plan, registers, actor).run(cells, set(cleared), open_ones)


def foreseen(
    session: Session, entry: Entry, plan: Plan, registers: Registers, actor: int | None
) -> list[Foreseen]:
    """What submitting the entry now would make known, or propose to stewards, in drawing order. Writes nothing."""
    cells = [one for one in bound_cells(plan, entry) if not one.read_only]
    if not any(map(_may_matter, cells)):
        return []
    return list(_Writing(session, entry, plan, registers, actor).foreseen(cells))


def _is_typed(one: Bound) -> bool:
    return not one.read_only and one.told.get("kind") in ("typed", "overridden")


def _may_matter(one: Bound) -> bool:
    """Typed, or filled and put back after another value had been submitted."""
    return one.told.get("kind") in ("typed", "overridden", "subject")


class _Writing:
    def __init__(
        self, session: Session, entry: Entry, plan: Plan, registers: Registers, actor: int | None
    ) -> None:
        self.session, self.entry, self.plan, self.actor = session, entry, plan, actor
        self.registers = registers
        self.day = as_of_day(entry)
        self.found = Written()
        self.here: dict[int, bool] = {}
        self.made: Sequence[Proposal] | None = None
        """What the entry had proposed before, read once it is asked for."""

    def run(self, cells: list[Bound], cleared: set[str], open_ones: list[Proposal]) -> Written:
        about = known_of(self.session, self.entry, {one.subject_id for one in cells}, self.day)
        said = [one for one in cells if self._is_said(one, about.get(one.subject_id), cleared)]
        self._withdraw(open_ones, {(one.subject_id, one.fact.field): one for one in said})
        direct: dict[tuple[str, str], list[Bound]] = {}
        for one, register, asked in self._news(said, about):
            if asked:
                self._propose(one, register, about[one.subject_id], asked)
            else:
                direct.setdefault((one.fact.register, one.subject_id), []).append(one)
        for name in sorted({register for register, _subject in direct}):
            groups = [(about[s], some) for (r, s), some in direct.items() if r == name]
            steps = [step for known, some in groups for step in self._steps(known, some)]
            record_all(self.session, self.registers(name), steps)
        return self.found

    def foreseen(self, cells: list[Bound]) -> Iterator[Foreseen]:
        """What `run` would record or propose, emptied cells left aside."""
        about = known_of(self.session, self.entry, {one.subject_id for one in cells}, self.day)
        said = [one for one in cells if self._is_said(one, about.get(one.subject_id), ())]
        for one, _register, asked in self._news(said, about):
            yield Foreseen(one.pointer, asked)

    def _news(
        self, said: Iterable[Bound], about: Mapping[str, About]
    ) -> Iterator[tuple[Bound, Register, str]]:
        """What is said and may be written: with its register, and the department to ask first (empty: nobody)."""
        for one in said:
            register, of = self._register(one), about[one.subject_id]
            if register is None or not self._may_hold(one, register, of):
                continue
            asked = self._steward(one, register, of)
            if self._is_unproposed(one, of) if asked else self._is_new(one, of):
                yield one, register, asked

    def _is_said(self, one: Bound, about: About | None, cleared: Collection[str]) -> bool:
        """Whether the entry's people say this of the subject, rather than that it was filled."""
        if about is None:
            return False
        if one.value is MISSING:
            return _is_typed(one) and one.pointer in cleared
        return _is_typed(one) or one.fact.field in about.told

    def _register(self, one: Bound) -> Register | None:
        """The register, where it has the field: a derived one is never written."""
        try:
            register = self.registers(one.fact.register)
        except NotFound:
            return None
        return register if one.fact.field in register.schema.get("properties", {}) else None

    def _may_hold(self, one: Bound, register: Register, about: About) -> bool:
        if not self._is_here(unit_on(about.timeline, self.day)):
            return False
        return one.value is MISSING or not any(register.check({one.fact.field: one.value}))

    def _steward(self, one: Bound, register: Register, about: About) -> str:
        """Who is to be asked first: the field's steward, also where others have said something else meanwhile."""
        named = register.schema["properties"][one.fact.field]
        department = self.plan.form.department
        if one.fact.field in about.later and self._is_new(one, about):
            value, actor = about.later[one.fact.field]
            mine = None if one.value is MISSING else one.value
            if (actor is None or actor != self.actor) and not same(value, mine):
                return str(named.get("steward") or department)
        return steward_to_ask(named, department)

    def _is_here(self, unit_id: int | None) -> bool:
        """Whether a unit belonged to the entry's on that day."""
        if unit_id is None:
            return False
        if unit_id not in self.here:
            here = units.within(self.session, self.entry.unit_id, [unit_id], self.day)
            self.here[unit_id] = bool(here)
        return self.here[unit_id]

    def _is_new(self, one: Bound, about: About) -> bool:
        value = None if one.value is MISSING else one.value
        name = one.fact.field
        return not same(value, about.document.get(name)) and not (
            name in about.told and same(value, about.told[name])
        )

    def _is_unproposed(self, one: Bound, about: About) -> bool:
        before, value = self._last_proposal(one), None if one.value is MISSING else one.value
        if before is not None and same(value, before.values.get(one.fact.field)):
            return False
        return not same(value, about.document.get(one.fact.field))

    def _steps(self, about: About, some: list[Bound]) -> Iterator[Step]:
        for kind in ("set", "clear"):
            cells = {o.fact.field: o for o in some if (o.value is MISSING) == (kind == "clear")}
            if not cells:
                continue
            places = {name: one.pointer for name, one in cells.items()}
            told = self._provenance(*places.values())
            yield Step(
                subject_id=about.subject_id,
                values={name: None if kind == "clear" else o.value for name, o in cells.items()},
                effective=self.day,
                kind=kind,
                actor=self.actor,
                provenance=told | ({"cells": places} if len(places) > 1 else {}),
                based_on=about.based_on,
                reason=_reasons(cells.values()),
            )
            self.found.changed += places.values()

    def _propose(self, one: Bound, register: Register, about: About, department: str) -> None:
        name, value = one.fact.field, None if one.value is MISSING else one.value
        kind = "clear" if one.value is MISSING else "set"
        step = Step(
            subject_id=one.subject_id,
            values={name: value},
            effective=self.day,
            kind=kind,
            actor=self.actor,
            based_on=about.based_on,
            reason=_reasons([one]),
        )
        proposals.propose(
            self.session,
            register,
            step,
            department=department,
            known=about.document,
            unit_id=unit_on(about.timeline, self.day) or self.entry.unit_id,
            origin=Origin(entry_id=self.entry.id, form=self.entry.address, cell=one.pointer),
        )
        self.found.proposed.append(one.pointer)

    def _last_proposal(self, one: Bound) -> Proposal | None:
        if self.made is None:
            self.made = proposals.of_entry(self.session, self.entry.id)
        made = self.made
        kept = [p for p in made if p.subject_id == one.subject_id and one.fact.field in p.values]
        return kept[-1] if kept and kept[-1].state != proposals.WITHDRAWN else None

    def _withdraw(
        self, open_ones: Iterable[Proposal], said: Mapping[tuple[str, str], Bound]
    ) -> None:
        """What the entry no longer says, or says otherwise now, is no longer proposed."""
        for held in open_ones:
            name, value = next(iter(held.values.items()), ("", None))
            now = said.get((held.subject_id, name))
            if now is None or not same(None if now.value is MISSING else now.value, value):
                proposals.withdraw(self.session, held.id, self.actor)
                self.found.withdrawn.append(held.cell)

    def _provenance(self, *cells: str) -> dict[str, Any]:
        return said_by_form(self.entry, self.plan) | {"cell": cells[0]}


def said_by_form(entry: Entry, plan: Plan) -> dict[str, Any]:
    """The provenance of a change that an entry tells; its department is the form's: the steward's own word counts."""
    told = {"source": "form", "entry": entry.id, "form": entry.address}
    return {**told, "department": plan.form.department}


def _reasons(cells: Iterable[Bound]) -> str:
    return "; ".join(dict.fromkeys(r for one in cells if (r := one.told.get("reason"))))

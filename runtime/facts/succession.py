"""Units that merge, split or end on a day, and where their subjects belong from then on. Not the tree itself: `units`.

Figures of the days before stay under the old unit, for its subjects belonged there then. Its subjects are moved by
dated changes in short transactions, and only then it ends; asked again after a stop in the middle, the rest follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import EntryError
from runtime.facts.changes import Step, record_many
from runtime.facts.registers import Register
from runtime.facts.timeline import UNIT
from runtime.facts.units import FIRST_DAY, get, hang, require_existing
from runtime.language import gettext as _
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Belonging, Subject, UnitParent
from runtime.storage.unit_tables import UnitSuccession


@dataclass(frozen=True, slots=True, kw_only=True)
class Heirs:
    """Who gets what of a unit, by the ids of units: `rest` all that is not named; the unit itself: it stays there.

    A unit that is not its own heir ends.
    """

    subjects: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[int, int] = field(default_factory=dict)
    rest: int | None = None

    def all(self) -> set[int]:
        """Every unit that gets something."""
        found = {*self.subjects.values(), *self.units.values()}
        return found if self.rest is None else found | {self.rest}


@dataclass(frozen=True, slots=True)
class Moved:
    """How many subjects and units have a new place."""

    subjects: int
    units: int


def succeed(
    engine: Engine,
    unit_id: int,
    heirs: Heirs,
    day: date,
    *,
    actor: int | None = None,
    reason: str = "",
) -> Moved:
    """Give the subjects of a unit, and the units below it, to its heirs from `day` on; it ends unless it is one.

    Raises `EntryError`, before anything is written, for a day in the future, for heirs that do not exist on that
    day, and where somebody or some unit would be left without an heir; `NotFound` for an unknown unit.
    """
    ends = unit_id not in heirs.all()
    with writing(engine) as session:
        _check(session, unit_id, heirs, day)
        _note(session, unit_id, heirs, day, ended=ends)
    moved = 0
    while steps := _steps(engine, unit_id, heirs, day, actor, reason):
        for register, some in steps.items():
            moved += record_many(engine, Register(register, {"properties": {}}), some)
    with writing(engine) as session:
        units = _rehang(session, unit_id, heirs, day)
        if ends:
            _end(session, unit_id, day)
    return Moved(moved, units)


def merge(
    engine: Engine,
    unit_id: int,
    into_id: int,
    day: date,
    *,
    actor: int | None = None,
    reason: str = "",
) -> Moved:
    """Let the unit end on `day` and another have all of it; as `succeed`."""
    return succeed(engine, unit_id, Heirs(rest=into_id), day, actor=actor, reason=reason)


def heirs_of(session: Session, unit_id: int) -> list[UnitSuccession]:
    """What became of the unit, oldest first."""
    query = select(UnitSuccession).where(UnitSuccession.unit_id == unit_id)
    return list(session.scalars(query.order_by(UnitSuccession.on_day, UnitSuccession.successor_id)))


def _check(session: Session, unit_id: int, heirs: Heirs, day: date) -> None:
    if not FIRST_DAY <= day <= clock.today():
        raise EntryError(_("A unit can be merged or split from a past day or today on only."))
    unit = get(session, unit_id)
    for heir in sorted(heirs.all()):
        require_existing(session, heir, day)
        require_existing(session, heir, clock.today())
    if unit_id not in heirs.all():
        first = select(func.min(UnitParent.from_day)).where(UnitParent.unit_id == unit_id)
        if (session.scalar(first) or day) >= day:
            raise EntryError(
                _("The unit “%(code)s” did not exist before that day.", code=unit.code)
            )
    if heirs.rest is not None:
        return
    if nobody := {s for s, *_rest in _there(session, unit_id, day)} - heirs.subjects.keys():
        raise EntryError(_("The subject %(id)s would be left without a unit.", id=min(nobody)))
    children = {row.unit_id for row in _below(session, unit_id, day)}
    if orphans := children - heirs.units.keys():
        code = get(session, min(orphans)).code
        raise EntryError(_("The unit “%(code)s” would be left without one above it.", code=code))


def _note(session: Session, unit_id: int, heirs: Heirs, day: date, *, ended: bool) -> None:
    for heir in sorted(heirs.all() - {unit_id}):
        row = UnitSuccession(unit_id=unit_id, successor_id=heir, on_day=day, ended=ended)
        session.merge(row)


def _there(session: Session, unit_id: int, day: date) -> list[tuple[str, str, date]]:
    """Who belongs to the unit on `day` or later: subject, its register, and from which of these days on."""
    rows = session.execute(
        select(Belonging.subject_id, Subject.register, Belonging.from_day)
        .join(Subject, Subject.id == Belonging.subject_id)
        .where(Belonging.unit_id == unit_id, Belonging.to_day >= day)
        .where(Subject.erased_on.is_(None), Subject.revision > 0)  # 0: an import is to bring it
        .order_by(Belonging.subject_id, Belonging.from_day)
    )
    return [(subject_id, register, max(since, day)) for subject_id, register, since in rows]


def _steps(
    engine: Engine, unit_id: int, heirs: Heirs, day: date, actor: int | None, reason: str
) -> dict[str, list[Step]]:
    """The moves that are still to be made, by register."""
    with reading(engine) as session:
        there = _there(session, unit_id, day)
    found: dict[str, list[Step]] = {}
    for subject_id, register, since in there:
        heir = heirs.subjects.get(subject_id, heirs.rest)
        if heir in (None, unit_id):
            continue
        step = Step(
            subject_id=subject_id,
            values={UNIT: heir},
            effective=since,
            actor=actor,
            provenance={"kind": "unit", "unit": unit_id},
            reason=reason,
        )
        found.setdefault(register, []).append(step)
    return found


def _below(session: Session, unit_id: int, day: date) -> list[UnitParent]:
    rows = select(UnitParent).where(UnitParent.parent_id == unit_id, UnitParent.to_day >= day)
    return list(session.scalars(rows.order_by(UnitParent.unit_id, UnitParent.from_day)))


def _rehang(session: Session, unit_id: int, heirs: Heirs, day: date) -> int:
    """Hang what hung below the unit under its heirs; each stretch of days that begins later keeps its first day."""
    moved = set()
    for row in _below(session, unit_id, day):
        heir = heirs.units.get(row.unit_id, heirs.rest)
        if heir is not None and heir != unit_id:
            hang(session, row.unit_id, heir, max(row.from_day, day))
            moved.add(row.unit_id)
    return len(moved)


def _end(session: Session, unit_id: int, day: date) -> None:
    session.execute(
        delete(UnitParent).where(UnitParent.unit_id == unit_id, UnitParent.from_day >= day)
    )
    session.execute(
        update(UnitParent)
        .where(UnitParent.unit_id == unit_id, UnitParent.to_day >= day)
        .values(to_day=day - timedelta(days=1))
    )

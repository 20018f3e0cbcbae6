"""What is known under one field or code carried over to another, as changes of their own, and taken back.

The ledger is only ever added to: what was known stays under the old key, each fact is said again under the new one from
the same day on, with the step in the dictionary as its provenance. Doing it again carries what has come since, and no
fact twice. Not for definitions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Engine, String, cast, select
from sqlalchemy.orm import Session

from runtime.errors import EntryError
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import Register
from runtime.facts.timeline import Timeline
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Change, Subject

BATCH = 100
"""Subjects that are looked at together, each of whom may need a few changes."""
MOST_LOOKED_AT = 20_000
"""Subjects that a page counts; whoever has more is told “at least”."""
SOURCE = "dictionary"


@dataclass(frozen=True, slots=True)
class Carrying:
    """What is carried: within `register` from the field `old` to `new`; or in the field `old` from a code to another.

    `step` is the step in the dictionary that asks for it.
    """

    register: str
    old: str
    new: str
    step: int
    code: str = ""
    into: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """How many subjects were changed, and of how many what they have is no value of the new field."""

    subjects: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """Of how many subjects something is not carried over yet, and of how many it is no value of the new field."""

    subjects: int = 0
    refused: int = 0
    is_all: bool = True
    """False where only the first of very many were looked at."""


Progress = Callable[[int], None]


def carry(
    engine: Engine,
    register: Register,
    what: Carrying,
    actor: int | None,
    progress: Progress = lambda _n: None,
) -> Carried:
    """Say again under the new key what is known under the old one, subject by subject, in short transactions."""
    return _each(engine, register, what, progress, lambda one: _forward(what, one, actor))


def left(session: Session, register: Register, what: Carrying, most: int = MOST_LOOKED_AT) -> Left:
    """What `carry` would do now, told from the first `most` of those of whom something was said under the old key."""
    said = cast(Subject.timeline, String).contains(f'"{what.old}"', autoescape=True)
    query = select(Subject).where(
        Subject.register == what.register, Subject.erased_on.is_(None), said
    )
    looked = subjects = refused = 0
    for one in session.scalars(query.order_by(Subject.id).limit(most)).yield_per(BATCH):
        looked += 1
        if steps := _forward(what, one, None):
            fits = _fits(register, steps)
            subjects, refused = subjects + fits, refused + (not fits)
    return Left(subjects, refused, looked < most)


def take_back(
    engine: Engine,
    register: Register,
    what: Carrying,
    actor: int | None,
    progress: Progress = lambda _n: None,
) -> Carried:
    """Say of each day that was carried over what was known before; what others have said since stays."""
    ours = _carried_ids(engine, what)
    return _each(engine, register, what, progress, lambda one: _back(what, one, actor, ours))


def _each(
    engine: Engine,
    register: Register,
    what: Carrying,
    progress: Progress,
    steps_of: Callable[[Subject], list[Step]],
) -> Carried:
    after, changed, refused, seen = "", 0, 0, 0
    while True:
        with reading(engine) as session:
            query = select(Subject).where(Subject.register == what.register, Subject.id > after)
            some = session.scalars(query.order_by(Subject.id).limit(BATCH)).all()
            wanted = [(one.id, steps) for one in some if (steps := steps_of(one))]
            after = some[-1].id if some else after
        if not some:
            return Carried(changed, refused)
        done, no = _recorded(engine, register, wanted)
        changed, refused, seen = changed + done, refused + no, seen + len(some)
        progress(seen)


def _recorded(
    engine: Engine, register: Register, wanted: Sequence[tuple[str, list[Step]]]
) -> tuple[int, int]:
    fitting = [steps for _id, steps in wanted if _fits(register, steps)]
    if fitting:
        with writing(engine) as session:
            record_all(session, register, [step for steps in fitting for step in steps])
    return len(fitting), len(wanted) - len(fitting)


def _fits(register: Register, steps: list[Step]) -> bool:
    try:
        for step in steps:
            if step.kind == "set":
                register.require_valid(step.values)
    except EntryError:
        return False
    return True


def _forward(what: Carrying, subject: Subject, actor: int | None) -> list[Step]:
    if subject.erased_on is not None:
        return []
    timeline: Timeline = subject.timeline
    found = []
    for day, value in _said(timeline, what.old):
        if what.code:
            if value == what.code:
                found.append(_step(what, subject.id, day, what.into, actor))
        elif not any(later >= day for later, _value in _said(timeline, what.new)):
            found.append(_step(what, subject.id, day, value, actor))
    return found


def _back(
    what: Carrying, subject: Subject, actor: int | None, ours: Mapping[str, Any]
) -> list[Step]:
    found = []
    target = what.old if what.code else what.new
    before: Any = None
    for day, value in _said(subject.timeline, target):
        carried = ours.get(_id(what, subject.id, day))
        if carried is None or carried.get(target) != value:
            before = value  # others have said something else of that day
            continue
        step = _step(what, subject.id, day, what.code or before, actor)
        found.append(replace(step, change_id=str(uuid5(NAMESPACE_URL, f"{step.change_id} back"))))
    return found


def _step(what: Carrying, subject_id: str, day: date, value: Any, actor: int | None) -> Step:
    target = what.old if what.code else what.new
    return Step(
        subject_id=subject_id,
        values={target: value},
        effective=day,
        kind="clear" if value is None else "set",
        change_id=_id(what, subject_id, day),
        actor=actor,
        provenance={"source": SOURCE, "step": what.step, "field": what.old},
    )


def _id(what: Carrying, subject_id: str, day: date) -> str:
    """The same for the same fact, so that nothing is carried twice."""
    return str(
        uuid5(NAMESPACE_URL, f"{SOURCE} {what.step} {what.old} {subject_id} {day.isoformat()}")
    )


def _said(timeline: Timeline, field: str) -> Iterator[tuple[date, Any]]:
    for text, patch in timeline:
        if field in patch:
            yield date.fromisoformat(text), patch[field]


def _carried_ids(engine: Engine, what: Carrying) -> dict[str, dict[str, Any]]:
    """The changes that this step has recorded: id -> values."""
    with reading(engine) as session:
        return dict(_of_step(session, what))


def _of_step(session: Session, what: Carrying) -> Iterator[tuple[str, dict[str, Any]]]:
    step = Change.provenance["step"].as_integer()
    source = Change.provenance["source"].as_string()
    query = select(Change.id, Change.values).where(source == SOURCE, step == what.step)
    yield from session.execute(query)

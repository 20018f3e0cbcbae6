"""The dry run: every row of a file weighed against what is known, and kept as prepared steps. Records no fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID, uuid5

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from runtime.definitions.load import Library
from runtime.facts.registers import Register, register_of
from runtime.facts.timeline import Timeline
from runtime.fields.catalogue import FieldTypes
from runtime.imports import batches
from runtime.imports.decide import Decision, Sender, decide
from runtime.imports.fields import FieldsOf, fields_of
from runtime.imports.identity import SEVERAL, Known, compared, known_subjects
from runtime.imports.places import ADDRESS, Places, units_by_address
from runtime.imports.read import open_file
from runtime.imports.rows import ROW, RowReader, Told, contradicts
from runtime.language import gettext as _
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import
from runtime.storage.tables import Change, Subject

CHUNK = 500
"""Rows that are weighed and kept at once."""

OnProgress = Callable[[int, int], None]
"""Told how many rows are done, of how many; may raise, to stop."""


def no_progress(_done: int, _all: int) -> None:
    """Nobody is told."""


class Desk(Protocol):
    """What of a site an import needs."""

    @property
    def engine(self) -> Engine: ...

    @property
    def library(self) -> Library: ...

    @property
    def field_types(self) -> FieldTypes: ...


class Held(NamedTuple):
    """A subject as it is."""

    timeline: Timeline
    revision: int
    unit_id: int | None


@dataclass(slots=True)
class Work:
    """All that a dry run holds while it walks the rows."""

    found: Import
    fields: FieldsOf
    register: Register
    sender: Sender
    places: Places
    known: Known
    by_address: Mapping[str, int]
    allowed: frozenset[int] | None
    """The units in which whoever imports may; None: all."""


def dry_run(
    desk: Desk,
    import_id: str,
    *,
    allowed: frozenset[int] | None,
    on_progress: OnProgress = no_progress,
) -> dict[str, int]:
    """Weigh every row and keep what it would do; the counts by kind. Records nothing, and may be repeated.

    `allowed` are the units in which whoever asks may import (None: all). What `on_progress` raises leaves nothing.
    Raises `EntryError` for a file that cannot be read, `Conflict` where the import has been taken further.
    """
    batches.to_state(desk.engine, import_id, "checking", *batches.OPEN, why="", counts={}, done=0)
    try:
        batches.drop_rows(desk.engine, import_id)
        counts, seq = _weighed(desk, import_id, allowed, on_progress)
    except BaseException:
        batches.drop_rows(desk.engine, import_id)
        batches.to_state(desk.engine, import_id, "uploaded", "checking")
        raise
    batches.to_state(desk.engine, import_id, "checked", "checking", counts=counts, seen_seq=seq)
    return counts


def _weighed(
    desk: Desk, import_id: str, allowed: frozenset[int] | None, on_progress: OnProgress
) -> tuple[dict[str, int], int]:
    content = batches.content_of(desk.engine, import_id)
    with reading(desk.engine) as session:
        found = batches.load(session, import_id)
        seq = session.scalar(select(func.max(Change.seq))) or 0
        places = Places(session)
    fields = fields_of(desk.library, desk.field_types, found.register)
    register = register_of(desk.library, found.register)
    opened = open_file(found.file_name, content, fields)
    columns = [str(column["field"]) for column in found.columns]
    rows = _joined(fields, RowReader(fields, columns, register, places).rows(opened.table))
    with reading(desk.engine) as session:
        known = known_subjects(session, found.register, fields.identity, (r.values for r in rows))
        nowhere = [r.values for r in rows if r.unit is None and known.find(r.values) is None]
        by_address = units_by_address(session, _with_address(desk.library), nowhere)
    sender = sender_of(found, fields)
    work = Work(found, fields, register, sender, places, known, by_address, allowed)
    counts: Counter[str] = Counter(dict.fromkeys(batches.KINDS, 0))
    counts["rows"], counts["left_out"] = len(rows), len(opened.table.left_out)
    for at in range(0, len(rows), CHUNK):
        on_progress(at, len(rows))
        part = rows[at : at + CHUNK]
        made = _chunk(desk.engine, work, part)
        for row, told in zip(made, part, strict=True):
            counts[row["kind"]] += 1
            counts["facts"] += len(told.values) if row["kind"] not in ("error", "same") else 0
        batches.keep_rows(desk.engine, import_id, made)
    return dict(counts), seq


def sender_of(found: Import, fields: FieldsOf) -> Sender:
    """Who sends an import, as of when, and who answers for which field."""
    stewards = {name: field.steward for name, field in fields.fields.items()}
    return Sender(department=found.department, as_of=found.as_of, steward_of=stewards)


def _with_address(library: Library) -> list[str]:
    names = (
        address.rpartition("/")[2].removesuffix(".json")
        for address in library.addresses("register")
    )
    return [name for name in names if ADDRESS in library.register(name).get("properties", {})]


def _joined(fields: FieldsOf, rows: Iterator[Told]) -> list[Told]:
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


def _chunk(engine: Engine, work: Work, rows: Sequence[Told]) -> list[dict[str, Any]]:
    subjects = {told.n: work.known.find(told.values) for told in rows if told.values}
    ids = {one for one in subjects.values() if one and one != SEVERAL}
    with reading(engine) as session:
        held = held_subjects(session, ids)
        said_by = SaidBy(session)
        return [_weigh(work, told, subjects.get(told.n), held, said_by) for told in rows]


def held_subjects(session: Session, ids: set[str]) -> dict[str, Held]:
    """The subjects as they are now."""
    rows = session.execute(
        select(Subject.id, Subject.timeline, Subject.revision, Subject.unit_id).where(
            Subject.id.in_(ids)
        )
    )
    return {row.id: Held(row.timeline, row.revision, row.unit_id) for row in rows}


class SaidBy:
    """Asks the ledger which department said the newest fact of a subject's field."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of(self, subject_id: str) -> Callable[[str, date], str]:
        """The question for one subject."""

        def said(name: str, day: date) -> str:
            changes = self._session.execute(
                select(Change.values, Change.provenance)
                .where(Change.subject_id == subject_id, Change.effective == day)
                .order_by(Change.seq.desc())
            )
            for values, provenance in changes:
                if name in values:
                    return str(provenance.get("department") or "")
            return ""

        return said


def _weigh(
    work: Work, told: Told, subject: str | None, held: Mapping[str, Held], said_by: SaidBy
) -> dict[str, Any]:
    if told.unit is not None and told.unit < 0 and not told.problems:
        return _row(
            told, "same", problems=[(ROW, _("Taken together with row %(n)s.", n=-told.unit))]
        )
    if not told.problems:
        told.problems.extend(_refused(work, told, subject, held))
    if told.problems:
        label = work.fields.label_of(told.values)
        return _row(told, "error", label=label, problems=told.problems)
    if subject is None:
        unit = unit_of_new(work, told)
        return _row(
            told,
            "add",
            _new_id(work.found.id, told.n),
            unit=unit,
            label=work.fields.label_of(told.values),
        )
    now = held[subject]
    made = decide(told.values, now.timeline, work.sender, said_by.of(subject))
    label = work.fields.label_of({**_latest(now.timeline), **told.values})
    row = _row(told, made.kind, subject, now.revision, now.unit_id, label, made)
    row["problems"] = _kept(work, told, now, made)
    if row["problems"]:
        row["kind"] = "conflict"
    return row


def _refused(
    work: Work, told: Told, subject: str | None, held: Mapping[str, Held]
) -> Iterator[tuple[int, str]]:
    """Why nothing of the row can be taken."""
    identity = work.fields.identity
    if not any(all(name in told.values for name in names) for names in identity):
        wanted = _(" or ").join(
            " + ".join(work.fields.title_of(name) for name in names) for names in identity
        )
        yield ROW, _("It does not say who or what it is about; wanted: %(fields)s.", fields=wanted)
    elif subject == SEVERAL:
        yield ROW, _("More than one in the register fits; it is not clear which is meant.")
    elif subject is None:
        unit = unit_of_new(work, told)
        if unit is None:
            yield ROW, _("It is new here, and nothing says to which unit it belongs.")
        elif not _may(work, unit):
            yield ROW, _("It belongs to a unit in which you may not import.")
    elif held[subject].unit_id is None:
        yield ROW, _("It has left or ended; record first that it is back.")
    elif not _may(work, held[subject].unit_id):
        yield ROW, _("It belongs to a unit in which you may not import.")


def _may(work: Work, unit: int | None) -> bool:
    return work.allowed is None or unit in work.allowed


def unit_of_new(work: Work, told: Told) -> int | None:
    """The unit of somebody or something new: as its row says, as its address says, or as chosen on upload."""
    if told.unit is not None:
        return told.unit
    address = told.values.get(ADDRESS)
    by_address = work.by_address.get(compared(address)) if address else None
    return by_address or work.found.unit_id


def _kept(work: Work, told: Told, now: Held, made: Decision) -> list[tuple[int, str]]:
    """What of the row is not taken, since something newer or better known stands against it."""
    found = [
        (
            ROW,
            _(
                "%(field)s: what is known since %(day)s stays.",
                field=work.fields.title_of(name),
                day=day,
            ),
        )
        for name, day in made.conflicts.items()
    ]
    if told.unit is not None and not work.places.is_within(now.unit_id, told.unit):
        found.append((ROW, _("The register has it in another unit; it is not moved.")))
    return found


def _latest(timeline: Timeline) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for _day, patch in timeline:
        said.update(patch)
    return said


def _new_id(import_id: str, n: int) -> str:
    """The id of a new subject: made from the import and the row, so that a repetition makes nobody twice."""
    return str(uuid5(UUID(import_id), f"subject {n}"))


def _row(
    told: Told,
    kind: str,
    subject: str = "",
    revision: int = 0,
    unit: int | None = None,
    label: str = "",
    made: Decision | None = None,
    problems: Sequence[tuple[int, str]] = (),
) -> dict[str, Any]:
    return {
        "n": told.n,
        "kind": kind,
        "subject_id": subject,
        "revision": revision,
        "unit_id": unit,
        "label": label,
        "told": told.values,
        "old": made.old if made else {},
        "problems": [list(problem) for problem in problems],
    }

"""Erasing a subject everywhere: its facts, and what entries and snapshots say of it. Not when it is due: `retention`.

The figures of reports that were handed in stay: a snapshot is never worked out anew, and a row whose values are
erased still stands as a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, or_, select, update
from sqlalchemy.orm import Session

from runtime.definitions.place import cells, place
from runtime.definitions.plan import Cell
from runtime.entry import audit, life
from runtime.entry.sealed import blanked, places
from runtime.facts import proposals
from runtime.facts.erasing import erase
from runtime.facts.registers import Register
from runtime.facts.subjects import current
from runtime.facts.timeline import UNIT
from runtime.fill.provenance import Provenance
from runtime.storage.import_tables import Import, ImportRow
from runtime.storage.tables import (
    Attachment,
    Belonging,
    Change,
    Entry,
    EntryRevision,
    Snapshot,
    Unit,
    UnitParent,
)
from runtime.storage.unit_tables import SnapshotErasure


def erase_everywhere(
    session: Session,
    register: Register,
    subject_id: str,
    actor: int | None,
    reason: str,
    *,
    fields: Collection[str] = (),
    entries: Sequence[Entry] | None = None,
) -> str:
    """Erase the subject, or only these fields of it, from facts, entries and snapshots; the change's id.

    `entries` are those that `lock_entries` gave, where the caller holds them already. One short transaction, noted in
    the audit log by fields, never by values. Raises what `facts.erasing.erase` does.
    """
    unit_id = current(session, subject_id).unit_id
    held = lock_entries(session, subject_id) if entries is None else entries
    change_id = erase(session, register, subject_id, actor, reason, fields=fields)
    for entry in held:
        _erase_from(
            session,
            entry,
            register.name,
            subject_id,
            frozenset(fields),
            change_id,
        )
    _erase_copies(session, subject_id, fields)
    details = {"fields": sorted(fields), "entries": len(held), "reason": reason}
    audit.log(
        session,
        "subject.erase",
        "subject",
        subject_id,
        actor=actor,
        unit_id=unit_id,
        details=details,
    )
    return change_id


def _erase_copies(session: Session, subject_id: str, fields: Collection[str]) -> None:
    """What waits for a steward, or is kept of an import so that it can be looked over, holds values too."""
    proposals.forget(session, subject_id, fields)
    spoken = select(ImportRow.import_id).where(ImportRow.subject_id == subject_id)
    for found in session.scalars(select(Import).where(Import.id.in_(spoken))):
        found.columns = [{**column, "sample": ""} for column in found.columns]
    blank: dict[Any, Any] = {ImportRow.label: "", ImportRow.told: {}, ImportRow.old: {}}
    session.execute(update(ImportRow).where(ImportRow.subject_id == subject_id).values(blank))


def lock_entries(session: Session, subject_id: str) -> list[Entry]:
    """The entries that name the subject, locked until the transaction ends.

    Whoever changes an entry and its subjects locks the entry first (`submit`), so this must come before the subject.
    """
    naming = sorted(
        session.scalars(entries_naming(session, subject_id).with_only_columns(Entry.id))
    )
    return [life.locked(session, entry_id) for entry_id in naming]


def entries_naming(session: Session, subject_id: str) -> Select[Entry]:
    """The entries about the subject, and those of its units, or units above, that name it in a cell or row.

    Also those that named it when they were submitted, and the units where it was once said to belong.
    """
    there = _units_of(session, subject_id)
    up = select(Unit.id).where(Unit.id.in_(there)).cte("up", recursive=True)
    up = up.union(
        select(UnitParent.parent_id)
        .join(up, UnitParent.unit_id == up.c.id)
        .where(UnitParent.parent_id.is_not(None))
    )
    here = Entry.unit_id.in_(select(up.c.id))
    frozen = select(Snapshot.entry_id).join(Entry, Entry.id == Snapshot.entry_id)
    frozen = frozen.where(here, _names(Snapshot.provenance, subject_id))
    return select(Entry).where(
        or_(
            Entry.subject_id == subject_id,
            here & _names(Entry.provenance, subject_id),
            Entry.id.in_(frozen),
        )
    )


def _names(provenance: Any, subject_id: str) -> ColumnElement[bool]:
    return cast(provenance, Text).contains(f'"{subject_id}"', autoescape=True)


def _units_of(session: Session, subject_id: str) -> set[int]:
    """Where the subject has belonged, by what is known now or was said before it was put right."""
    stretches = select(Belonging.unit_id).where(Belonging.subject_id == subject_id)
    said = session.scalars(select(Change.values).where(Change.subject_id == subject_id))
    return {*session.scalars(stretches), *(told[UNIT] for told in said if told.get(UNIT))}


def _erase_from(
    session: Session,
    entry: Entry,
    register: str,
    subject_id: str,
    fields: frozenset[str],
    change_id: str,
) -> None:
    plan = life.plan_for(session, entry) if fields else None

    def found(data: Any, choices: dict[str, str], provenance: dict[str, Provenance]) -> set[str]:
        speaks = places(entry.subject_id, data, choices, provenance)
        own = {at for at, subjects in speaks.items() if subject_id in subjects}
        if plan is None:
            return own
        spoken = {at for at, told in provenance.items() if _field(told) in fields}
        for cell in cells(place(plan, data, choices)):
            fact = cell.node.fact if isinstance(cell.node, Cell) else None
            if fact is not None and fact.register == register and fact.field in fields:
                spoken.add(cell.pointer)
        return {at for at in own if any(_is_within(at, one) for one in spoken)}

    for revision in _revisions(session, entry):
        gone = found(revision.data, revision.choices, entry.provenance)
        revision.data = blanked(revision.data, gone)
        revision.choices = _left(revision.choices, gone)
    for snapshot in session.scalars(select(Snapshot).where(Snapshot.entry_id == entry.id)):
        _erase_from_snapshot(
            session,
            snapshot,
            found(snapshot.data, snapshot.choices, snapshot.provenance),
            change_id,
        )
    gone = found(entry.data, entry.choices, entry.provenance)
    entry.data = blanked(entry.data, gone)
    entry.choices, entry.provenance = _left(entry.choices, gone), _left(entry.provenance, gone)
    if entry.subject_id == subject_id and not fields:
        session.execute(
            update(Attachment)
            .where(Attachment.entry_id == entry.id)
            .values(content=b"", size=0, name="-")
        )
    session.flush()


def _revisions(session: Session, entry: Entry) -> Iterator[EntryRevision]:
    yield from session.scalars(select(EntryRevision).where(EntryRevision.entry_id == entry.id))


def _erase_from_snapshot(
    session: Session, snapshot: Snapshot, gone: set[str], change_id: str
) -> None:
    if not gone:
        return
    session.add(SnapshotErasure(snapshot_id=snapshot.id, change_id=change_id))
    session.flush()
    sealed = snapshot.sealed or {}
    snapshot.sealed = {
        at: [None, digest] if at in gone else [salt, digest]
        for at, (salt, digest) in sealed.items()
    }
    snapshot.data = blanked(snapshot.data, gone)
    snapshot.choices = _left(snapshot.choices, gone)
    snapshot.provenance = _left(snapshot.provenance, gone)
    session.flush()


def _left(told: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    return {at: one for at, one in told.items() if at not in gone}


def _field(told: Provenance) -> str:
    """The subject's field that a value came from, what was overridden included."""
    while told:
        if "field" in told:
            return str(told["field"])
        told = told.get("was") or {}
    return ""


def _is_within(at: str, pointer: str) -> bool:
    at = at.partition("#")[0]
    return at == pointer or at.startswith(pointer + "/")

"""An entry from its start to its submission, in short writing transactions. Not for pages, not for access.

Nobody overwrites anybody unseen: a post is decoded against the revision that its screen showed, and merged cell
by cell with what others have saved since; a cell that both changed is a `SaveConflict`, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.entry import audit, begin, past, versions
from runtime.entry.asked import require_asked
from runtime.entry.decode import Decoded, Posted, decode
from runtime.entry.files import require_own_files
from runtime.entry.hold import DRAFT, OPEN, load, locked, require_open
from runtime.entry.merge import Clash, merge, merge_choices
from runtime.entry.provenance import By, of_what_is_there, restated
from runtime.entry.shape import shape_of
from runtime.entry.totals import with_totals
from runtime.errors import Conflict, EntryError
from runtime.fields.choices import same
from runtime.fill.filling import Filled
from runtime.fill.provenance import Provenance
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.storage.tables import Entry, EntryRevision, FormVersion, User, new_id


class SaveConflict(Conflict):
    """Somebody else has changed the same cells; `clashes` holds all values of each, `revision` is theirs.

    `author` is the user who saved last of all others since; who saves where nobody else has, but from another window.
    """

    def __init__(
        self, message: str, clashes: tuple[Clash, ...], revision: int, author: int | None = None
    ) -> None:
        super().__init__(message, tuple(clash.pointer for clash in clashes))
        self.clashes = clashes
        self.revision = revision
        self.author = author


@dataclass(frozen=True, slots=True)
class Base:
    """An entry as it stood at a revision: what a post is decoded against."""

    revision: int
    data: Any
    choices: dict[str, str]


def key_of(address: str, unit_id: int, period: Period | None, subject_id: str | None) -> str:
    """What makes an entry the one and only: two people who start it at once get the same."""
    return " ".join((address, str(unit_id), str(period or "-"), subject_id or "-"))


def find(
    session: Session, address: str, unit_id: int, period: Period | None, subject_id: str | None
) -> Entry | None:
    """The entry of that form for the unit, period and subject, if it was started."""
    key = key_of(address, unit_id, period, subject_id)
    return session.scalar(select(Entry).where(Entry.key == key))


def prefilled(
    session: Session,
    plan: Plan,
    unit_id: int,
    period: Period | None = None,
    subject_id: str | None = None,
) -> Filled:
    """What a new entry would hold, totals and defaults included; may take long for a large unit: not while writing."""
    if subject_id is None:
        return begin.prefilled_each(session, plan, [unit_id], period)[unit_id]
    return begin.prefilled(session, plan, unit_id, period, subject_id)


def start(
    session: Session,
    version: FormVersion,
    unit_id: int,
    period: Period | None = None,
    subject_id: str | None = None,
    actor: int | None = None,
    *,
    filled: Filled | None = None,
    read_at: datetime | None = None,
) -> Entry:
    """The entry of the version's form for the unit, period and subject: a filled draft if there was none.

    `filled` was made by `prefilled` before the writing began, from `read_at` on (see `apart.start`). Raises
    `EntryError` for a period of another frequency, and what `fill` raises.
    """
    held = find(session, version.address, unit_id, period, subject_id)
    if held is not None:
        return held
    plan = versions.plan_of(version)
    require_period(plan, period)
    read_at = read_at or clock.now()
    filled = filled or prefilled(session, plan, unit_id, period, subject_id)
    row = row_of(version, unit_id, period, subject_id, actor, filled)
    if _insert(session, row):
        _keep_revision(session, row["id"], 1, filled.data, filled.choices, actor)
        audit.log(
            session,
            "entry.start",
            "entry",
            row["id"],
            actor=actor,
            unit_id=unit_id,
            details={"read": read_at.isoformat()},
        )
    return session.scalars(select(Entry).where(Entry.key == row["key"])).one()


def row_of(
    version: FormVersion,
    unit_id: int,
    period: Period | None,
    subject_id: str | None,
    actor: int | None,
    filled: Filled,
) -> dict[str, Any]:
    """The columns of a new entry that holds what was filled."""
    now = clock.now()
    return {
        "id": new_id(),
        "key": key_of(version.address, unit_id, period, subject_id),
        "form_version_id": version.id,
        "address": version.address,
        "unit_id": unit_id,
        "period": str(period or ""),
        "subject_id": subject_id,
        "state": DRAFT,
        "revision": 1,
        "data": filled.data,
        "choices": filled.choices,
        "provenance": filled.provenance,
        "digest": "",
        "created_at": now,
        "created_by": actor,
        "updated_at": now,
        "updated_by": actor,
    }


def _insert(session: Session, row: dict[str, Any]) -> bool:
    """Add the entry unless somebody else has just done so."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Entry).values(row).on_conflict_do_nothing(index_elements=["key"])
    return session.execute(statement.returning(Entry.id)).first() is not None


def plan_for(session: Session, entry: Entry) -> Plan:
    """The plan of the version that the entry answers."""
    return versions.plan_of(versions.get(session, entry.form_version_id))


def base_at(session: Session, entry: Entry, revision: int) -> Base:
    """The entry as it stood at `revision`; raises `Conflict` for one that is no longer, or not yet, there."""
    if revision == entry.revision:
        return Base(revision, entry.data, entry.choices)
    kept = session.get(EntryRevision, (entry.id, revision))
    if kept is None:
        raise Conflict(_("This page shows a state of the entry that is too old. Load it again."))
    return Base(revision, kept.data, kept.choices)


def check_cell(session: Session, entry: Entry, revision: int, posted: Posted) -> Decoded:
    """What the entry would be with these cells as posted; reads only, for the check of one cell."""
    base = base_at(session, entry, revision)
    return decode(plan_for(session, entry), posted, base.data, base.choices)


def save(
    session: Session,
    entry: Entry,
    decoded: Decoded,
    revision: int,
    actor: int | None,
    reasons: Mapping[str, str] | None = None,
) -> Entry:
    """Save what was decoded against the base at `revision`, merged with what others have saved since.

    `decoded` has its totals, as `decode` and `act` leave it; after a merge they are worked out anew.
    `reasons` says of overridden cells why, by pointer. Nothing changed writes nothing. Raises `SaveConflict`
    where others changed the same cells, `EntryError` when the entry is submitted.
    """
    held = locked(session, entry.id)
    require_open(held)
    plan = plan_for(session, held)
    data, choices = decoded.data, decoded.choices
    if revision != held.revision:
        data, choices = _merged(session, plan, held, decoded, revision, actor)
        data = with_totals(plan, data, choices)
    _keep(session, held, plan, data, choices, actor, reasons or {})
    return held


def require_period(plan: Plan, period: Period | None) -> None:
    """Raise an `EntryError` when the form is not for periods of that frequency, or no longer asked for this one."""
    if (period.frequency if period else "") != plan.form.frequency:
        raise EntryError(_("This form is not for such a period."))
    require_asked(plan, period)


def put(
    session: Session,
    entry: Entry,
    data: Any,
    choices: dict[str, str],
    provenance: dict[str, Provenance],
    actor: int | None,
) -> None:
    """Write the entry's next revision; those before it go where other subjects stand in its rows now."""
    moved = not past.tell_of_the_same(entry.provenance, provenance)
    entry.data, entry.choices, entry.provenance = data, choices, provenance
    entry.revision += 1
    if moved:
        past.forget_before(session, entry, entry.revision)
    entry.updated_at, entry.updated_by = clock.now(), actor
    _keep_revision(session, entry.id, entry.revision, data, choices, actor)


def by(session: Session, actor: int | None) -> By:
    """Who acts now, by full name."""
    user = session.get(User, actor) if actor is not None else None
    return By(actor, user.full_name if user else "", clock.now())


def _merged(
    session: Session, plan: Plan, held: Entry, decoded: Decoded, revision: int, actor: int | None
) -> tuple[Any, dict[str, str]]:
    base = base_at(session, held, revision)
    merged = merge(shape_of(plan), base.data, decoded.data, held.data)
    choices, others = merge_choices(base.choices, decoded.choices, held.choices)
    if clashes := merged.clashes + others:
        raise _conflict(session, held, clashes, revision, actor)
    return merged.data, choices


def _conflict(
    session: Session, held: Entry, clashes: tuple[Clash, ...], revision: int, actor: int | None
) -> SaveConflict:
    saved = select(EntryRevision.by).where(
        EntryRevision.entry_id == held.id, EntryRevision.revision > revision
    )
    authors = session.scalars(saved.order_by(EntryRevision.revision.desc())).all()
    author = next((one for one in authors if one != actor), actor)
    if author is not None and author == actor:
        message = _("You have changed the same cells in another window; nothing was saved.")
    else:
        message = _("Somebody else has changed the same cells meanwhile; nothing was saved.")
    return SaveConflict(message, clashes, held.revision, author)


def _keep(
    session: Session,
    held: Entry,
    plan: Plan,
    data: Any,
    choices: dict[str, str],
    actor: int | None,
    reasons: Mapping[str, str],
) -> None:
    who = by(session, actor)
    found = restated(shape_of(plan), held.data, data, held.provenance, who, reasons)
    found = of_what_is_there(found, plan, data, choices)
    require_own_files(session, held.id, (one.after for one in found.changed))
    unchanged = found.provenance == held.provenance and choices == held.choices
    if not found.changed and unchanged and same(data, held.data):
        return
    put(session, held, data, choices, found.provenance, actor)
    cells = [one.pointer for one in found.changed if not one.total]
    details = {"revision": held.revision, "cells": cells}
    audit.log(
        session,
        "entry.save",
        "entry",
        held.id,
        actor=actor,
        unit_id=held.unit_id,
        details=details,
    )


def _keep_revision(
    session: Session,
    entry_id: str,
    revision: int,
    data: Any,
    choices: Mapping[str, str],
    actor: int | None,
) -> None:
    session.add(
        EntryRevision(
            entry_id=entry_id,
            revision=revision,
            data=data,
            choices=dict(choices),
            at=clock.now(),
            by=actor,
        )
    )


__all__ = [
    "OPEN",
    "Base",
    "SaveConflict",
    "base_at",
    "by",
    "check_cell",
    "find",
    "key_of",
    "load",
    "locked",
    "plan_for",
    "prefilled",
    "put",
    "require_open",
    "require_period",
    "row_of",
    "save",
    "start",
]

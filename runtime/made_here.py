"""Definitions made or changed at this site: kept in the database, laid over the files. Not for what may be changed.

A step in the dictionary is kept with what differs as data, whoever made it, so that it can be told and taken back; the
documents as they stand now lie beside it. A file that changes later under a definition that was changed here does not
take its place: `behind` says so, and people bring the two together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.json import NotJson, dumps, loads
from runtime.definitions.load import Library
from runtime.definitions.moves import Move, move_of, moved
from runtime.entry import audit
from runtime.errors import Conflict
from runtime.language import gettext as _
from runtime.storage.definition_tables import DefinitionHere, DefinitionStep
from runtime.storage.lock import take
from runtime.storage.tables import User

__all__ = [
    "DefinitionHere",
    "DefinitionStep",
    "Made",
    "alone",
    "behind",
    "here",
    "is_there",
    "keep",
    "laid_over",
    "moves_since",
    "revision",
    "steps",
    "text_moved",
    "took_in",
    "undone",
    "who",
]


_NEWEST = select(func.max(DefinitionStep.id))
"""Put together once: each request asks it."""


@dataclass(frozen=True, slots=True)
class Made:
    """A step to be kept, as the table has it; `documents` by address as they are from now on (None: gone again)."""

    kind: str
    address: str
    department: str
    documents: Mapping[str, dict[str, Any] | None]
    patches: Mapping[str, Any] = field(default_factory=dict)
    drafts: Mapping[str, Any] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    undoes: int | None = None


def revision(session: Session) -> int:
    """The newest step: as long as it is the same, nothing has changed. Cheap."""
    return session.scalar(_NEWEST) or 0


def is_there(session: Session) -> bool:
    """Whether the database has come far enough to hold definitions."""
    return inspect(session.connection()).has_table(DefinitionHere.__tablename__)


def laid_over(session: Session, files: Library) -> Library:
    """The files with what was renamed and merged followed through them, under what was made here."""
    moves = moves_since(session)
    here = dict(session.execute(select(DefinitionHere.address, DefinitionHere.source)).all())
    if not moves and not here:
        return files
    known = {address: files.source(address) for address in files.addresses()}
    known |= {address: loads(source) for address, source in here.items()}
    changed: dict[str, Any] = {}
    for address, document in known.items():
        found = document if address in here else moved(document, address, moves, known)
        if address in here or found is not document:
            changed[address] = found
    return files.with_documents(changed)


def alone(session: Session) -> None:
    """Let nobody else change the dictionary until this transaction ends."""
    take(session, "dictionary")


def moves_since(session: Session, moment: datetime | None = None) -> tuple[Move, ...]:
    """The moves in force, oldest first; with `moment` those made after it."""
    undone = select(DefinitionStep.undoes).where(DefinitionStep.undoes.is_not(None))
    query = select(DefinitionStep.moves, DefinitionStep.at).where(DefinitionStep.id.not_in(undone))
    rows = session.execute(query.order_by(DefinitionStep.id)).all()
    kept = [one for moves, at in rows if moment is None or at > moment for one in moves]
    return tuple(move_of(one) for one in kept)


def text_moved(session: Session, library: Library, address: str, text: str, since: datetime) -> str:
    """A form's text of that moment, with what was renamed and merged since; the text itself where nothing was."""
    moves = moves_since(session, since)
    if not moves:
        return text
    try:
        document = loads(text)
    except NotJson:
        return text
    known = {one: library.source(one) for one in library.addresses()}
    found = moved(document, address, moves, known) if isinstance(document, dict) else document
    return text if found is document else dumps(found, indent=2)


def keep(
    session: Session, files: Library, made: Made, seen: int, actor: int | None
) -> DefinitionStep:
    """Keep a step and what it made; raises `Conflict` where the same was changed since step `seen` was the newest.

    `documents` must be made from the library as it is now: `alone` first. In the session's transaction, all or nothing.
    """
    _require_unchanged(session, made, seen)
    step = DefinitionStep(
        kind=made.kind,
        address=made.address,
        department=made.department,
        at=clock.now(),
        by=actor,
        patches=dict(made.patches),
        drafts=dict(made.drafts),
        moves=[move.kept() for move in made.moves],
        details=dict(made.details),
        reason=made.reason,
        undoes=made.undoes,
    )
    session.add(step)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("Somebody else has taken this step back already.")) from error
    for address, document in made.documents.items():
        _put(session, files, address, document, actor)
    audit.log(
        session,
        f"dictionary.{made.kind}",
        "definition",
        made.address[-255:],
        actor=actor,
        details={"step": step.id, "definitions": sorted(made.documents)},
    )
    return step


def _require_unchanged(session: Session, made: Made, seen: int) -> None:
    """What others have changed elsewhere, even in the same document, does not hinder: it is in the library by now."""
    newer = select(DefinitionStep.address, DefinitionStep.moves).where(
        DefinitionStep.id > seen, DefinitionStep.kind != "apart"
    )
    if any(address == made.address or moves for address, moves in session.execute(newer)):
        raise Conflict(_("Somebody else has changed this definition since you opened it."))


def _put(
    session: Session,
    files: Library,
    address: str,
    document: dict[str, Any] | None,
    actor: int | None,
) -> None:
    row = session.get(DefinitionHere, address)
    base = dumps(files.source(address), indent=2) if address in files else ""
    text = "" if document is None else dumps(document, indent=2)
    if text == base:  # gone, or again as it shipped: what is shipped next counts
        if row is not None:
            session.delete(row)
            session.flush()
        return
    if row is None:
        row = DefinitionHere(address=address, base=base, revision=0)
        session.add(row)
    row.source, row.revision = text, row.revision + 1
    row.updated_at, row.updated_by = clock.now(), actor
    session.flush()


def took_in(session: Session, files: Library, address: str) -> None:
    """What the file says now was brought together with what was made here: it is not behind any more."""
    row = session.get(DefinitionHere, address)
    if row is not None:
        row.base = dumps(files.source(address), indent=2) if address in files else ""


def behind(session: Session, files: Library) -> dict[str, tuple[Any, Any]]:
    """Definitions changed here whose file has changed since: address -> (what it was made from, the file now)."""
    rows = session.execute(select(DefinitionHere.address, DefinitionHere.base))
    found = {}
    for address, base in rows:
        now = dumps(files.source(address), indent=2) if address in files else ""
        if now != base:
            found[address] = (loads(base) if base else None, loads(now) if now else None)
    return found


def steps(
    session: Session, *, about: str = "", kind: str = "", most: int = 100
) -> list[DefinitionStep]:
    """The newest steps first: of all, of what stands at or within `about`, of one kind."""
    query = select(DefinitionStep).order_by(DefinitionStep.id.desc())
    if kind:
        query = query.where(DefinitionStep.kind == kind)
    if about:
        mark = about.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        inner = "/%" if "#" in about else "#%"
        within = DefinitionStep.address.like(f"{mark}{inner}", escape="\\")
        query = query.where((DefinitionStep.address == about) | within)
    return list(session.scalars(query.limit(most)))


def here(session: Session) -> frozenset[str]:
    """The addresses of the definitions that were made or changed here."""
    return frozenset(session.scalars(select(DefinitionHere.address)))


def who(session: Session, steps: Sequence[DefinitionStep]) -> dict[int, str]:
    """The full names of those who made these steps, by id."""
    ids = {step.by for step in steps if step.by is not None}
    rows = session.execute(select(User.id, User.full_name).where(User.id.in_(ids)))
    return dict(rows.all())


def undone(session: Session) -> frozenset[int]:
    """The ids of the steps that were taken back."""
    query = select(DefinitionStep.undoes).where(DefinitionStep.undoes.is_not(None))
    return frozenset(one for one in session.scalars(query) if one is not None)

"""The audit log: who did or read what, when. It only ever grows; not for what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.storage.tables import AuditEvent, Subject


def log(
    session: Session,
    action: str,
    object_kind: str,
    object_id: object,
    *,
    actor: int | None,
    unit_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note one step, to be committed or rolled back together with it.

    `action` is `<kind>.<verb>` (`entry.submit`), `actor` the user's id (None: the command line). `details` never
    hold values of a personal record, only which cells or fields were meant.
    """
    session.add(
        AuditEvent(
            at=clock.now(),
            actor_id=actor,
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            unit_id=unit_id,
            details=dict(details or {}),
        )
    )


def read(
    session: Session,
    object_kind: str,
    object_id: object,
    *,
    actor: int | None,
    unit_id: int | None = None,
    entry_id: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note that a personal record was read, and from which entry; needs a writing session as all the rest."""
    told = {**({"entry": entry_id} if entry_id else {}), **(details or {})}
    log(
        session,
        f"{object_kind}.read",
        object_kind,
        object_id,
        actor=actor,
        unit_id=unit_id,
        details=told,
    )


def read_together(
    session: Session, subject: Subject, beside: Iterable[Subject], *, actor: int | None
) -> None:
    """Note that a subject's page was read, and of each subject that it shows `beside` it that it was read there.

    Of each by its own: whoever asks who read it is told of every page that showed it.
    """
    read(session, "subject", subject.id, actor=actor, unit_id=subject.unit_id)
    there = {"beside": subject.id}
    for one in beside:
        read(session, "subject", one.id, actor=actor, unit_id=one.unit_id, details=there)


def readers(session: Session, object_kind: str, object_id: object, most: int) -> list[AuditEvent]:
    """The last `most` times one thing was read, newest first."""
    query = select(AuditEvent).where(
        AuditEvent.object_kind == object_kind,
        AuditEvent.object_id == str(object_id),
        AuditEvent.action == f"{object_kind}.read",
    )
    return list(session.scalars(query.order_by(AuditEvent.id.desc()).limit(most)))


def events(session: Session, object_kind: str, object_id: object) -> list[AuditEvent]:
    """All that happened to one thing, oldest first."""
    query = select(AuditEvent).where(
        AuditEvent.object_kind == object_kind, AuditEvent.object_id == str(object_id)
    )
    return list(session.scalars(query.order_by(AuditEvent.id)))

"""Erasing what is known of a subject: all of it, or some of its fields. Entries that name it are `entry.erasing`'s."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import EntryError
from runtime.facts.changes import Step, record_all
from runtime.facts.erased import ERASE
from runtime.facts.registers import Register
from runtime.facts.subjects import current
from runtime.facts.timeline import UNIT
from runtime.language import gettext as _
from runtime.storage.tables import new_id


def erase(
    session: Session,
    register: Register,
    subject_id: str,
    actor: int | None,
    reason: str,
    *,
    fields: Collection[str] = (),
    change_id: str | None = None,
) -> str:
    """Erase all that is known of the subject, or only of these fields; the id of the change that says so.

    The reason is kept and must name no person. After all is erased, a late fact is refused; a field that was
    erased alone may be recorded anew, should the subject come back. The same `change_id` again changes nothing.
    Raises `NotFound` for an unknown subject, `EntryError` without a reason, for an unknown field, and where all
    was erased before.
    """
    current(session, subject_id)
    if not reason.strip():
        raise EntryError(_("An erasure needs a reason."))
    if UNIT in fields:
        raise EntryError(_("Where a subject belongs cannot be erased alone."))
    step = Step(
        subject_id=subject_id,
        values=dict.fromkeys(sorted(fields)),
        effective=clock.today(),
        kind=ERASE,
        change_id=change_id or new_id(),
        actor=actor,
        reason=reason,
    )
    record_all(session, register, [step])
    return step.change_id

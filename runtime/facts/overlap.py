"""When two people say different things of one field: found before anything is written, so that one can be asked.

A change may name the change of its subject that its author saw last. What others have recorded since is then looked
at field by field: other fields, and fields of which the same is said, merge; one of which something else is said is a
clash, and nothing is written. Whoever is asked repeats the change with the newest as its base, or lets it be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from runtime.errors import Conflict, EntryError
from runtime.fields.choices import same
from runtime.language import gettext as _
from runtime.storage.tables import Change


class Based(Protocol):
    """What is looked at of a change that is to be recorded."""

    @property
    def subject_id(self) -> str: ...

    @property
    def based_on(self) -> str | None: ...

    @property
    def actor(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Clash:
    """One field of which two people say different things; None: that it is not known or has ended."""

    field: str
    mine: Any
    theirs: Any
    who: int | None
    """Who said it: the user's id; None for an import or the command line."""
    when: datetime


class Overlap(Conflict):
    """Others have said something else of the same fields since; nothing was written.

    `clashes` holds both values of each, `newest` the change to base a repeated request on.
    """

    def __init__(self, subject_id: str, clashes: Sequence[Clash], newest: str) -> None:
        super().__init__(
            _("Somebody else has said something different of this meanwhile; nothing was saved."),
            tuple(f"/{clash.field}" for clash in clashes),
        )
        self.subject_id = subject_id
        self.clashes = tuple(clashes)
        self.newest = newest


@dataclass(frozen=True, slots=True)
class _Recorded:
    id: str
    values: Mapping[str, Any]
    actor: int | None
    when: datetime


@dataclass(slots=True)
class Since:
    """What was recorded of each subject, from the oldest base on that is named; the base comes first."""

    changes: dict[str, list[_Recorded]] = field(default_factory=dict)

    def add(self, step: Based, change_id: str, values: Mapping[str, Any], when: datetime) -> None:
        """One more that was recorded, within the same request."""
        recorded = _Recorded(change_id, values, step.actor, when)
        self.changes.setdefault(step.subject_id, []).append(recorded)

    def require_no_clash(self, step: Based, told: Mapping[str, Any]) -> None:
        """Raise an `Overlap` where others have said something else since the step's base.

        What the same person has said since is no clash, the later word counts. Raises `EntryError` for a base
        that is no change of the subject.
        """
        if step.based_on is None:
            return
        known = self.changes.get(step.subject_id, [])
        at = next((n for n, one in enumerate(known) if one.id == step.based_on), None)
        if at is None:
            raise EntryError(_("The change that this one was based on is none of this subject."))
        said = {name: one for one in known[at + 1 :] for name in one.values}
        clashes = [
            Clash(name, value, said[name].values[name], said[name].actor, said[name].when)
            for name, value in told.items()
            if name in said
            and _is_anothers(said[name], step)
            and not same(said[name].values[name], value)
        ]
        if clashes:
            raise Overlap(step.subject_id, clashes, known[-1].id)


def since_bases(session: Session, steps: Iterable[Based]) -> Since:
    """What was recorded since the bases that the steps name; ask once their subjects are locked."""
    found = Since()
    bases = {step.based_on for step in steps if step.based_on is not None}
    if not bases:
        return found
    base = aliased(Change)
    later = and_(base.subject_id == Change.subject_id, Change.seq >= base.seq)
    rows = session.execute(
        select(Change.id, Change.subject_id, Change.values, Change.actor_id, Change.recorded_at)
        .join(base, later)
        .where(base.id.in_(bases))
        .order_by(Change.seq)
    )
    seen = set()
    for row in rows:
        if row.id not in seen:
            seen.add(row.id)
            recorded = _Recorded(row.id, row.values, row.actor_id, row.recorded_at)
            found.changes.setdefault(row.subject_id, []).append(recorded)
    return found


def _is_anothers(said: _Recorded, step: Based) -> bool:
    """Whether somebody else said it; of what nobody signed, nobody knows, so it is another's."""
    return said.actor is None or said.actor != step.actor

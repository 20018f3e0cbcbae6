"""Changes that wait for the steward of a field: proposed, accepted or refused. Not for who may decide.

A proposal is not yet known: nothing is filled from it. Accepted it becomes a change as any other, by
`changes.record_all`; what was known when it was proposed stays with it, so that a fact that changed meanwhile is seen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.errors import Conflict, EntryError, NotFound
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import Register
from runtime.facts.subjects import current
from runtime.facts.timeline import said_otherwise
from runtime.fields.choices import same
from runtime.language import gettext as _
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import Change, Subject, new_id

OPEN, ACCEPTED, REFUSED, WITHDRAWN = "open", "accepted", "refused", "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a proposal came from: a cell of an entry, or (all empty) the subject's own page."""

    entry_id: str | None = None
    form: str = ""
    cell: str = ""


def steward_to_ask(field: Mapping[str, Any], department: str | None) -> str:
    """The department whose steward must accept a value of this field; empty: it is written at once.

    `department` is that of the form; None: staff correct the subject on its own page, being the first who see it.
    A field may say otherwise by `writeBack`: `propose` always asks its steward, `direct` never.
    """
    steward, how = str(field.get("steward", "")), field.get("writeBack", "")
    if how == "direct" or (department is None and how != "propose"):
        return ""
    return steward if how == "propose" or steward != department else ""


def propose(
    session: Session,
    register: Register,
    step: Step,
    *,
    department: str,
    known: Mapping[str, Any],
    unit_id: int,
    origin: Origin,
) -> Proposal:
    """Keep what `step` says until the steward of `department` decides; `known` is what it would replace.

    Raises `EntryError` for an unknown field or a value that is none of its own.
    """
    if step.kind == "clear":
        register.require_known(step.values)
    else:
        register.require_valid(step.values)
    made = Proposal(
        subject_id=step.subject_id,
        register=register.name,
        unit_id=unit_id,
        department=department,
        kind=step.kind,
        values=dict.fromkeys(step.values) if step.kind == "clear" else dict(step.values),
        known={name: known[name] for name in step.values if name in known},
        effective=step.effective,
        based_on=step.based_on,
        entry_id=origin.entry_id,
        form=origin.form,
        cell=origin.cell,
        reason=step.reason,
        proposed_by=step.actor,
        proposed_at=clock.now(),
        state=OPEN,
        answer="",
    )
    session.add(made)
    session.flush()
    return made


def get(session: Session, proposal_id: int) -> Proposal:
    """The proposal; raises `NotFound`."""
    found = session.get(Proposal, proposal_id)
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found


def of_subjects(session: Session, subject_ids: Iterable[str]) -> Sequence[Proposal]:
    """The open proposals about these subjects, oldest first."""
    ids = sorted(set(subject_ids))
    query = select(Proposal).where(Proposal.subject_id.in_(ids), Proposal.state == OPEN)
    return session.scalars(query.order_by(Proposal.id)).all()


def waiting(session: Session, among: Collection[str] | None = None) -> frozenset[tuple[str, str]]:
    """The facts, by subject and field, of which somebody says otherwise than is known, and nobody has decided yet.

    Of all subjects, or of those `among`.
    The ledger itself holds no such thing: two words that clash are never both written (`overlap`), the later one waits.
    """
    query = select(Proposal.subject_id, Proposal.values).where(Proposal.state == OPEN)
    if among is not None:
        query = query.where(Proposal.subject_id.in_(among))
    found = session.execute(query)
    return frozenset((row.subject_id, name) for row in found for name in row.values)


def of_entry(session: Session, entry_id: str) -> Sequence[Proposal]:
    """All that was proposed by an entry, oldest first."""
    query = select(Proposal).where(Proposal.entry_id == entry_id)
    return session.scalars(query.order_by(Proposal.id)).all()


def now_known(session: Session, proposal: Proposal) -> dict[str, Any]:
    """What is known today of the fields that the proposal is about."""
    document = current(session, proposal.subject_id).document
    return {name: document[name] for name in proposal.values if name in document}


def counts_today(session: Session, held: Proposal) -> bool:
    """Whether today's document says what was proposed: not where something else is said for a later day."""
    known = session.scalar(select(Subject.document).where(Subject.id == held.subject_id)) or {}
    return all(same(known.get(name), value) for name, value in held.values.items())


def has_moved_on(proposal: Proposal, now: Mapping[str, Any]) -> bool:
    """Whether something else is known of the fields than when this was proposed."""
    return not same(dict(proposal.known), dict(now))


def accept(
    session: Session,
    register: Register,
    proposal_id: int,
    actor: int | None,
    *,
    seen: Mapping[str, Any],
    answer: str = "",
) -> Proposal:
    """Make it a change. `seen` is what the steward was shown as known: `Conflict` where that is no longer so."""
    held = _open(session, proposal_id)
    if not same(dict(seen), now_known(session, held)):
        raise Conflict(_("The fact has changed since this page was shown. Look at it again."))
    step = Step(
        subject_id=held.subject_id,
        values=held.values,
        effective=held.effective,
        kind=held.kind,
        change_id=new_id(),
        actor=actor,
        provenance=_provenance(held),
        based_on=_newest(session, held.subject_id),
        reason=held.reason,
    )
    # An entry tells of its own day; the subject's page tells how it has been ever since.
    steps = [step] if held.entry_id else until_now(session, step)
    record_all(session, register, steps)
    _decide(held, ACCEPTED, actor, answer)
    held.change_id = step.change_id
    return held


def until_now(session: Session, step: Step) -> list[Step]:
    """The step, and the same again for each later day on which something else is said of its fields."""
    timeline = current(session, step.subject_id).timeline
    days = {
        day
        for name, value in step.values.items()
        for day in said_otherwise(timeline, name, step.effective, value)
    }
    later = [replace(step, effective=day, change_id=new_id()) for day in sorted(days)]
    return [step, *later]


def refuse(session: Session, proposal_id: int, actor: int | None, answer: str) -> Proposal:
    """Leave the fact as it is; raises `EntryError` without a reason in `answer`."""
    if not answer.strip():
        raise EntryError(_("Say why this is refused: whoever proposed it will read it."))
    held = _open(session, proposal_id)
    _decide(held, REFUSED, actor, answer)
    return held


def withdraw(session: Session, proposal_id: int, actor: int | None) -> Proposal:
    """Take it back: whoever proposed it says so no longer."""
    held = _open(session, proposal_id)
    _decide(held, WITHDRAWN, actor, "")
    return held


def forget(session: Session, subject_id: str, fields: Collection[str] = ()) -> None:
    """Take the values out of all proposals about a subject that is erased; open ones are withdrawn.

    With `fields` only of those that speak of one of them.
    """
    ids = [
        held.id
        for held in session.execute(
            select(Proposal.id, Proposal.values, Proposal.known).where(
                Proposal.subject_id == subject_id
            )
        )
        if not fields or not (held.values.keys() | held.known.keys()).isdisjoint(fields)
    ]
    theirs = Proposal.id.in_(ids)
    gone = {"state": WITHDRAWN, "decided_at": clock.now()}
    session.execute(update(Proposal).where(theirs, Proposal.state == OPEN).values(**gone))
    blank: dict[Any, Any] = {Proposal.values: {}, Proposal.known: {}, Proposal.reason: ""}
    session.execute(update(Proposal).where(theirs).values(blank | {Proposal.answer: ""}))


def _newest(session: Session, subject_id: str) -> str | None:
    """The steward has seen what is known now, whatever the proposal was based on."""
    query = select(Change.id).where(Change.subject_id == subject_id)
    return session.scalar(query.order_by(Change.seq.desc()).limit(1))


def _open(session: Session, proposal_id: int) -> Proposal:
    query = select(Proposal).where(Proposal.id == proposal_id).with_for_update()
    held = session.scalar(query.execution_options(populate_existing=True))
    if held is None:
        raise NotFound(_("There is no such proposal."))
    if held.state != OPEN:
        raise Conflict(_("This proposal has been decided already."))
    return held


def _decide(held: Proposal, state: str, actor: int | None, answer: str) -> None:
    held.state, held.decided_by, held.decided_at = state, actor, clock.now()
    held.answer = answer.strip()


def _provenance(held: Proposal) -> dict[str, Any]:
    told = {"source": "form", "entry": held.entry_id, "form": held.form, "cell": held.cell}
    base = told if held.entry_id else {"source": "visit"}
    # Accepted, it is the steward's own word, which others' imports give way to.
    return {**base, "proposal": held.id, "by": held.proposed_by, "department": held.department}

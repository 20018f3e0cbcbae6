"""Submitting an entry: hidden cells dropped, checked, frozen as a snapshot, chained to the one before. Not reviewing.

What is digested is the canonical JSON of the snapshot's content (see `content`): which form and version, unit,
period and subject, the data with the choices and provenance, who and when, and the digest of the snapshot before
it of the same form and unit. What names a person is digested by its salted hash (`sealed`), so that an erasure keeps
the chain whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.json import canonical
from runtime.definitions.plan import Plan
from runtime.definitions.verdict import problems as problems_of
from runtime.entry import audit, past, versions
from runtime.entry.hidden import for_submit
from runtime.entry.hold import SUBMITTED, load, locked, require_open
from runtime.entry.life import plan_for, put
from runtime.entry.provenance import By, of_what_is_there, restated
from runtime.entry.sealed import blanked, is_whole, places, seal
from runtime.entry.shape import shape_of
from runtime.entry.totals import with_totals
from runtime.entry.write_back import Registers, write_back
from runtime.errors import Conflict, EntryError, NotFound, Problem
from runtime.language import Texts, ngettext
from runtime.language import gettext as _
from runtime.storage.lock import take
from runtime.storage.tables import Entry, Snapshot, Unit, User

Checks = Callable[[Plan, Any], Iterable[Problem]]
"""What plugins find wrong with an entry's data beyond its schema (`Site.entry_problems`)."""


class NotReady(EntryError):
    """The entry has errors and was not submitted; `problems` says where, warnings among them."""

    def __init__(self, message: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(message)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a person is told, and may print, of a submitted entry."""

    entry_id: str
    title: Texts
    number: str
    """The form's own number, such as DPF-07."""
    version: int
    unit: Texts
    period: str
    submitted_at: datetime
    submitted_by: str
    digest: str
    code: str
    """The digest's first twelve characters in groups, to be read out on the telephone."""


def review(plan: Plan, data: Any, choices: dict[str, str], checks: Checks) -> tuple[Problem, ...]:
    """What is wrong with the entry as it would be submitted, and what plugins say; warnings do not hinder."""
    data = submitted_data(plan, data, choices)
    return (*problems_of(plan, data, choices), *checks(plan, data))


def submitted_data(plan: Plan, data: Any, choices: dict[str, str]) -> Any:
    """The data as it is submitted: without hidden parts that are not to be kept, totals worked out anew."""
    return with_totals(plan, for_submit(plan, data, choices), choices)


def submit(
    session: Session,
    entry: Entry,
    actor: int | None,
    *,
    revision: int | None = None,
    checks: Checks = lambda _plan, _data: (),
    registers: Registers | None = None,
    cleared: Collection[str] = (),
) -> Snapshot:
    """Submit the entry and freeze it; what it says of subjects is written back to their `registers`.

    `cleared` are the emptied cells (by pointer) whose fact is to be cleared too. `revision` is the one that was
    reviewed: `Conflict` where others have saved since. Raises `NotReady` when there are errors, `EntryError` when
    it is submitted already; then nothing is written.
    """
    held = locked(session, entry.id)
    require_open(held)
    if revision is not None and revision != held.revision:
        raise Conflict(_("Somebody has changed this entry since you reviewed it. Review it again."))
    plan = plan_for(session, held)
    found = review(plan, held.data, held.choices, checks)
    if errors := [problem for problem in found if problem.severity == "error"]:
        message = ngettext(
            "%(n)s cell must be corrected first.",
            "%(n)s cells must be corrected first.",
            len(errors),
        )
        raise NotReady(message, tuple(found))
    data = submitted_data(plan, held.data, held.choices)
    moment = clock.now()
    kept = restated(shape_of(plan), held.data, data, held.provenance, By(actor, "", moment))
    kept = of_what_is_there(kept, plan, data, held.choices)
    put(session, held, data, held.choices, kept.provenance, actor)
    told = {}
    if registers is not None:
        written = write_back(session, held, plan, registers, actor, cleared=cleared)
        told = {name: cells for name, cells in asdict(written).items() if cells}
    snapshot = _freeze(session, held, plan, actor, moment)
    held.state, held.digest = SUBMITTED, snapshot.digest
    held.submitted_at, held.submitted_by = moment, actor
    past.forget_before(session, held, held.revision)  # nobody can save into it any more
    audit.log(
        session,
        "entry.submit",
        "entry",
        held.id,
        actor=actor,
        unit_id=held.unit_id,
        details={"revision": held.revision, "digest": snapshot.digest, **told},
    )
    return snapshot


def content(entry: Entry, snapshot: Snapshot) -> dict[str, Any]:
    """What the snapshot's digest is the SHA-256 of, in canonical JSON."""
    sealed = snapshot.sealed or {}
    hashes = {at: digest for at, (_salt, digest) in sealed.items()}
    return {
        **({"sealed": hashes} if hashes else {}),
        "entry": entry.id,
        "form": entry.address,
        "formDigest": snapshot.form_digest,
        "unit": entry.unit_id,
        "period": entry.period,
        "subject": entry.subject_id,
        "revision": snapshot.revision,
        "data": blanked(snapshot.data, hashes),
        "choices": {at: one for at, one in snapshot.choices.items() if at not in hashes},
        "provenance": {at: one for at, one in snapshot.provenance.items() if at not in hashes},
        "at": snapshot.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "by": snapshot.by,
        "previous": snapshot.previous,
    }


def digest_of(entry: Entry, snapshot: Snapshot) -> str:
    """The digest that the snapshot must have."""
    return hashlib.sha256(canonical(content(entry, snapshot))).hexdigest()


def broken_links(session: Session, address: str, unit_id: int) -> Iterator[Snapshot]:
    """The snapshots of a form and unit whose digest is wrong, or that do not follow the one before."""
    before = ""
    for snapshot in session.scalars(_chain(address, unit_id).order_by(Snapshot.id)):
        entry = load(session, snapshot.entry_id)
        held = (snapshot.data, snapshot.choices, snapshot.provenance)
        whole = snapshot.digest == digest_of(entry, snapshot) and is_whole(
            snapshot.sealed or {}, *held
        )
        if snapshot.previous != before or not whole:
            yield snapshot
        before = snapshot.digest


def snapshot_of(session: Session, entry: Entry) -> Snapshot:
    """The entry as it was last submitted; raises `NotFound`."""
    query = select(Snapshot).where(Snapshot.entry_id == entry.id).order_by(Snapshot.id.desc())
    snapshot = session.scalar(query.limit(1))
    if snapshot is None:
        raise NotFound(_("This entry has not been submitted."))
    return snapshot


def receipt(session: Session, entry: Entry) -> Receipt:
    """The receipt of the last submission; raises `NotFound`."""
    snapshot = snapshot_of(session, entry)
    version = versions.get(session, entry.form_version_id)
    unit = session.get(Unit, entry.unit_id)
    user = session.get(User, snapshot.by) if snapshot.by is not None else None
    start = snapshot.digest[:12].upper()
    return Receipt(
        entry_id=entry.id,
        title=version.title,
        number=versions.plan_of(version).form.number,
        version=version.number,
        unit=unit.title if unit else {},
        period=entry.period,
        submitted_at=snapshot.at,
        submitted_by=user.full_name if user else "",
        digest=snapshot.digest,
        code="-".join(start[n : n + 4] for n in (0, 4, 8)),
    )


def _freeze(
    session: Session, entry: Entry, plan: Plan, actor: int | None, moment: datetime
) -> Snapshot:
    """The snapshot, chained to the last one of the same form and unit, of which there is one at a time."""
    take(session, f"snapshots {entry.unit_id} {entry.address}")
    chain = _chain(entry.address, entry.unit_id).order_by(Snapshot.id.desc()).limit(1)
    before = session.scalar(chain)
    snapshot = Snapshot(
        entry_id=entry.id,
        revision=entry.revision,
        form_digest=plan.digest,
        data=entry.data,
        choices=entry.choices,
        provenance=entry.provenance,
        previous=before.digest if before else "",
        at=moment,
        by=actor,
    )
    held = (entry.data, entry.choices, entry.provenance)
    snapshot.sealed = seal(places(entry.subject_id, *held), *held)
    snapshot.digest = digest_of(entry, snapshot)
    session.add(snapshot)
    session.flush()
    return snapshot


def _chain(address: str, unit_id: int) -> Any:
    entries = select(Entry.id).where(Entry.address == address, Entry.unit_id == unit_id)
    return select(Snapshot).where(Snapshot.entry_id.in_(entries))

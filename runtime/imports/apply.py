"""Recording what a dry run prepared: staged where nobody sees it, seen by everybody from one moment on, then settled.

Killed before that moment, nothing is recorded, and called again it begins anew; killed after it, all is recorded, and
called again it settles the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from sqlalchemy import update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.entry import audit
from runtime.errors import Conflict, EntryError
from runtime.facts.staged.discard import discard
from runtime.facts.staged.prepared import Staging, prepared
from runtime.facts.staged.settle import settle
from runtime.facts.staged.stage import write_in_steps, write_rest
from runtime.facts.staged.switch import RulesChanged, begin, switch
from runtime.imports import batches, kept, states
from runtime.imports.course import WANTED, Course, course_of, trusted
from runtime.imports.desk import Desk, OnProgress, no_progress
from runtime.language import gettext as _
from runtime.storage import lock
from runtime.storage.engine import reading, writing
from runtime.storage.import_tables import Import
from runtime.storage.pace import Pace

TRIES = 5
"""How often it is staged anew because the rules of figures were changed meanwhile."""


def apply(
    desk: Desk,
    import_id: str,
    *,
    actor: int | None,
    allowed: frozenset[int] | None,
    on_progress: OnProgress = no_progress,
) -> dict[str, int]:
    """Record what the dry run prepared, all of it or nothing; the counts of what was recorded.

    `allowed` are the units in which whoever asks may import now (None: all); rows of others are left out.
    Called again, it begins anew, goes on settling, or does nothing. What `on_progress` raises stops it and leaves
    nothing, as long as nobody sees it yet. Raises `Conflict` for an import that is not checked, or whose file was
    imported meanwhile.
    """
    found = _found(desk, import_id)
    if found.state not in ("settling", "applied"):
        _record(desk, found, actor, allowed, on_progress)
    return finish(desk, import_id)


def finish(desk: Desk, import_id: str) -> dict[str, int]:
    """Settle what everybody sees, whoever has begun to, and keep of the import what may be kept; its counts."""
    if _found(desk, import_id).state == "settling":
        settle(desk.engine)
        states.to_state(desk.engine, import_id, "applied", "settling", "applied")
    found = _found(desk, import_id)
    if found.state != "applied":  # its rows are still wanted
        return dict(found.counts)
    kept.drop_rows(desk.engine, import_id, "add", "change", "confirm", "same")
    if not found.counts.get("error") and not found.counts.get("conflict"):
        kept.drop_rows(desk.engine, import_id)
        kept.drop_file(desk.engine, import_id)
    return dict(found.counts)


def _found(desk: Desk, import_id: str) -> Import:
    with reading(desk.engine) as session:
        found = batches.load(session, import_id)
        if found.state not in ("checked", "applying", "settling", "applied"):
            raise Conflict(_("The import must be checked before it is applied."))
        return found


def _record(
    desk: Desk,
    found: Import,
    actor: int | None,
    allowed: frozenset[int] | None,
    on_progress: OnProgress,
) -> None:
    every = sum(int(found.counts.get(kind, 0)) for kind in WANTED)
    if not every:
        raise EntryError(_("Nothing of this file can be recorded."))
    on_progress(0, every)
    begun = _claim(desk, found, actor)
    mine = partial(states.require_mine, import_id=found.id, state="applying", begun=begun)
    try:
        for _n in range(TRIES):
            discard(desk.engine, found.id, mine)
            try:
                course = partial(course_of, desk, found.id, actor, allowed)
                _stage_and_switch(desk, found.id, mine, course, every, on_progress)
                return
            except RulesChanged:
                continue
        raise Conflict(_("The rules of figures are being changed; try again in a moment."))
    except BaseException:
        # where somebody else is at it, or all is seen already, nothing is taken back
        with suppress(Conflict):
            discard(desk.engine, found.id, mine)
            states.to_state(desk.engine, found.id, "checked", "applying", guard=mine)
        raise


def _claim(desk: Desk, found: Import, actor: int | None) -> int:
    """Take the import in hand, unless somebody else has it or the same file; how often that was done by now."""
    with writing(desk.engine) as session:
        lock.take(session, f"import {found.register} {found.department} {found.digest}")
        batches.require_new(
            session, found.register, found.department, found.digest, beside=found.id
        )
        begun = session.execute(
            update(Import)
            .where(Import.id == found.id, Import.state == found.state, Import.done == found.done)
            .values(
                state="applying",
                applied_by=actor if actor is not None else found.applied_by,
                applied_at=clock.now(),
                done=found.done + 1,
            )
            .returning(Import.done)
        ).scalar()
    if begun is None:
        raise Conflict(_("The import has been taken further meanwhile; look at it again."))
    return begun


def _stage_and_switch(
    desk: Desk,
    import_id: str,
    mine: Callable[[Session], None],
    course_now: Callable[[], Course],
    every: int,
    on_progress: OnProgress,
) -> None:
    with reading(desk.engine) as session:
        register = batches.load(session, import_id).register
    staging = begin(desk.engine, trusted(desk, register), import_id, mine)
    course = course_now()
    pace = Pace(desk.engine)
    last = done = 0
    while rows := _stage(course, staging, pace, last):
        last, done = rows[-1], done + len(rows)
        on_progress(done, every)
    if done != every:
        with writing(desk.engine) as session:
            mine(session)
        raise Conflict(
            _("The rows that were checked are no longer all kept; check the file again.")
        )
    write_rest(staging, pace)
    switch(staging, course, partial(_note, course))


def _stage(course: Course, staging: Staging, pace: Pace, after: int) -> list[int]:
    """Stage the next rows; their numbers."""
    with reading(staging.engine) as session:
        rows = course.rest(session, after, pace.size)
        made = prepared(session, staging, list(course.steps(session, rows)))
    if rows:
        write_in_steps(staging, pace, made)
    return [row.n for row in rows]


def _note(course: Course, session: Session) -> None:
    """What belongs to the moment in which everybody sees it."""
    found = course.found
    counts = Counter({kind: int(n) for kind, n in found.counts.items()})
    counts["meanwhile"] += len(course.meanwhile)
    counts["facts"] = sum(course.facts)
    session.execute(
        update(Import)
        .where(Import.id == found.id)
        .values(state="settling", applied_at=clock.now(), counts=dict(counts))
    )
    kinds = {kind: counts[kind] for kind in kept.KINDS}
    audit.log(
        session,
        "register.import",
        "import",
        found.id,
        actor=course.actor,
        unit_id=found.unit_id,
        details={"register": found.register, "department": found.department, **kinds},
    )

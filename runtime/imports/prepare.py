"""The dry run: every row of a file weighed against what is known, and kept as prepared steps. Records no fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime.definitions.load import Library
from runtime.entry import audit
from runtime.errors import Conflict
from runtime.facts.registers import register_of
from runtime.facts.staged.switch import newest_change
from runtime.imports import batches, kept, states
from runtime.imports.desk import Desk, OnProgress, no_progress
from runtime.imports.fields import fields_of
from runtime.imports.gathered import Gathered
from runtime.imports.held import SaidBy, held_subjects, sender_of
from runtime.imports.identity import SEVERAL, known_subjects
from runtime.imports.places import ADDRESS, Places, units_by_address
from runtime.imports.read import open_file
from runtime.imports.rows import RowReader, Told
from runtime.imports.weigh import Work, elsewhere, weigh
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import

CHUNK = 500
"""Rows that are weighed and kept at once."""


def dry_run(
    desk: Desk,
    import_id: str,
    *,
    allowed: frozenset[int] | None,
    on_progress: OnProgress = no_progress,
) -> dict[str, int]:
    """Weigh every row and keep what it would do; the counts by kind. Records nothing, and may be repeated.

    `allowed` are the units in which whoever asks may import (None: all). What `on_progress` raises leaves nothing.
    Raises `EntryError` for a file that cannot be read, `Conflict` where the import has been taken further; whoever
    began to check it later goes on.
    """
    begun = states.take(desk.engine, import_id, "checking", *states.OPEN, counts={})
    mine = partial(states.require_mine, import_id=import_id, state="checking", begun=begun)
    to_state = partial(states.to_state, desk.engine, import_id, guard=mine)
    try:
        kept.drop_rows(desk.engine, import_id, guard=mine)
        counts, seq = _weighed(desk, import_id, allowed, on_progress, mine)
        to_state("checked", "checking", counts=counts, seen_seq=seq)
    except BaseException:
        # where somebody else has begun anew, the rows are that one's
        with suppress(Conflict):
            kept.drop_rows(desk.engine, import_id, guard=mine)
            to_state("uploaded", "checking")
        raise
    return counts


def _weighed(
    desk: Desk,
    import_id: str,
    allowed: frozenset[int] | None,
    on_progress: OnProgress,
    mine: Callable[[Session], None],
) -> tuple[dict[str, int], int]:
    content = kept.content_of(desk.engine, import_id)
    seq = newest_change(desk.engine)
    with reading(desk.engine) as session:
        found = batches.load(session, import_id)
        places = Places(session, found.as_of)
    fields = fields_of(desk.library, desk.field_types, found.register)
    register = register_of(desk.library, found.register)
    opened = open_file(found.file_name, content, fields)
    columns = [str(column["field"]) for column in found.columns]
    rows = Gathered(fields, RowReader(fields, columns, register, places).rows(opened.table))
    sender = sender_of(found, fields)
    with reading(desk.engine) as session:
        known = known_subjects(session, found.register, fields.identity, rows.keys)
        work = Work(found, fields, register, sender, places, known, {}, allowed)
        rows.join(_within(session, work, rows.meet(known)))
        addresses = rows.addresses()
        registers = _with_address(desk.library) if addresses else ()
        work.by_address = units_by_address(session, registers, addresses, allowed)
    counts: Counter[str] = Counter(dict.fromkeys(kept.KINDS, 0))
    counts["rows"], counts["left_out"] = len(rows), len(opened.table.left_out)
    done, rest = 0, rows.of_subjects()
    while part := list(islice(rest, CHUNK)):
        on_progress(done, len(rows))
        made, met = _chunk(desk.engine, work, part)
        counts.update(row["kind"] for row in made)
        kept.keep_rows(desk.engine, import_id, made, partial(_note_met, found, met, mine))
        done += len(part)
    return dict(counts), seq


def _within(session: Session, work: Work, ids: Collection[str]) -> set[str]:
    """Those of the subjects that are not elsewhere: of such a one no row may tell that another row is about it too."""
    rest = iter(ids)
    found: set[str] = set()
    while part := set(islice(rest, CHUNK)):
        held = held_subjects(session, part)
        found |= {one for one, now in held.items() if not elsewhere(work, now)}
    return found


def _with_address(library: Library) -> list[str]:
    names = (
        address.rpartition("/")[2].removesuffix(".json")
        for address in library.addresses("register")
    )
    return [name for name in names if ADDRESS in library.register(name).get("properties", {})]


def _note_met(
    found: Import, met: Mapping[str, int | None], mine: Callable[[Session], None], session: Session
) -> None:
    """Note whom whoever imports came upon elsewhere: a row of such a one tells that the register has it."""
    mine(session)
    for subject_id, unit_id in met.items():
        audit.log(
            session,
            "subject.met",
            "subject",
            subject_id,
            actor=found.created_by,
            unit_id=unit_id,
            details={"import": found.id},
        )


def _chunk(
    engine: Engine, work: Work, rows: Sequence[tuple[Told, str | None]]
) -> tuple[list[dict[str, Any]], dict[str, int | None]]:
    """The rows as they are kept; the subjects elsewhere of which some of them told, and where those are."""
    several = {told.n: work.known.fitting(told.values) for told, one in rows if one == SEVERAL}
    ids = {one for _told, one in rows if one and one != SEVERAL}.union(*several.values())
    with reading(engine) as session:
        held = held_subjects(session, ids)
        said_by = SaidBy(session, held)
        met = {
            one: held[one].unit_id
            for told, subject in rows
            if not told.problems
            for one in several.get(told.n, [subject])
            if one in held and elsewhere(work, held[one])
        }
        return [weigh(work, told, one, held, said_by) for told, one in rows], met

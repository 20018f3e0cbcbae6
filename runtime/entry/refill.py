"""Filling an entry anew from what is known now; what was typed stays. Not for the first filling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from runtime.definitions.plan import Plan
from runtime.definitions.values import value_at, with_value
from runtime.entry import audit
from runtime.entry.defaults import offered
from runtime.entry.hold import locked, require_open
from runtime.entry.life import plan_for, put
from runtime.entry.provenance import is_filled
from runtime.entry.totals import with_totals
from runtime.errors import Conflict, NotFound
from runtime.fields.base import MISSING
from runtime.fill.filling import Filled, fill
from runtime.fill.provenance import Provenance
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.storage.tables import Entry


@dataclass(frozen=True, slots=True)
class Refilled:
    """An entry's next state in full, and the revision that it was made from."""

    revision: int
    data: Any
    choices: dict[str, str]
    provenance: dict[str, Provenance]


def refill(
    session: Session,
    entry: Entry,
    actor: int | None,
    *,
    at: str = "",
    prepared: Refilled | None = None,
) -> Entry:
    """Fill all cells of an open entry anew, or put the filled value back into the one at the pointer `at`.

    `prepared` was made before the writing began: `Conflict` where others have saved since.
    """
    held = locked(session, entry.id)
    require_open(held)
    found = prepared or prepare(session, held, at=at)
    if found.revision != held.revision:
        raise Conflict(_("Somebody has changed this entry meanwhile. Try again."))
    put(session, held, found.data, found.choices, found.provenance, actor)
    details = {"revision": held.revision, **({"cells": [at]} if at else {})}
    audit.log(
        session,
        "entry.refill",
        "entry",
        held.id,
        actor=actor,
        unit_id=held.unit_id,
        details=details,
    )
    return held


def prepare(session: Session, entry: Entry, *, at: str = "") -> Refilled:
    """What `refill` will write; reads only. Raises `NotFound` when the cell at `at` was never filled."""
    plan = plan_for(session, entry)
    if at:
        return _put_back(plan, entry, at)
    left = _typed_only(entry)
    period = Period.parse(entry.period) if entry.period else None
    filled = fill(
        session,
        plan,
        entry.unit_id,
        period,
        entry.subject_id,
        data=left.data,
        choices=entry.choices,
        compute=with_totals,
        offer=lambda plan, data, choices: _proposed(plan, data, choices, left.lists),
    )
    return _with_rows(plan, entry, left, filled)


def _proposed(plan: Plan, data: Any, choices: Mapping[str, str], lists: Iterable[str]) -> Any:
    """The rows of filled lists are new ones, and begin with their defaults as those of a new entry do."""
    for pointer in lists:
        data = offered(plan, data, choices, pointer)
    return data


@dataclass(frozen=True, slots=True)
class _Left:
    """The data without what was filled; the lists that were filled are out of it altogether."""

    data: Any
    provenance: dict[str, Provenance]
    lists: tuple[str, ...]


def _put_back(plan: Plan, entry: Entry, at: str) -> Refilled:
    told = entry.provenance.get(at, {})
    if told.get("kind") != "overridden":
        raise NotFound(_("This cell has no filled value to put back."))
    data = with_value(entry.data, at, told.get("value", MISSING))
    provenance = {**entry.provenance, at: told["was"]}
    return Refilled(
        entry.revision, with_totals(plan, data, entry.choices), entry.choices, provenance
    )


def _typed_only(entry: Entry) -> _Left:
    data = entry.data
    lists = tuple(p for p in entry.provenance if isinstance(value_at(data, p), list))
    lists = tuple(p for p in lists if is_filled(entry.provenance[p]) and _is_outermost(p, lists))
    for pointer in lists:
        data = with_value(data, pointer, MISSING)
    kept = {}
    for pointer, told in entry.provenance.items():
        if any(_within(pointer, one) for one in lists):
            continue
        if is_filled(told):
            data = with_value(data, pointer, MISSING)
        else:
            kept[pointer] = told
    return _Left(data, kept, lists)


def _with_rows(plan: Plan, entry: Entry, left: _Left, filled: Filled) -> Refilled:
    """The filled data with what was typed into filled rows, each in the row of its subject."""
    data, provenance = filled.data, {**filled.provenance, **left.provenance}
    for pointer in left.provenance:  # a filled cell that somebody emptied stays empty
        if value_at(left.data, pointer) is MISSING:
            data = with_value(data, pointer, MISSING)
    for pointer in left.lists:
        rows = value_at(data, pointer)
        rows = list(rows) if isinstance(rows, list) else []
        places = {_subject(filled.provenance, f"{pointer}/{n}"): n for n, _row in enumerate(rows)}
        for n, row in enumerate(value_at(entry.data, pointer)):
            old = f"{pointer}/{n}"
            subject = _subject(entry.provenance, old)
            typed = {
                p: t for p, t in entry.provenance.items() if _within(p, old) and not is_filled(t)
            }
            if subject and not typed:
                continue
            if not subject or subject not in places:
                rows.append(row)
                new, moved = f"{pointer}/{len(rows) - 1}", _all_of(entry.provenance, old)
            else:
                new, moved = f"{pointer}/{places[subject]}", typed
                rows[places[subject]] = _typed_over(rows[places[subject]], row, old, typed)
            provenance |= {new + p.removeprefix(old): told for p, told in moved.items()}
        data = with_value(data, pointer, rows)
    return Refilled(
        entry.revision, with_totals(plan, data, filled.choices), filled.choices, provenance
    )


def _typed_over(row: Any, old_row: Any, old: str, typed: Iterable[str]) -> Any:
    for pointer in typed:
        inner = pointer.removeprefix(old)
        row = with_value(row, inner, value_at(old_row, inner))
    return row


def _all_of(provenance: Mapping[str, Provenance], row: str) -> dict[str, Provenance]:
    return {pointer: told for pointer, told in provenance.items() if _within(pointer, row)}


def _subject(provenance: Mapping[str, Provenance], row: str) -> str:
    """Whose row it is, as one of its filled cells tells; empty for one that a person added."""
    for pointer, told in provenance.items():
        if _within(pointer, row):
            was = told.get("was", {})
            subject = (
                told.get("subject") or was.get("subject") or told.get("unit") or was.get("unit")
            )
            if subject:
                return str(subject)
    return ""


def _within(pointer: str, above: str) -> bool:
    return pointer.startswith(above + "/") or pointer == above


def _is_outermost(pointer: str, lists: Iterable[str]) -> bool:
    return not any(pointer.startswith(one + "/") for one in lists)

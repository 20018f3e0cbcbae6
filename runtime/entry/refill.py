"""Filling an entry anew from what is known now; what was typed stays. Not for the first filling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from runtime import clock
from runtime.definitions.plan import Plan
from runtime.definitions.values import value_at, with_value
from runtime.entry import audit
from runtime.entry.defaults import offered
from runtime.entry.hold import locked, require_open
from runtime.entry.life import plan_for, put
from runtime.entry.provenance import is_filled
from runtime.entry.totals import with_totals
from runtime.errors import Conflict, EntryError, NotFound
from runtime.fields.base import MISSING
from runtime.fill.filling import Filled, days, fill
from runtime.fill.known import is_here
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
    read_at: datetime | None = None,
) -> Entry:
    """Fill all cells of an open entry anew, or only the filled cell (or list of filled rows) at the pointer `at`.

    `prepared` was made before the writing began, from `read_at` on: `Conflict` where others have saved since.
    """
    read_at = read_at or clock.now()
    held = locked(session, entry.id)
    require_open(held)
    found = prepared or prepare(session, held, at=at)
    if found.revision != held.revision:
        raise Conflict(_("Somebody has changed this entry meanwhile. Try again."))
    put(session, held, found.data, found.choices, found.provenance, actor)
    details = {"revision": held.revision, "read": read_at.isoformat()}
    if at:
        details["cells"] = [at]
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


def prepare(session: Session, entry: Entry, *, at: str = "", ask_sources: bool = True) -> Refilled:
    """What `refill` will write; reads only.

    An overridden cell at `at` gets back what had been filled, another what is known of it now. Raises `NotFound`
    when it was never filled and nothing is known of it, `EntryError` where it tells of a subject elsewhere.
    """
    plan = plan_for(session, entry)
    if at and entry.provenance.get(at, {}).get("kind") == "overridden":
        return _put_back(plan, entry, at)
    if entry.provenance.get(at, {}).get("kind") == "subject" and is_elsewhere(session, entry):
        raise EntryError(
            _("This subject belongs elsewhere now: what was filled of it stays as it was.")
        )
    asked = ask_sources and (not at or entry.provenance.get(at, {}).get("kind") == "source")
    fresh = _filled_anew(session, plan, entry, ask_sources=asked)
    return _with_one(plan, entry, fresh, at) if at else fresh


def _filled_anew(session: Session, plan: Plan, entry: Entry, *, ask_sources: bool) -> Refilled:
    elsewhere = is_elsewhere(session, entry)
    ask_sources = ask_sources and not elsewhere
    left = _typed_only(entry, keep_supplied=not ask_sources, keep_facts=elsewhere)
    period = Period.parse(entry.period) if entry.period else None
    filled = fill(
        session,
        plan,
        entry.unit_id,
        period,
        entry.subject_id,
        data=left.data,
        choices=entry.choices,
        ask_sources=ask_sources,
        compute=with_totals,
        offer=lambda plan, data, choices: _proposed(plan, data, choices, left.lists),
    )
    return _still_supplied(plan, entry, _with_rows(plan, entry, left, filled))


def is_elsewhere(session: Session, entry: Entry) -> bool:
    """Whether the entry is about a subject that no longer belongs to its unit: what was filled of it stays then."""
    if not entry.subject_id:
        return False
    _first, last = days(Period.parse(entry.period) if entry.period else None)
    return not is_here(session, entry.subject_id, entry.unit_id, last)


def _still_supplied(plan: Plan, entry: Entry, fresh: Refilled) -> Refilled:
    """What a source supplied before stays where it does not answer now."""
    data, provenance = fresh.data, dict(fresh.provenance)
    for pointer, told in fresh.provenance.items():
        was = entry.provenance.get(pointer, {})
        if told.get("failed") and is_filled(was) and was["kind"] == "source":
            data = with_value(data, pointer, value_at(entry.data, pointer))
            provenance[pointer] = was
    if data is fresh.data:
        return fresh
    data = with_totals(plan, data, fresh.choices)
    return Refilled(fresh.revision, data, fresh.choices, provenance)


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
    told = entry.provenance[at]
    data = with_value(entry.data, at, told.get("value", MISSING))
    provenance = {**entry.provenance, at: told["was"]}
    return Refilled(
        entry.revision, with_totals(plan, data, entry.choices), entry.choices, provenance
    )


def _with_one(plan: Plan, entry: Entry, fresh: Refilled, at: str) -> Refilled:
    """The entry with nothing but the cell, or list, at `at` as it is in `fresh`."""
    lists = filled_lists(entry)
    there = at if at in lists else Moved(lists, entry.provenance, fresh.provenance).place(at)
    told = fresh.provenance.get(there) if there is not None else None
    if not is_filled(told) and not is_filled(entry.provenance.get(at)):
        raise NotFound(_("This cell has no filled value to put back."))
    value = value_at(fresh.data, there) if there is not None else MISSING
    provenance = {p: t for p, t in entry.provenance.items() if not _within(p, at)}
    for pointer, told_of in fresh.provenance.items():
        if there is not None and _within(pointer, there):
            provenance[at + pointer.removeprefix(there)] = told_of
    data = with_totals(plan, with_value(entry.data, at, value), entry.choices)
    return Refilled(entry.revision, data, entry.choices, provenance)


class Moved:
    """Where a cell of a filled row stands in another filling of the entry: in the row of the same subject."""

    def __init__(
        self,
        lists: Iterable[str],
        provenance: Mapping[str, Provenance],
        other: Mapping[str, Provenance],
    ) -> None:
        self._rows: dict[str, dict[str, str | None]] = {}
        for pointer in lists:
            places = {subject: row for row, subject in subjects(other, pointer).items()}
            there = subjects(provenance, pointer)
            self._rows[pointer] = {row: places.get(subject) for row, subject in there.items()}

    def place(self, pointer: str) -> str | None:
        """The cell's pointer there; None when the subject of its row is not there."""
        for rows_of, rows in self._rows.items():
            if pointer.startswith(rows_of + "/"):
                row = _row(pointer, rows_of)
                moved = rows.get(row)
                return None if moved is None else moved + pointer[len(row) :]
        return pointer


def subjects(provenance: Mapping[str, Provenance], rows: str) -> dict[str, str]:
    """Of the rows of a filled list that are about somebody, the subject: pointer of the row -> its id."""
    found: dict[str, str] = {}
    for pointer, told in provenance.items():
        if pointer.startswith(rows + "/"):
            subject = told.get("subject") or told.get("was", {}).get("subject")
            if subject:
                found[_row(pointer, rows)] = str(subject)
    return found


def _row(pointer: str, rows: str) -> str:
    index = pointer[len(rows) + 1 :].partition("/")[0]
    return f"{rows}/{index}"


def filled_lists(entry: Entry) -> tuple[str, ...]:
    """The pointers of the lists of rows that were filled, those within their rows left aside."""
    lists = tuple(p for p in entry.provenance if isinstance(value_at(entry.data, p), list))
    return tuple(p for p in lists if is_filled(entry.provenance[p]) and _is_outermost(p, lists))


def _typed_only(entry: Entry, *, keep_supplied: bool, keep_facts: bool) -> _Left:
    kinds = {"source": keep_supplied, "subject": keep_facts}
    data, lists = entry.data, filled_lists(entry)
    for pointer in lists:
        data = with_value(data, pointer, MISSING)
    kept = {}
    for pointer, told in entry.provenance.items():
        if any(_within(pointer, one) for one in lists):
            continue
        if told.get("failed"):
            continue
        if is_filled(told) and not kinds.get(told["kind"], False):
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
    """Whose row it is, as its filled cells tell: the subject's, else the unit's; empty for one that a person added.

    A person's row may hold a cell of the report's unit too, which is the same in all of them.
    """
    told = [one for pointer, one in provenance.items() if _within(pointer, row)]
    told += [one["was"] for one in told if "was" in one]
    named = (one.get(key) for key in ("subject", "unit") for one in told)
    return str(next(filter(None, named), ""))


def _within(pointer: str, above: str) -> bool:
    return pointer.startswith(above + "/") or pointer == above


def _is_outermost(pointer: str, lists: Iterable[str]) -> bool:
    return not any(pointer.startswith(one + "/") for one in lists)

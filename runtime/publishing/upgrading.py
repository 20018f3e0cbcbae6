"""An open entry brought to the newest version of its form: what would differ, and doing it. Nothing is lost silently.

Values stay at their places. What has none any more, or does not fit, is kept as it is until somebody takes it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import Cell, Locked, Plan
from runtime.definitions.values import MISSING, value_at, with_value
from runtime.definitions.verdict import problems
from runtime.entry import audit, life, versions
from runtime.entry.hold import OPEN, locked, require_open
from runtime.entry.totals import with_totals
from runtime.errors import Conflict, EntryError
from runtime.language import Texts
from runtime.language import gettext as _
from runtime.periods import Period
from runtime.publishing.differing import Versions, between, cells_of, shown
from runtime.storage.tables import AuditEvent, Entry, FormVersion

ACTION = "entry.upgrade"


@dataclass(frozen=True, slots=True)
class Left:
    """A value that has no place in the version, or does not fit there."""

    pointer: str
    title: Texts
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What bringing an entry to `version` means: how the versions differ, and the values that would be left over."""

    version: FormVersion
    differing: Versions
    left: tuple[Left, ...]


def offered(session: Session, entry: Entry) -> FormVersion | None:
    """The version that the entry may be brought to; None where it is submitted or of the newest already."""
    if entry.state not in OPEN:
        return None
    query = select(FormVersion).where(
        FormVersion.address == entry.address, FormVersion.retired_at.is_(None)
    )
    query = query.order_by(FormVersion.number.desc()).limit(1)
    newest = session.scalar(query.options(defer(FormVersion.plan), defer(FormVersion.source)))
    if newest is None or newest.id == entry.form_version_id:
        return None
    return newest if newest.number > versions.get(session, entry.form_version_id).number else None


def offer_of(session: Session, entry: Entry) -> Offer | None:
    """What the newer version means for this entry; None where there is none."""
    version = offered(session, entry)
    if version is None:
        return None
    old, new = life.plan_for(session, entry), versions.plan_of(version)
    return Offer(version, between(old, new), tuple(_left(new, entry.data, entry.choices, old)))


def left_over(session: Session, entry: Entry) -> list[Left]:
    """What an upgrade has left in an open entry without a place, to be decided; nothing where there was none."""
    if entry.state not in OPEN or not _was_upgraded(session, entry):
        return []
    plan = life.plan_for(session, entry)
    before = [e.details.get("from") for e in _upgrades(session, entry)]
    old = next((versions.plan_of(versions.get(session, int(n))) for n in before if n), None)
    return list(_left(plan, entry.data, entry.choices, old))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What was read for an upgrade before the writing begins: the filled values of cells that are new."""

    version_id: int
    revision: int
    filled: Mapping[str, tuple[Any, Any]]
    """Pointer -> value and provenance."""


def prepare(session: Session, entry: Entry) -> Prepared:
    """Read what the upgrade fills; raises `EntryError` where there is nothing to bring the entry to."""
    version = offered(session, entry)
    if version is None:
        raise EntryError(_("This entry is of the newest version of its form already."))
    old, new = life.plan_for(session, entry), versions.plan_of(version)
    period = Period.parse(entry.period) if entry.period else None
    filled = life.prefilled(session, new, entry.unit_id, period, entry.subject_id)
    fresh = [pointer for pointer in cells_of(new) if pointer not in cells_of(old)]
    found = {
        pointer: (value, filled.provenance.get(pointer))
        for pointer in fresh
        if (value := value_at(filled.data, pointer)) is not MISSING
    }
    return Prepared(version.id, entry.revision, found)


def upgrade(
    session: Session,
    entry_id: str,
    prepared: Prepared,
    revision: int,
    take_out: Collection[str],
    actor: int | None,
) -> Entry:
    """Bring the entry to the version that was prepared, without the values at the pointers of `take_out`.

    Raises `Conflict` where the entry or the form has changed since the page at `revision` was shown.
    """
    entry = locked(session, entry_id)
    require_open(entry)
    newest = offered(session, entry)
    if not entry.revision == revision == prepared.revision:
        raise Conflict(
            _("Somebody has changed this entry meanwhile. Look at the difference again.")
        )
    if newest is None or newest.id != prepared.version_id:
        raise Conflict(
            _("There is another version of the form meanwhile. Look at the difference again.")
        )
    old_id, old = entry.form_version_id, life.plan_for(session, entry)
    new = versions.plan_of(newest)
    known = {one.pointer for one in _left(new, entry.data, entry.choices, old)}
    gone = [pointer for pointer in take_out if pointer in known]
    data, provenance = _without(entry.data, gone), dict(entry.provenance)
    for pointer in gone:
        provenance.pop(pointer, None)
    for pointer, (value, told) in prepared.filled.items():
        if value_at(data, pointer) is MISSING:
            data = _put(data, pointer, value)
            if told is not None:
                provenance[pointer] = told
    data = with_totals(new, data, entry.choices)
    entry.form_version_id = newest.id
    life.put(session, entry, data, dict(entry.choices), provenance, actor)
    details = {"from": old_id, "to": newest.id, "revision": entry.revision, "takenOut": gone}
    _log(session, entry, details, actor)
    return entry


def take_out(
    session: Session, entry_id: str, revision: int, pointers: Collection[str], actor: int | None
) -> Entry:
    """Take values out that an upgrade has left over; raises `Conflict` as `upgrade` does."""
    entry = locked(session, entry_id)
    require_open(entry)
    if entry.revision != revision:
        raise Conflict(
            _("Somebody has changed this entry meanwhile. Look at the difference again.")
        )
    known = {one.pointer for one in left_over(session, entry)}
    gone = [pointer for pointer in pointers if pointer in known]
    if not gone:
        return entry
    plan = life.plan_for(session, entry)
    provenance = {p: told for p, told in entry.provenance.items() if p not in gone}
    data = with_totals(plan, _without(entry.data, gone), entry.choices)
    life.put(session, entry, data, dict(entry.choices), provenance, actor)
    _log(session, entry, {"revision": entry.revision, "takenOut": gone}, actor)
    return entry


def _log(session: Session, entry: Entry, details: dict[str, Any], actor: int | None) -> None:
    audit.log(
        session, ACTION, "entry", entry.id, actor=actor, unit_id=entry.unit_id, details=details
    )


def _upgrades(session: Session, entry: Entry) -> list[AuditEvent]:
    query = select(AuditEvent).where(
        AuditEvent.object_kind == "entry",
        AuditEvent.object_id == entry.id,
        AuditEvent.action == ACTION,
    )
    return list(session.scalars(query.order_by(AuditEvent.id.desc())))


def _was_upgraded(session: Session, entry: Entry) -> bool:
    return bool(_upgrades(session, entry))


def _left(plan: Plan, data: Any, choices: Mapping[str, str], old: Plan | None) -> Iterator[Left]:
    """The values that `plan` has no place for, or that do not fit; titles as the form had them before."""
    parts = list(walk(place(plan, data, choices)))
    titles = _titles(old, data, choices) if old is not None else {}
    known = {one.pointer for one in parts if isinstance(one.node, Cell)}
    wrong = {p.pointer: p.message for p in problems(plan, data, choices) if p.code != "required"}
    before = set(_wrong(old, data, choices)) if old is not None else set()
    for part in parts:
        if part.value is MISSING:
            continue
        for pointer, cell, value in _values(part, titles):
            words = cell.words.title if cell is not None else {"en": pointer.rpartition("/")[2]}
            if part.locked and isinstance(part.node, Locked):
                why = _("the new version has no place for it")
            elif part.locked:
                why = _("another kind of value is wanted there now")
            elif pointer in wrong and pointer in known and pointer not in before:
                why = wrong[pointer]
            else:
                continue
            yield Left(pointer, words, shown(cell, value) if cell else str(value), why)


def _values(part: Placed, titles: Mapping[str, Placed]) -> Iterator[tuple[str, Cell | None, Any]]:
    """The single values at and below a part, each with the cell that it stood in."""
    node = part.node
    if isinstance(node, Cell):
        was = titles.get(part.pointer)
        cell = was.node if was is not None and part.locked else node
        yield part.pointer, cell if isinstance(cell, Cell) else node, part.value
    elif isinstance(node, Locked):
        for pointer, value in _leaves(part.value, part.pointer):
            was = titles.get(pointer)
            yield (
                pointer,
                was.node if was is not None and isinstance(was.node, Cell) else None,
                value,
            )


def _leaves(value: Any, place_of: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _leaves(inner, place_of + pointer_of(name))
    elif isinstance(value, list) and value:
        for n, inner in enumerate(value):
            yield from _leaves(inner, f"{place_of}/{n}")
    else:
        yield place_of, value


def _titles(plan: Plan, data: Any, choices: Mapping[str, str]) -> dict[str, Placed]:
    return {part.pointer: part for part in walk(place(plan, data, choices)) if part.pointer}


def _wrong(plan: Plan, data: Any, choices: Mapping[str, str]) -> Iterator[str]:
    for found in problems(plan, data, choices):
        yield found.pointer


def _without(data: Any, pointers: Collection[str]) -> Any:
    """`data` without these values, and without the objects that have nothing left because of it."""
    for pointer in sorted(pointers, reverse=True):
        above, _slash, last = pointer.rpartition("/")
        if isinstance(value_at(data, above), list) and last.isdigit():
            data = with_value(data, pointer, MISSING)
            continue
        try:
            data = with_value(data, pointer, MISSING)
        except LookupError:
            continue
        while above and value_at(data, above) == {}:
            if isinstance(value_at(data, above.rpartition("/")[0]), list):
                break
            data, above = with_value(data, above, MISSING), above.rpartition("/")[0]
    return data


def _put(data: Any, pointer: str, value: Any) -> Any:
    try:
        return with_value(data, pointer, value)
    except LookupError:
        return data  # something stands in the way, which is told as left over

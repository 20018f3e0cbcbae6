"""An open entry brought to the newest version of its form: what would differ, and doing it. Nothing is lost silently.

Values stay at their places. What has none any more, or does not fit, is kept as it is until somebody takes it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from runtime.definitions.plan import Plan
from runtime.definitions.values import MISSING, value_at, with_value
from runtime.entry import audit, life, versions
from runtime.entry.hold import OPEN, locked, require_open
from runtime.entry.totals import with_totals
from runtime.errors import Conflict, EntryError
from runtime.language import gettext as _
from runtime.language import say
from runtime.periods import Period
from runtime.publishing.differing import Versions, between, cells_of
from runtime.publishing.left_over import Left, left_in, replaced_in, without
from runtime.storage.tables import AuditEvent, Entry, FormVersion

ACTION = "entry.upgrade"


class Undecided(EntryError):
    """The version works out itself what somebody typed, and nobody has said that this may go."""


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


def offer_of(session: Session, entry: Entry, take_out: Collection[str] = ()) -> Offer | None:
    """What the newer version means for this entry, without the values of `take_out`; None where there is none."""
    version = offered(session, entry)
    if version is None:
        return None
    old, new = life.plan_for(session, entry), versions.plan_of(version)
    filled = prepare(session, entry).filled if _works_out_more(old, new) else {}
    left = tuple(left_in(new, entry.data, entry.choices, old))
    data, _told = _brought(entry, filled, _of_those(left, take_out))
    replaced = replaced_in(old, new, entry.data, data, entry.choices)
    return Offer(version, between(old, new), (*left, *replaced))


def _works_out_more(old: Plan, new: Plan) -> bool:
    """Whether the new version works out a cell that the old one has not."""
    before = cells_of(old)
    return any(
        cell.computed and not (pointer in before and before[pointer].computed)
        for pointer, cell in cells_of(new).items()
    )


def left_over(session: Session, entry: Entry) -> list[Left]:
    """What an upgrade has left in an open entry without a place, to be decided; nothing where there was none."""
    if entry.state not in OPEN or not _was_upgraded(session, entry):
        return []
    plan = life.plan_for(session, entry)
    before = [e.details.get("from") for e in _upgrades(session, entry)]
    old = next((versions.plan_of(versions.get(session, int(n))) for n in before if n), None)
    return list(left_in(plan, entry.data, entry.choices, old))


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

    Raises `Conflict` where the entry or the form has changed since the page at `revision` was shown, and `Undecided`
    where a value that was typed would be replaced by one that the version works out and is not in `take_out`.
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
    gone = _of_those(left_in(new, entry.data, entry.choices, old), take_out)
    data, provenance = _brought(entry, prepared.filled, gone)
    replaced = list(replaced_in(old, new, entry.data, data, entry.choices))
    _require_decided(replaced, take_out)
    for one in replaced:
        provenance.pop(one.pointer, None)
    gone += [one.pointer for one in replaced]
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
    gone = _of_those(left_over(session, entry), pointers)
    if not gone:
        return entry
    plan = life.plan_for(session, entry)
    provenance = {p: told for p, told in entry.provenance.items() if p not in gone}
    data = with_totals(plan, without(entry.data, gone), entry.choices)
    life.put(session, entry, data, dict(entry.choices), provenance, actor)
    _log(session, entry, {"revision": entry.revision, "takenOut": gone}, actor)
    return entry


def _of_those(left: Iterable[Left], pointers: Collection[str]) -> list[str]:
    """The pointers that are of values left over, each once."""
    known = {one.pointer for one in left}
    return [pointer for pointer in dict.fromkeys(pointers) if pointer in known]


def _brought(
    entry: Entry, filled: Mapping[str, tuple[Any, Any]], gone: Collection[str]
) -> tuple[Any, dict[str, Any]]:
    """The entry's data and provenance without the values at `gone` and with what is filled, before any total."""
    data = without(entry.data, gone)
    provenance = {
        pointer: told for pointer, told in entry.provenance.items() if pointer not in gone
    }
    for pointer, (value, told) in filled.items():
        if value_at(data, pointer) is MISSING:
            data = _put(data, pointer, value)
            if told is not None:
                provenance[pointer] = told
    return data, provenance


def _require_decided(replaced: Collection[Left], take_out: Collection[str]) -> None:
    open_yet = [one for one in replaced if one.pointer not in take_out]
    if open_yet:
        cells = _(", ").join(f"{say(one.title)} ({one.value})" for one in open_yet)
        raise Undecided(
            _(
                "The new version works these out itself: %(cells)s. Tick them to let what was typed go, "
                "or finish the entry on its own version.",
                cells=cells,
            )
        )


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


def _put(data: Any, pointer: str, value: Any) -> Any:
    try:
        return with_value(data, pointer, value)
    except LookupError:
        return data  # something stands in the way, which is told as left over

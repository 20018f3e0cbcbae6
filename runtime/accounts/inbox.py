"""What a person's units owe: the reports of all periods that have closed, and drafts left open. Reads only.

Without assignments yet, a report is owed by every unit of its form's levels: first for the period that had just
closed when the form was first published, and from then on for each that closes. What is not submitted stays, however
old. Of a whole city's reports only counts are read, and as many reports as a page shows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session, defer

from runtime import clock
from runtime.accounts.access import departments, entries_visible, units_where
from runtime.definitions.plan import Plan
from runtime.entry import versions
from runtime.entry.asked import is_asked
from runtime.entry.hold import OPEN
from runtime.periods import Period
from runtime.storage.tables import Entry, FormVersion, Unit, User

TO_DO = "todo"
"""The state of what nobody has started."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Owed:
    """One report: form, unit, period (none for one about a subject), the day by which it is due, its entry."""

    version: FormVersion
    plan: Plan
    """That of the entry's own version, once it is begun."""
    unit: Unit
    period: Period | None
    due: date | None
    entry: Entry | None = None

    @property
    def state(self) -> str:
        """`todo`, or the entry's."""
        return self.entry.state if self.entry else TO_DO

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.state not in (TO_DO, *OPEN)

    @property
    def overdue(self) -> bool:
        """Whether it should have been submitted before today."""
        return self.due is not None and self.due < clock.today() and not self.finished


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; empty: all."""

    department: str = ""
    period: str = ""
    unit: str = ""
    """A unit's code."""


@dataclass(slots=True)
class Inbox:
    """What is open, soonest due first; `left_off` more are not listed. What is finished, newest first.

    `departments`, `periods` and `units` are all that it could be narrowed to.
    """

    open: list[Owed] = field(default_factory=list)
    left_off: int = 0
    finished: list[Owed] = field(default_factory=list)
    departments: set[str] = field(default_factory=set)
    periods: set[Period] = field(default_factory=set)
    units: list[Unit] = field(default_factory=list)


def read_inbox(
    session: Session, user: User | None, wanted: Wanted | None = None, *, most: int = 100
) -> Inbox:
    """What the units owe that the user fills for, narrowed to `wanted`; no more than `most` of each kind."""
    return _Reading(session, user, wanted or Wanted(), most).read()


def subject_forms(session: Session, user: User | None) -> list[tuple[FormVersion, Plan]]:
    """The forms about one subject that the user may fill, by address."""
    forms = _forms(session, user)
    return [
        (version, plan) for version, plan in forms if plan.form.subject and is_asked(plan, None)
    ]


def due_of(plan: Plan, period: Period) -> date | None:
    """The last day on which the report of a period is in time."""
    days = plan.form.due.get("days")
    return period.last + timedelta(days=days) if days is not None else None


def owed_periods(frequency: str, published: date) -> list[Period]:
    """The periods owed of a form first published on that day, oldest first."""
    first = Period.of(frequency, published).previous()
    found = [Period.of(frequency, clock.today()).previous()]
    while found[-1].first > first.first:
        found.append(found[-1].previous())
    return found[::-1]


@dataclass(frozen=True, slots=True)
class _Group:
    """The reports of one form for one period, by these units."""

    version: FormVersion
    plan: Plan
    period: Period
    due: date | None
    units: Sequence[Unit]


class _Reading:
    def __init__(self, session: Session, user: User | None, wanted: Wanted, most: int) -> None:
        self.session, self.user, self.wanted, self.most = session, user, wanted, most
        self.found = Inbox()
        self.versions: dict[str, FormVersion] = {}

    def read(self) -> Inbox:
        groups = sorted(self._groups(), key=lambda g: (g.due or date.max, g.version.address))
        finished = self._finished_counts()
        others, more = self._other_drafts(groups)
        listed: list[Owed] = []
        for group in (g for g in groups if self._is_wanted(g)):
            done = finished[group.version.address, str(group.period)]
            waiting = len(group.units) - sum(done[level] for level in group.plan.form.levels)
            if waiting <= 0:
                continue
            room = self.most - len(listed)
            listed += list(self._unfinished(group))[:room] if room > 0 else []
            self.found.left_off += max(0, waiting - max(0, room))
        both = sorted(listed + others, key=_soonest)
        self.found.open = both[: self.most]
        self.found.left_off += len(both) - len(self.found.open) + more
        self.found.finished = list(self._finished())
        return self.found

    def _groups(self) -> Iterator[_Group]:
        """All that is owed, form by form and period by period; what it could be narrowed to, besides."""
        since = _first_published(self.session)
        units = {unit.id: unit for unit in self.session.scalars(select(Unit).order_by(Unit.code))}
        seen: set[int] = set()
        for version, plan in _forms(self.session, self.user):
            self.versions[version.address] = version
            if not plan.form.frequency:
                continue
            ids = units_where(self.session, self.user, "entry.fill", version.department)
            there = [u for u in units.values() if u.level in plan.form.levels and u.id in ids]
            if not there:
                continue
            owed = owed_periods(plan.form.frequency, since[version.address])
            periods = [period for period in owed if is_asked(plan, period)]
            self.found.departments.add(version.department)
            self.found.periods.update(periods)
            seen.update(u.id for u in there)
            there = [u for u in there if self.wanted.unit in ("", u.code)]
            for period in periods:
                yield _Group(version, plan, period, due_of(plan, period), there)
        for version in versions.ended(self.session):  # what was begun with them is finished
            self.versions.setdefault(version.address, version)
        self.found.units = [unit for unit in units.values() if unit.id in seen]

    def _is_wanted(self, group: _Group) -> bool:
        wanted = self.wanted
        return wanted.department in ("", group.version.department) and wanted.period in (
            "",
            str(group.period),
        )

    def _entries(self) -> Select[Any]:
        query = entries_visible(self.session, self.user, "entry.fill")
        query = query.join(Unit, Unit.id == Entry.unit_id)
        wanted = self.wanted
        if wanted.unit:
            query = query.where(Unit.code == wanted.unit)
        if wanted.period:
            query = query.where(Entry.period == wanted.period)
        known = [a for a, v in self.versions.items() if wanted.department in ("", v.department)]
        return query.where(Entry.address.in_(known))

    def _finished_counts(self) -> dict[tuple[str, str], dict[str, int]]:
        """How many units of each level have finished which report."""
        found: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        key = Entry.address, Entry.period, Unit.level
        query = self._entries().where(Entry.state.not_in(OPEN), Entry.subject_id.is_(None))
        for address, period, level, count in self.session.execute(
            query.with_only_columns(*key, func.count()).group_by(*key)
        ):
            found[address, period][level] = count
        return found

    def _unfinished(self, group: _Group) -> Iterator[Owed]:
        begun: dict[int, Entry] = {}
        ids = [unit.id for unit in group.units]
        for start in range(0, len(ids), _AT_ONCE):
            query = select(Entry).where(
                Entry.address == group.version.address,
                Entry.period == str(group.period),
                Entry.subject_id.is_(None),
                Entry.unit_id.in_(ids[start : start + _AT_ONCE]),
            )
            entries = self.session.scalars(query.options(defer(Entry.provenance)))
            begun |= {entry.unit_id: entry for entry in entries}
        for unit in group.units:
            entry = begun.get(unit.id)
            if entry is None:
                yield Owed(group.version, group.plan, unit, group.period, group.due)
            elif entry.state in OPEN:
                yield self._of(entry, unit)

    def _other_drafts(self, groups: Sequence[_Group]) -> tuple[list[Owed], int]:
        """What was begun for other periods, by other units or about a subject, and how many more there are."""
        by_form: dict[str, tuple[list[str], tuple[str, ...]]] = {}
        for group in groups:
            held = by_form.setdefault(group.version.address, ([], group.plan.form.levels))
            held[0].append(str(group.period))
        listed = [
            and_(
                Entry.address == a,
                Entry.period.in_(p),
                Unit.level.in_(levels),
                Entry.subject_id.is_(None),
            )
            for a, (p, levels) in by_form.items()
        ]
        query = self._entries().where(Entry.state.in_(OPEN), not_(or_(False, *listed)))
        count = self.session.scalar(query.with_only_columns(func.count())) or 0
        return (found := list(self._listed(query.order_by(Entry.period)))), count - len(found)

    def _finished(self) -> Iterator[Owed]:
        query = self._entries().where(Entry.state.not_in(OPEN))
        return self._listed(query.order_by(Entry.submitted_at.desc()))

    def _listed(self, query: Select[Any]) -> Iterator[Owed]:
        entries = self.session.scalars(query.limit(self.most).options(defer(Entry.provenance)))
        for entry in entries.all():
            unit = self.session.get(Unit, entry.unit_id)
            if unit is not None:
                yield self._of(entry, unit)

    def _of(self, entry: Entry, unit: Unit) -> Owed:
        plan = versions.plan_of(versions.get(self.session, entry.form_version_id))
        period = Period.parse(entry.period) if entry.period else None
        due = due_of(plan, period) if period else None
        return Owed(self.versions[entry.address], plan, unit, period, due, entry)


def _forms(session: Session, user: User | None) -> Iterator[tuple[FormVersion, Plan]]:
    allowed = departments(session, user, "entry.fill")
    for version in versions.published(session):
        if allowed is None or version.department in allowed:
            yield version, versions.plan_of(version)


def _first_published(session: Session) -> dict[str, date]:
    query = select(FormVersion.address, func.min(FormVersion.published_at))
    found = session.execute(query.group_by(FormVersion.address))
    return {address: at.astimezone().date() for address, at in found}


def _soonest(one: Owed) -> tuple[Any, ...]:
    return (one.due or date.max, one.version.address, one.unit.code, str(one.period or ""))

"""January to October lived over again: files arrive, doors are knocked at, reports are filled, typed, submitted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from runtime import clock
from runtime.definitions.place import cells, place, remembering
from runtime.definitions.plan import Cell, Plan
from runtime.entry import apart, life, submit
from runtime.entry.change import written
from runtime.entry.count import Seen, seen_of
from runtime.entry.decode import Decoded
from runtime.entry.totals import with_totals
from runtime.facts import units as unit_tree
from runtime.fields.base import MISSING
from runtime.fill.ground import Fact, Ground, figures, read_ground
from runtime.fill.provenance import Provenance
from runtime.periods import Period
from runtime.replay.deliveries import START
from runtime.replay.known import remember
from runtime.replay.report import Work
from runtime.replay.staff import mended, recorded, visits
from runtime.replay.start import City, first_files, moment, source_of
from runtime.replay.typing import Typist
from runtime.rules.figures import read_off
from runtime.storage.engine import reading, writing
from runtime.storage.tables import FormVersion, Unit

DUE = 3
"""Days after the month's end on which its reports are filled."""

OnProgress = Callable[[str], None]
"""Told each month that has been lived."""

BY_STAFF = {"source": "staff"}


def live(
    city: City, first: str = "202601", last: str = "202610", on_progress: OnProgress | None = None
) -> None:
    """Live the months from `first` to `last`; what they cost stands in `city.months` and `city.visits`."""
    period = Period.parse(first)
    while str(period) <= last:
        due = period.last + timedelta(days=DUE)
        if START not in period:  # those of the first day are known already
            first_files(city, str(period), period.first + timedelta(days=9))
        with clock.fixed(moment(due)):
            _imports(city, period, due)
            city.visits[str(period)] = _visits(city, period)
            city.recorded[str(period)] = _recorded(city, period)
            city.months[str(period)] = _reports(city, period, due)
        if on_progress:
            on_progress(str(period))
        period = period.next()


def _imports(city: City, period: Period, due: date) -> None:
    """What departments send for the month: changes up to their delay, and now and then a kind of field in whole."""
    nth = period.first.month
    for sender in city.senders:
        told = sender.delivery
        if told.since > str(period):
            continue
        cut = due - timedelta(days=told.delay)
        after = city.told[told.department] + timedelta(days=1)
        city.told[told.department] = cut
        learned = list(sender.changes(city.truth, city.known, after, cut))
        remember(city.known, learned, source_of(sender))
        for kind, every in told.restates.items():
            if nth % every == 0 and told.since < str(period):
                learned = list(sender.restated(city.truth, city.known, kind, cut))
                remember(city.known, learned, source_of(sender))


def _visits(city: City, period: Period) -> Work:
    days = (period.first, period.last)
    learned, work = visits(city.truth, city.known, city.rates, city.schemas, days, city.seed)
    remember(city.known, learned, BY_STAFF)
    return Work(facts=work)


def _recorded(city: City, period: Period) -> Work:
    days = (period.first, period.last)
    learned, work = recorded(city.truth, city.known, city.rates, days, city.seed)
    remember(city.known, learned, BY_STAFF)
    return Work(facts=work)


def _reports(city: City, month: Period, due: date) -> dict[str, Work]:
    """All reports of the month, form by form; what was found wanting behind them is mended afterwards."""
    found: dict[str, Work] = {}
    wanted: dict[int, Counter[Fact]] = defaultdict(Counter)
    said: set[str] = set()
    true = city.truth.ground(month.last)
    with reading(city.known.engine) as session:
        ground = read_ground(session, city.schemas, month.last, frozenset(city.known.conflicts))
        for version, plan in city.forms:
            period = Period.of(plan.form.frequency, month.last)
            if period.last != month.last:
                continue
            work = found.setdefault(version.address, Work())
            for unit in _units_of(city, plan):
                below = unit_tree.below(session, unit.id, month.last)
                with remembering():
                    report = _Report(city, version, plan, unit, period, ground, true, below)
                    report.live(work)
                wanted[unit.id].update(report.faults)
                said |= report.said
    city.known.reread(said)
    by_form = next(iter(found.values()), Work())
    for facts in wanted.values():
        mending, done = mended(city.truth, city.known, facts, city.rates.staff.facts, due)
        remember(city.known, mending, BY_STAFF)
        by_form.facts.update(done)
    return found


def _units_of(city: City, plan: Plan) -> Iterator[Unit]:
    for level in plan.form.levels:
        yield from city.units.get(level, ())


@dataclass
class _Report:
    """One report of one unit, from its filling to its submission."""

    city: City
    version: FormVersion
    plan: Plan
    unit: Unit
    period: Period
    ground: Ground
    true: Ground
    below: list[int]

    def live(self, work: Work) -> None:
        """Fill it, count it, type what is missing, and submit it."""
        self.faults: Counter[Fact] = Counter()
        self.said: set[str] = set()
        engine = self.city.known.engine
        entry_id = apart.start(engine, self.version.address, self.unit.id, self.period)
        with reading(engine) as session:
            entry = life.load(session, entry_id)
            data, choices, told = entry.data, dict(entry.choices), dict(entry.provenance)
            revision = entry.revision
        self.figures = figures(self.true, self.plan, self.below, self.period.first)
        there = self._seen(data, choices, told)
        for one in there:
            work.see(one, self.city.rates.nearly)
            self.faults.update(one.faults)
            self._compare(one, work)
        data, choices = self._typed(there, data, choices, told, work)
        work.reports += 1
        work.begun += 1
        work.submitted += self._submitted(entry_id, revision, data, choices)

    def _seen(
        self, data: Any, choices: Mapping[str, str], told: Mapping[str, Provenance]
    ) -> list[Seen]:
        content = data, choices, told
        return seen_of(self.ground, self.plan, self.below, self.period.first, content)

    def _figure(self, cell: Cell) -> Any:
        if cell.fill is None:
            return MISSING
        figure = self.figures[cell.fill.rule].of(cell.fill.codes)
        return read_off(self.plan.rules[cell.fill.rule], figure, cell.options.get("digits"))

    def _compare(self, one: Seen, work: Work) -> None:
        if one.state == "fresh" and one.node.fill is not None:
            is_right = self._figure(one.node) == one.value
            work.right += is_right
            work.wrong += not is_right

    def _typed(
        self,
        there: list[Seen],
        data: Any,
        choices: Mapping[str, str],
        told: Mapping[str, Provenance],
        work: Work,
    ) -> tuple[Any, dict[str, str]]:
        """The report with all that was missing; figures counted without their fields are written over."""
        over = {one.pointer: self._figure(one.node) for one in there if one.unknown}
        for pointer, value in over.items():
            data = written(self.plan, data, pointer, value)
        data = with_totals(self.plan, data, choices)
        rows = _subjects(told)
        typist = Typist(
            self.plan,
            self.period,
            self._figure,
            self._happened,
            lambda pointer, cell: self._fact(rows, pointer, cell),
            (self.city.seed, self.unit.code, self.period, self.version.address),
        )
        data, picked = typist.finish(data, choices)
        known = {one.pointer: one for one in there}
        nodes = {p.pointer: p.node for p in cells(place(self.plan, data, picked))}
        for pointer in [*over, *typist.typed]:
            node = nodes.get(pointer)
            if not isinstance(node, Cell):
                continue
            name = Seen(pointer, node, "missing").name
            if pointer not in known:
                work.type_more(name)
            self._asked(rows, pointer, node, name, work)
            if (subject := _row_of(rows, pointer)) and node.fact:
                self.said.add(subject)
        return data, picked

    def _asked(
        self, rows: Mapping[str, str], pointer: str, node: Cell, name: str, work: Work
    ) -> None:
        subject = _row_of(rows, pointer)
        codes = "/".join(node.fill.codes) if node.fill else ""
        whose, what = self.unit.code, f"{name} {codes}"
        if subject and node.fact:
            whose, what = subject, node.fact.field
        if self.city.known.ask(whose, what):
            work.first += 1
        else:
            work.again += 1

    def _fact(self, rows: Mapping[str, str], pointer: str, cell: Cell) -> Any:
        subject = _row_of(rows, pointer)
        if not subject or cell.fact is None:
            return MISSING
        now = self.city.truth.on(subject, self.period.last)
        return now.get(cell.fact.field, MISSING)

    def _happened(self, register: str, field: str) -> list[Mapping[str, Any]]:
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        there = (one.document for one in self.true.members(self.below, register))
        return [now for now in there if first <= str(now.get(field, "")) <= last]

    def _submitted(self, entry_id: str, revision: int, data: Any, choices: dict[str, str]) -> bool:
        """Save what was typed and submit the report; False where something in it hinders that."""
        with writing(self.city.known.engine) as session:
            entry = life.load(session, entry_id)
            decoded = Decoded(data, choices, [])
            life.save(session, entry, decoded, revision, None)
        try:
            with writing(self.city.known.engine) as session:
                entry = life.load(session, entry_id)
                submit.submit(
                    session,
                    entry,
                    None,
                    checks=self.city.checks,
                    registers=self.city.known.registers.__getitem__,
                )
        except submit.NotReady as problem:
            self.problems = problem.problems
            return False
        return True


def _subjects(told: Mapping[str, Provenance]) -> dict[str, str]:
    """Whose row stands at which place: told by any of its cells that was filled."""
    return {
        pointer.rpartition("/")[0]: one["subject"]
        for pointer, one in told.items()
        if one.get("kind") == "subject"
    }


def _row_of(rows: Mapping[str, str], pointer: str) -> str:
    return rows.get(pointer.rpartition("/")[0], "")

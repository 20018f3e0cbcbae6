"""What a department's file says of a city: with gaps, late, and now and then in whole. Not for writing it down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from runtime.facts.freshness import later, stale_from
from runtime.facts.timeline import UNIT
from runtime.fill.ground import Fact
from runtime.replay.known import Known, Learned
from runtime.replay.rates import Delivery, Gaps, Rates, share
from runtime.replay.truth import Told, Truth

Schemas = Mapping[str, Mapping[str, Any]]
FARTHEST = 365
"""Days: what is not stale was last said at most so long ago."""


@dataclass(frozen=True, slots=True)
class Sender:
    """One department that sends its files; `home` are the registers whose coming and going it tells."""

    delivery: Delivery
    rates: Rates
    schemas: Schemas
    home: frozenset[str]
    seed: int

    def whole(self, truth: Truth, known: Known, cut: date) -> Iterator[Learned]:
        """Its first file: all that it knows of everybody on `cut`, each fact as old as it is."""
        for subject_id, register in truth.registers.items():
            now = truth.on(subject_id, cut)
            if now.get(UNIT) is not None:
                yield from self._first(truth, known, subject_id, register, now, cut)

    def changes(self, truth: Truth, known: Known, first: date, last: date) -> Iterator[Learned]:
        """What of these days' changes the department tells."""
        for told in truth.between(first, last):
            if told.kind == "confirm" or self._is_unlisted(told.subject_id):
                continue
            if not known.timelines.get(told.subject_id):
                now = truth.on(told.subject_id, told.day)
                if now.get(UNIT) is not None:
                    yield from self._first(
                        truth, known, told.subject_id, told.register, now, told.day
                    )
            elif said := self._said(told):
                yield Learned(told.register, told.subject_id, said, told.day, told.kind)

    def restated(self, truth: Truth, known: Known, kind: str, cut: date) -> Iterator[Learned]:
        """All facts of a kind in whole: what is known so is confirmed, what is not is said."""
        for subject_id, register in truth.registers.items():
            there = known.on(subject_id, cut)
            if there.get(UNIT) is None or self._is_unlisted(subject_id):
                continue
            now = truth.on(subject_id, cut)
            own = {
                name: now[name]
                for name in self._own(register, now)
                if self.rates.kind(register, name) == kind
                and not self._is_gap(subject_id, register, name)
            }
            same = {
                name: value
                for name, value in own.items()
                if there.get(name) == value and self._max_age(register, name)
            }
            new = {name: value for name, value in own.items() if there.get(name) != value}
            if same:
                yield Learned(register, subject_id, same, cut, "confirm")
            if new:
                yield Learned(register, subject_id, new, cut)

    def clashes(self, subject_id: str, register: str, names: Iterator[str]) -> Iterator[Fact]:
        """Those of its facts of which somebody else has another value in the books."""
        for name in names:
            if self._drawn("conflict", subject_id, name) < self._gaps(register, name).conflict:
                yield subject_id, name

    def _first(
        self,
        truth: Truth,
        known: Known,
        subject_id: str,
        register: str,
        now: Mapping[str, Any],
        cut: date,
    ) -> Iterator[Learned]:
        own = [
            name
            for name in self._own(register, now)
            if not self._is_gap(subject_id, register, name)
        ]
        if not own or self._is_unlisted(subject_id):
            return
        said_on: dict[date, dict[str, Any]] = {cut: {}}
        since = truth.since(subject_id, cut)
        if not known.timelines.get(subject_id):
            said_on[cut] = {UNIT: now[UNIT], **{n: now[n] for n in self._names(register, now)}}
        for name in own:
            day = self._said_day(subject_id, register, name, cut)
            day = max(day, since[name]) if since[name] > START else day
            said_on.setdefault(day, {})[name] = now[name]
        for day, values in said_on.items():
            if values:
                yield Learned(register, subject_id, values, day)
        known.conflicts.update(self.clashes(subject_id, register, iter(own)))

    def _said(self, told: Told) -> dict[str, Any]:
        said = {
            name: value
            for name, value in told.values.items()
            if name != UNIT
            and self._is_own(told.register, name)
            and not self._is_gap(told.subject_id, told.register, name)
            and self._drawn("lost", told.subject_id, name, told.day) >= self.delivery.lost
        }
        if UNIT in told.values and told.register in self.home:
            said[UNIT] = told.values[UNIT]
        return said

    def _own(self, register: str, now: Mapping[str, Any]) -> list[str]:
        return [name for name in now if name != UNIT and self._is_own(register, name)]

    def _is_own(self, register: str, name: str) -> bool:
        field = self.schemas[register]["properties"].get(name, {})
        steward: str = field.get("steward", "")
        kept_elsewhere = name == VISITED or register in KEPT_BY_STAFF
        return steward == self.delivery.department and not kept_elsewhere

    def _names(self, register: str, now: Mapping[str, Any]) -> list[str]:
        """What a subject is recognised by, which every file has."""
        schema = self.schemas[register]
        wanted = {name for key in schema.get("identity", ()) for name in key}
        return [name for name in now if name in wanted | set(schema.get("label", ()))]

    def _said_day(self, subject_id: str, register: str, name: str, cut: date) -> date:
        """When the department last heard it: today for what it decides itself, else some time ago."""
        age = self._max_age(register, name)
        drawn = self._drawn("age", subject_id, name)
        if age and self._drawn("stale", subject_id, name) < self._gaps(register, name).stale:
            beyond = (stale_from(cut, age) - cut).days
            return cut - timedelta(days=beyond + int(drawn * FARTHEST))
        if not age or self.rates.kind(register, name) in ("status", "record"):
            return cut
        most = min((later(cut, age) - cut).days, FARTHEST)
        return cut - timedelta(days=int(drawn * most))

    def _max_age(self, register: str, name: str) -> str:
        return str(self.schemas[register]["properties"].get(name, {}).get("maxAge", ""))

    def _is_gap(self, subject_id: str, register: str, name: str) -> bool:
        return self._drawn("missing", subject_id, name) < self._gaps(register, name).missing

    def _is_unlisted(self, subject_id: str) -> bool:
        return self._drawn("unlisted", subject_id) < self.delivery.unlisted

    def _gaps(self, register: str, name: str) -> Gaps:
        return self.rates.gaps[self.rates.kind(register, name)]

    def _drawn(self, *words: Any) -> float:
        return share(self.seed, self.delivery.department, *words)


VISITED = "visited_on"
"""The day of a visit: no department's file has it, those who went know it."""

KEPT_BY_STAFF = frozenset({"activity", "sample"})
"""Registers of what a community does itself: its staff write each line when it happens, no department's file has it."""

START = date(2026, 1, 1)
"""The day on which the sample city is first told of: of what is so from then on nobody knows since when."""

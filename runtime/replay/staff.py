"""What staff learn at doors and mend at their desks: facts typed, confirmed or corrected. Not for reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from runtime.facts.freshness import stale_fields
from runtime.facts.timeline import UNIT
from runtime.fill.ground import Fact
from runtime.replay.deliveries import KEPT_BY_STAFF, VISITED, Schemas
from runtime.replay.known import Known, Learned
from runtime.replay.rates import Rates, share
from runtime.replay.truth import Told, Truth

ASKED_AT_DOORS = ("contact", "living")
"""The kinds of field that a visit can find out; papers and decisions are the departments' own."""


def visits(
    truth: Truth, known: Known, rates: Rates, schemas: Schemas, days: tuple[date, date], seed: int
) -> tuple[list[Learned], Counter[str]]:
    """What was learned at the doors on these days, and what that took: facts typed, confirmed, corrected.

    Staff go where and when the sample city says that somebody came by, and note a share of it. Once there, they
    ask for what is missing and confirm what is stale.
    """
    learned: list[Learned] = []
    work: Counter[str] = Counter()
    for told in truth.between(*days):
        if not _is_visit(told) or not known.timelines.get(told.subject_id):
            continue
        if share(seed, "visit", told.subject_id, told.day) >= rates.staff.visits:
            continue
        done = sorted(_at_the_door(truth, known, rates, schemas, told), key=lambda one: one[0])
        for act, one in done:
            work[act] += len(one.values)
            learned.append(one)
    return learned, work


def recorded(
    truth: Truth, known: Known, rates: Rates, days: tuple[date, date], seed: int
) -> tuple[list[Learned], Counter[str]]:
    """What staff wrote into the registers that they keep themselves on these days, and what that took.

    A line is written when something happens, with all that the sample city says of it. The share that is written at
    all is that of visits, which nobody else tells of either. What was not written is in no report.
    """
    learned: list[Learned] = []
    work: Counter[str] = Counter()
    for told in truth.between(*days):
        if told.register not in KEPT_BY_STAFF:
            continue
        if share(seed, "recorded", told.subject_id) >= rates.staff.visits:
            continue
        work["lines"] += told.subject_id not in known.timelines
        work["typed"] += sum(name != UNIT for name in told.values)
        learned.append(Learned(told.register, told.subject_id, told.values, told.day, told.kind))
    return learned, work


def _is_visit(told: Told) -> bool:
    return told.kind == "confirm" or VISITED in told.values


def _at_the_door(
    truth: Truth, known: Known, rates: Rates, schemas: Schemas, told: Told
) -> Iterator[tuple[str, Learned]]:
    register, subject_id, day = told.register, told.subject_id, told.day
    there, now = known.on(subject_id, day), truth.on(subject_id, day)
    if now.get(UNIT) is None or there.get(UNIT) is None:
        return
    own = schemas[register]["properties"]
    old = stale_fields(own, known.timelines[subject_id], day)
    asked = [n for n in own if rates.kind(register, n) in ASKED_AT_DOORS and n != VISITED]
    if visited := told.values.get(VISITED):
        yield "typed", Learned(register, subject_id, {VISITED: visited}, day)
    missing = {n: now[n] for n in asked if n in now and n not in there}
    if missing:
        for name in missing:
            known.ask(subject_id, name)
        yield "typed", Learned(register, subject_id, missing, day)
    names = [n for n in asked if n in there and (n in old or n in told.values)]
    yield from _looked_at(known, register, subject_id, names, there, now, day)


def _looked_at(
    known: Known,
    register: str,
    subject_id: str,
    names: list[str],
    there: Mapping[str, Any],
    now: Mapping[str, Any],
    day: date,
) -> Iterator[tuple[str, Learned]]:
    """Facts that somebody looks at: still so, otherwise, or no longer."""
    same = {n: now[n] for n in names if now.get(n) == there.get(n)}
    other = {n: now[n] for n in names if n in now and now[n] != there.get(n)}
    gone = {n: None for n in names if n not in now}
    if same:
        yield "confirmed", Learned(register, subject_id, same, day, "confirm")
    if other:
        yield "corrected", Learned(register, subject_id, other, day)
    if gone:
        yield "corrected", Learned(register, subject_id, gone, day, "clear")
    known.conflicts.difference_update((subject_id, name) for name in names)


def mended(
    truth: Truth, known: Known, wanted: Mapping[Fact, int], most: int, day: date
) -> tuple[list[Learned], Counter[str]]:
    """What a unit mends after its reports, and what that took: at most so many facts, first what spoils most cells."""
    ranked = sorted(wanted.items(), key=lambda item: (-item[1], item[0]))
    learned: list[Learned] = []
    work: Counter[str] = Counter()
    for (subject_id, name), _times in ranked[:most]:
        register = truth.registers.get(subject_id)
        if register is None:
            continue
        there, now = known.on(subject_id, day), truth.on(subject_id, day)
        if name not in there:
            if name in now:
                known.ask(subject_id, name)
                work["typed"] += 1
                learned.append(Learned(register, subject_id, {name: now[name]}, day))
            continue
        for act, one in _looked_at(known, register, subject_id, [name], there, now, day):
            work[act] += 1
            learned.append(one)
    return learned, work

"""What one subject adds to which tally of which unit from which day on, for all rules of its register. Pure.

Whatever happens to a subject, its tallies change by `contributions` of the timeline after less those before. Days
are ordinals (`date.toordinal`). *Additive* rules (stocks of count, sum, average) give events: slot, day, and by
how much. The others give *memberships*: from when to when the subject counts with which value.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Any, NamedTuple

import msgspec

from runtime.definitions.plan import Rule
from runtime.errors import DefinitionError
from runtime.rules.derive import breakpoints, compile_derive
from runtime.rules.figures import Codes, Number, added, coder
from runtime.rules.reads import base_fields, fields_read
from runtime.rules.thresholds import thresholds_of
from runtime.rules.where import compile_where, exact, is_number
from runtime.rules.whole import day_of

UNIT = "_unit"
FOREVER = date.max.toordinal()
_REMEMBERED = 2_000
"""Answers that a rule remembers."""

Document = Mapping[str, Any]
Timeline = Sequence[Sequence[Any]]


class Event(NamedTuple):
    """Where and when a tally changes."""

    unit_id: int
    day: int
    slot: int


class Membership(NamedTuple):
    """From when to when a subject counts in a unit's figure, with what value (JSON), and a flow's own date or 0."""

    unit_id: int
    slot: int
    from_day: int
    to_day: int
    on_day: int
    value: str


class _Place(NamedTuple):
    """What a rule says of a document: slots with their amounts, or one slot with a date and a value."""

    slots: tuple[tuple[int, Number], ...] = ()
    slot: int = -1
    on_day: int = 0
    value: str = ""


@dataclass(slots=True)
class Contributions:
    """All of one or more subjects; values that are 0 do not stand in `events`."""

    events: dict[Event, Number] = field(default_factory=dict)
    members: set[Membership] = field(default_factory=set)

    def add(self, event: Event, amount: Number) -> None:
        """Count in `amount` more."""
        held = self.events.get(event)
        if held is None:
            total = amount
        elif type(held) is int and type(amount) is int:
            total = held + amount
        else:
            total = added(held, amount)
        if total:
            self.events[event] = total
        elif held is not None:
            del self.events[event]


class TalliedRule:
    """One rule compiled, with its slots from `first` on: those of its codes, then that of who stands in none."""

    def __init__(self, rule: Rule, first: int) -> None:
        self.rule, self.first = rule, first
        self.additive = is_additive(rule)
        self.step = 2 if self.additive and rule.op != "count" else 1
        combinations = product(*(by.codes for by in rule.by))
        self.slots: dict[Codes, int] = {
            codes: first + n * self.step for n, codes in enumerate(combinations)
        }
        self.outside = first + len(self.slots) * self.step
        self.end = self.outside + 1
        self.reads = base_fields(rule)
        self.thresholds = thresholds_of(rule)
        self.ages = any(self.thresholds.values())
        self.asks = tuple(sorted(fields_read(rule)))
        self._placed: dict[tuple[Any, ...], _Place | None] = {}
        self._holds = compile_where(rule.where)
        self._codes = [(by.field, coder(by)) for by in rule.by]

    def place_by(self, marks: Mapping[str, Any], document: Document) -> _Place | None:
        """Where the subject counts; None where nowhere. `marks` are those of the document (see `Tallied.marks`).

        The same marks of the fields that the rule asks for have the same answer, which is remembered.
        """
        key = tuple([marks.get(name) for name in self.asks])
        if key in self._placed:
            return self._placed[key]
        if len(self._placed) >= _REMEMBERED:
            self._placed.clear()
        found = self._placed[key] = self.place(document)
        return found

    def place(self, document: Document) -> _Place | None:
        """Where the subject counts; None where nowhere."""
        if not self._holds(document):
            return None
        amount = self._amount(document)
        on_day = self._on(document)
        if amount is None or on_day is None:
            return None
        found = [code(document.get(name)) for name, code in self._codes]
        slot = self.outside if None in found else self.slots.get(tuple(map(str, found)))
        if slot is None:  # beyond the bands
            return None
        if not self.additive:
            return _Place(slot=slot, on_day=on_day, value=_text(amount))
        if slot == self.outside:
            return _Place(((slot, 1),))
        return _Place(((slot, amount),) if self.step == 1 else ((slot, amount), (slot + 1, 1)))

    def _amount(self, document: Document) -> Any:
        if self.rule.op == "count":
            return 1
        value = document.get(self.rule.field)
        if is_number(value):
            return exact(value)
        if self.rule.op == "distinct":
            return value
        return value if self.rule.op in ("min", "max") and day_of(value) else None

    def _on(self, document: Document) -> int | None:
        if self.rule.kind != "flow":
            return 0
        day = document.get(self.rule.on)
        try:
            return date.fromisoformat(day[:10]).toordinal() if isinstance(day, str) else None
        except ValueError:
            return None


class Tallied:
    """The rules of a register compiled together: `rules` with the first slot of each, up to `horizon`."""

    def __init__(self, rules: Sequence[tuple[int, Rule]], horizon: date) -> None:
        self.horizon = horizon
        self.rules = [TalliedRule(rule, first) for first, rule in rules]
        derive: dict[str, Any] = {}
        thresholds: dict[str, set[int]] = {}
        for _first, rule in rules:
            derive |= rule.derive
            for name, limits in thresholds_of(rule).items():
                thresholds.setdefault(name, set()).update(limits)
        self.derive_rules = derive
        self.thresholds = {name: frozenset(limits) for name, limits in thresholds.items()}
        self.derive = compile_derive(derive)
        self._of_field: dict[str, list[TalliedRule]] = {}
        for one in self.rules:
            for name in one.reads:
                self._of_field.setdefault(name, []).append(one)
        self.ageing = [one for one in self.rules if one.ages]
        self._some: dict[frozenset[int], Tallied] = {}
        self._asked = sorted({name for one in self.rules for name in one.asks})
        self._placed: dict[tuple[Any, ...], list[tuple[TalliedRule, _Place]]] = {}
        self._limits = {name: sorted(limits) for name, limits in thresholds.items() if limits}

    def places(
        self, marks: Mapping[str, Any], document: Document
    ) -> list[tuple[TalliedRule, _Place]]:
        """Where the subject counts by which rule; remembered by all marks: many people are alike in all of them."""
        key = tuple(marks.items())
        found = self._placed.get(key)
        if found is None:
            if len(self._placed) >= _REMEMBERED:
                self._placed.clear()
            asked = ((one, one.place_by(marks, document)) for one in self.rules)
            found = self._placed[key] = [(one, place) for one, place in asked if place is not None]
        return found

    def marks(self, document: Document) -> dict[str, Any]:
        """For each field that a rule asks for, what tells its value from others that are answered otherwise.

        Of a number that moves with the calendar that is between which thresholds it lies, of all others the value.
        """
        return {
            name: bisect_right(self._limits[name], value)
            if name in self._limits
            else value
            if type(value) is str
            else (type(value), str(value))
            for name in self._asked
            if (value := document.get(name)) is not None
        }

    def reading(self, fields: set[str]) -> list[TalliedRule]:
        """The rules whose answer may change with these fields."""
        found = {id(one): one for name in fields for one in self._of_field.get(name, ())}
        return list(found.values())

    def touched_by(self, fields: set[str]) -> Tallied | None:
        """Only the rules whose answer may change with these fields; None where there are none.

        What the others say of a subject is the same before and after, so nobody need ask them.
        """
        rules = self.rules if UNIT in fields else self.reading(fields)
        if not rules or len(rules) == len(self.rules):
            return self if rules else None
        key = frozenset(one.first for one in rules)
        if key not in self._some:
            some = [(one.first, one.rule) for one in self.rules if one.first in key]
            self._some[key] = Tallied(some, self.horizon)
        return self._some[key]


def is_tallied(rule: Rule) -> bool:
    """Whether tallies or memberships are kept for the rule; the rest is scanned.

    Not for what may change on any day, such as an average age, nor for a condition that lists whole documents.
    """
    if isinstance(rule.where, Mapping) and not rule.where.keys().isdisjoint(("enum", "const")):
        return False
    try:
        thresholds_of(rule)
    except DefinitionError:
        return False
    return True


def is_additive(rule: Rule) -> bool:
    """Whether figures of several units may be added up, so that the rule has tallies and not memberships."""
    return rule.kind == "stock" and rule.op in ("count", "sum", "average")


def contributions(timeline: Timeline, tallied: Tallied) -> Contributions:
    """What the subject with this timeline adds to all rules, up to the horizon.

    Raises `ValueError` for a day beyond the horizon: what happens then would be lost silently.
    """
    walk = _Walk(tallied)
    for day, patch, until in _stretches(timeline, tallied.horizon):
        walk.patch(day, patch)
        walk.age(day, until)
    return walk.closed()


def difference(after: Contributions, before: Contributions) -> Contributions:
    """What must be added to make of `before` `after`; the memberships are those of `after` alone."""
    found = Contributions(dict(after.events), after.members)
    for event, amount in before.events.items():
        found.add(event, -amount)
    return found


def changed_fields(before: Timeline, after: Timeline) -> set[str]:
    """The fields of which something else is said on some day, if only written otherwise (1 and 1.0)."""
    old: dict[str, Document] = dict(map(tuple, before))
    new: dict[str, Document] = dict(map(tuple, after))
    found: set[str] = set()
    for day in old.keys() | new.keys():
        one, other = old.get(day, {}), new.get(day, {})
        if one is not other:
            names = one.keys() | other.keys()
            found |= {n for n in names if _written(one, n) != _written(other, n)}
    return found


def _written(patch: Document, name: str) -> str | None:
    return repr(patch[name]) if name in patch else None


def _stretches(timeline: Timeline, horizon: date) -> Iterator[tuple[date, Mapping[str, Any], date]]:
    """Each patch with its day, and the day of the next one: a birthday may fall on that very day."""
    days = [date.fromisoformat(day) for day, _patch in timeline]
    if days and days[-1] > horizon:
        raise ValueError(f"{days[-1]} lies beyond {horizon}")
    ends = [*days[1:], horizon]
    return ((day, item[1], end) for day, item, end in zip(days, timeline, ends, strict=False))


class _Walk:
    """Walks along one timeline; `held` is what each rule says just now, by its first slot."""

    def __init__(self, tallied: Tallied) -> None:
        self.tallied = tallied
        self.document: dict[str, Any] = {}
        self.unit: int | None = None
        self.held: dict[int, tuple[_Place, int, int]] = {}
        self.found = Contributions()

    def patch(self, day: date, patch: Mapping[str, Any]) -> None:
        """From `day` on this is said."""
        moved = UNIT in patch and patch[UNIT] != self.unit
        if moved:
            self.unit = patch[UNIT]
        for name, value in patch.items():
            if value is None:
                self.document.pop(name, None)
            elif name[:1] != "_":
                self.document[name] = value
        tallied = self.tallied
        self._ask(tallied.rules if moved else tallied.reading(set(patch)), day)

    def age(self, day: date, until: date) -> None:
        """Nothing more is said up to `until`, but time goes by."""
        if self.unit is None or not self.tallied.ageing or day >= until:
            return
        tallied = self.tallied
        turning = breakpoints(tallied.derive_rules, tallied.thresholds, self.document, day, until)
        for one in sorted(turning):
            self._ask(tallied.ageing, one)

    def _ask(self, rules: Sequence[TalliedRule], day: date) -> None:
        if not rules:
            return
        ordinal = day.toordinal()
        if self.unit is None:
            for one in rules:
                self._place(one, None, ordinal)
            return
        document = self.tallied.derive(self.document, day)
        marks = self.tallied.marks(document)
        if not self.held and rules is self.tallied.rules:
            for one, place in self.tallied.places(marks, document):
                self._begin(one, place, self.unit, ordinal)
            return
        for one in rules:
            self._place(one, one.place_by(marks, document), ordinal)

    def _place(self, one: TalliedRule, place: _Place | None, day: int) -> None:
        """From `day` on the rule says this."""
        held = self.held.get(one.first)
        if held is not None:
            if held[0] == place and held[1] == self.unit:
                return
            self._end(one, held, day)
        if place is not None and self.unit is not None:
            self._begin(one, place, self.unit, day)

    def _begin(self, one: TalliedRule, place: _Place, unit: int, day: int) -> None:
        self.held[one.first] = (place, unit, day)
        for slot, amount in place.slots:
            self.found.add(Event(unit, day, slot), amount)

    def _end(self, one: TalliedRule, held: tuple[_Place, int, int], day: int) -> None:
        place, unit, since = self.held.pop(one.first)
        for slot, amount in place.slots:
            self.found.add(Event(unit, day, slot), -amount)
        if place.slot >= 0 and since < day:
            self._member(place, unit, since, day - 1)

    def _member(self, place: _Place, unit: int, since: int, until: int) -> None:
        self.found.members.add(
            Membership(unit, place.slot, since, until, place.on_day, place.value)
        )

    def closed(self) -> Contributions:
        """All that was found; what still holds holds for ever."""
        for place, unit, since in self.held.values():
            if place.slot >= 0:
                self._member(place, unit, since, FOREVER)
        return self.found


_write = msgspec.json.Encoder(decimal_format="number").encode


def _text(value: Any) -> str:
    return _write(value).decode()

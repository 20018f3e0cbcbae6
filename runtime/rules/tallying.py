"""What one subject adds to which tally of which unit from which day on, for all rules of its register. Pure.

Whatever happens to a subject, its tallies change by `contributions` of the timeline after less those before. Days
are ordinals (`date.toordinal`). *Additive* rules (stocks of count, sum, average) give events: slot, day, and by
how much. The others give *memberships*: from when to when the subject counts with which value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from runtime.rules.derive import breakpoints
from runtime.rules.figures import Number, added
from runtime.rules.tallied import UNIT, Document, Place, Tallied, TalliedRule

FOREVER = date.max.toordinal()
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
        self.held: dict[int, tuple[Place, int, int]] = {}
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

    def _place(self, one: TalliedRule, place: Place | None, day: int) -> None:
        """From `day` on the rule says this."""
        held = self.held.get(one.first)
        if held is not None:
            if held[0] == place and held[1] == self.unit:
                return
            self._end(one, held, day)
        if place is not None and self.unit is not None:
            self._begin(one, place, self.unit, day)

    def _begin(self, one: TalliedRule, place: Place, unit: int, day: int) -> None:
        self.held[one.first] = (place, unit, day)
        for slot, amount in place.slots:
            self.found.add(Event(unit, day, slot), amount)

    def _end(self, one: TalliedRule, held: tuple[Place, int, int], day: int) -> None:
        place, unit, since = self.held.pop(one.first)
        for slot, amount in place.slots:
            self.found.add(Event(unit, day, slot), -amount)
        if place.slot >= 0 and since < day:
            self._member(place, unit, since, day - 1)

    def _member(self, place: Place, unit: int, since: int, until: int) -> None:
        self.found.members.add(
            Membership(unit, place.slot, since, until, place.on_day, place.value)
        )

    def closed(self) -> Contributions:
        """All that was found; what still holds holds for ever."""
        for place, unit, since in self.held.values():
            if place.slot >= 0:
                self._member(place, unit, since, FOREVER)
        return self.found

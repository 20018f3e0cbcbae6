"""One page of tallies: what stands in it, what changes it, how it is written. Where it is kept: see `pages`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any

import msgspec

from runtime.rules.figures import EXACT, Number, added
from runtime.rules.tallying import Event

Values = dict[int, Number]

decode = msgspec.json.Decoder(float_hook=Decimal).decode
_encode = msgspec.json.Encoder(decimal_format="number").encode


def quarter_of(day: int) -> int:
    """The quarter (year times 4, and 0 to 3) in which a day (an ordinal) lies."""
    found = date.fromordinal(day)
    return found.year * 4 + (found.month - 1) // 3


@dataclass(slots=True)
class Page:
    """A page while it is changed."""

    quarter: int
    base: Values
    events: dict[tuple[int, int], Number]
    is_new: bool = False
    changed: bool = False

    def end(self) -> Values:
        """The values after all that happens within the quarter."""
        found = dict(self.base)
        for (_day, slot), amount in self.events.items():
            add(found, slot, amount)
        return found


def change(held: list[Page], quarter: int, events: list[tuple[Event, Number]]) -> None:
    """Put events of one quarter into its page (made where there is none), and into all later bases."""
    page = next((one for one in held if one.quarter == quarter), None)
    if page is None:
        before = [one for one in held if one.quarter < quarter]
        page = Page(quarter, before[-1].end() if before else {}, {}, is_new=True)
        held.insert(len(before), page)
    later = [one for one in held if one.quarter > quarter]
    page.changed = True
    for event, amount in events:
        key = (event.day, event.slot)
        total = added(page.events.get(key, 0), amount)
        if total:
            page.events[key] = total
        else:
            page.events.pop(key, None)
        for one in later:
            add(one.base, event.slot, amount)
            one.changed = True


def row(unit: int, page: Page) -> dict[str, Any]:
    """The page of a unit as its row is written."""
    base = [part for slot in sorted(page.base) for part in (slot, page.base[slot])]
    events = [part for key in sorted(page.events) for part in (*key, page.events[key])]
    return {
        "unit_id": unit,
        "quarter": page.quarter,
        "base": _encode(base).decode(),
        "events": _encode(events).decode(),
    }


def events_of(base: str, events: str) -> tuple[Values, dict[tuple[int, int], Number]]:
    """A page's values at the start, and its events by day and slot."""
    return _values(base), {(day, slot): v for day, slot, v in _triples(decode(events))}


def events_in(rows: Iterable[tuple[int, str, str]]) -> dict[Event, Number]:
    """All that happens within pages, given as unit, base and events: what makes them from nothing."""
    return {
        Event(unit, day, slot): amount
        for unit, _base, events in rows
        for day, slot, amount in _triples(decode(events))
    }


def total(rows: Iterable[tuple[str, str]], day: int) -> Values:
    """The sums over several units' pages (`base`, `events`) at the end of `day`."""
    found: defaultdict[int, Number] = defaultdict(int)
    with localcontext(EXACT):
        for base, events in rows:
            flat = decode(base)
            pairs = zip(flat[::2], flat[1::2], strict=True)
            if not found:
                found.update(pairs)
            else:
                for slot, amount in pairs:
                    found[slot] += amount
            for when, slot, amount in _triples(decode(events)):
                if when > day:
                    break
                found[slot] += amount
    return {slot: amount for slot, amount in found.items() if amount}


def together(several: Iterable[Values]) -> Values:
    """The sums of all of these."""
    found: defaultdict[int, Number] = defaultdict(int)
    with localcontext(EXACT):
        for values in several:
            for slot, amount in values.items():
                found[slot] += amount
    return {slot: amount for slot, amount in found.items() if amount}


def _values(text: str) -> Values:
    flat = decode(text)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _triples(flat: list[Any]) -> Iterator[tuple[int, int, Number]]:
    return zip(flat[::3], flat[1::3], flat[2::3], strict=True)


def add(values: Values, slot: int, amount: Number) -> None:
    """Add to a slot; what comes to nothing does not stand there."""
    total = added(values.get(slot, 0), amount)
    if total:
        values[slot] = total
    else:
        values.pop(slot, None)

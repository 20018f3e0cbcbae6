"""How many cells of a report are filled, to type and to check, for lists that show many reports."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.definitions.place import place
from runtime.definitions.plan import Plan
from runtime.entry.drawn import Sheet
from runtime.entry.hold import OPEN
from runtime.entry.looked_at import Looked
from runtime.entry.screen import Screen
from runtime.storage.tables import Entry
from runtime.web.looked import last

_MOST = 5000
_expected: dict[str, Counts] = {}
_of_entries: dict[tuple[str, int, bool], tuple[Looked | None, Counts]] = {}


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells: `all` that count, of them `filled`, to type (`ask`) and to `check`."""

    all: int
    filled: int
    ask: int
    check: int


def expected(plan: Plan) -> Counts:
    """What to expect of a report that nobody has opened yet: what has a rule fills itself."""
    if plan.digest not in _expected:
        screen = Screen(plan, place(plan, {}), Sheet())
        cells = [c for c in screen.cells if c.state == "ask"]
        typed = sum(not (c.face.filled or c.face.fact) for c in cells)
        _expected[plan.digest] = Counts(len(cells), len(cells) - typed, typed, 0)
    return _expected[plan.digest]


def counts_of_entry(entry: Entry, plan: Plan) -> Counts:
    """What is done of an entry, as of its revision and as its cells were found to be when somebody looked last."""
    return _kept(entry, plan, last(entry.id))


def bare_counts(entry: Entry, plan: Plan) -> Counts:
    """The same by what the entry itself tells, without looking at what it rests on."""
    return _kept(entry, plan, None)


def _kept(entry: Entry, plan: Plan, looked: Looked | None) -> Counts:
    key = entry.id, entry.revision, looked is not None
    kept = _of_entries.get(key)
    if kept is not None and kept[0] is looked:
        return kept[1]
    if len(_of_entries) >= _MOST:
        _of_entries.clear()
    counts = _counted(entry, plan, looked)
    _of_entries[key] = looked, counts
    return counts


def _counted(entry: Entry, plan: Plan, looked: Looked | None) -> Counts:
    told, is_open = entry.provenance, entry.state in OPEN
    seen = looked.standing(entry.data, told) if looked and is_open else {}
    sheet = Sheet(provenance=told, draft=is_open, seen=seen)
    return Counts(**Screen(plan, place(plan, entry.data, entry.choices), sheet).counts())

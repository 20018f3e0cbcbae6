"""How many cells of a report are filled, to type and to check, for lists that show many reports."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.definitions.place import place
from runtime.definitions.plan import Plan
from runtime.definitions.verdict import problems as verdict
from runtime.entry.drawn import Sheet
from runtime.entry.screen import Screen
from runtime.storage.tables import Entry
from runtime.web.filling import without_missing

_KEPT = 5000
_expected: dict[str, Counts] = {}
_of_entries: dict[tuple[str, int], Counts] = {}


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
    """What is done of an entry, as of its revision."""
    key = (entry.id, entry.revision)
    if key not in _of_entries:
        if len(_of_entries) >= _KEPT:
            _of_entries.clear()
        problems = without_missing(verdict(plan, entry.data, entry.choices))
        sheet = Sheet(problems, entry.provenance)
        screen = Screen(plan, place(plan, entry.data, entry.choices), sheet)
        _of_entries[key] = Counts(**screen.counts())
    return _of_entries[key]

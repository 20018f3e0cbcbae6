"""How many cells of a report are filled, to type and to check, for lists that show many reports."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.definitions.place import is_fixed, place
from runtime.definitions.plan import Below, Carry, Cell, Plan, Rows
from runtime.definitions.verdict import problems as verdict
from runtime.entry.drawn import Drawn, Sheet
from runtime.entry.hold import OPEN
from runtime.entry.looked_at import Looked
from runtime.entry.screen import Screen
from runtime.entry.state import ASK
from runtime.fill.known import nodes
from runtime.storage.tables import Entry
from runtime.web.filling import without_missing
from runtime.web.looked import last

_MOST = 5000
_expected: dict[str, Counts] = {}
_of_entries: dict[tuple[str, int, str, bool], tuple[Looked | None, Counts]] = {}


@dataclass(frozen=True, slots=True)
class Counts:
    """Cells: `all` that count, of them `filled`, to type (`ask`) and to `check`."""

    all: int
    filled: int
    ask: int
    check: int
    least: bool = False
    """These are those that are sure; others may come, to be filled or to be typed."""


def expected(plan: Plan) -> Counts:
    """What to expect of a report that nobody has opened yet: what has a rule fills itself.

    What earlier reports, or those of the units below, may tell is left out: nobody knows whether there are any.
    """
    if plan.digest not in _expected:
        parts = [p for p in Screen(plan, place(plan, {}), Sheet()).parts if p.state == ASK]
        sure = [p for p in parts if not _is_of_reports(p)]
        typed = sum(p.kind != "cell" or not (p.face.filled or p.face.fact) for p in sure)
        least = len(sure) < len(parts) or not is_fixed(plan) or _fills_rows(plan)
        _expected[plan.digest] = Counts(len(sure), len(sure) - typed, typed, 0, least)
    return _expected[plan.digest]


def _fills_rows(plan: Plan) -> bool:
    """Whether there are lists that fill themselves, with as many cells as there are rows then."""
    every = (node for root in (plan.root, *plan.parts.values()) for node in nodes(root))
    return any(isinstance(n, Rows) and (n.fill or n.below or n.carry) for n in every)


def _is_of_reports(part: Drawn) -> bool:
    """Whether other reports are to tell it, if there are any."""
    node = part.node
    if isinstance(node, Rows):
        return bool(node.fill or node.below or node.carry)
    return isinstance(node, Cell) and isinstance(node.own, Carry | Below)


def counts_of_entry(entry: Entry, plan: Plan) -> Counts:
    """What is done of an entry, as of its revision and as its cells were found to be when somebody looked last."""
    return _kept(entry, plan, last(entry.id))


def bare_counts(entry: Entry, plan: Plan) -> Counts:
    """The same by what the entry itself tells, without looking at what it rests on."""
    return _kept(entry, plan, None)


def _kept(entry: Entry, plan: Plan, looked: Looked | None) -> Counts:
    # What is given back is open again at the same revision.
    key = entry.id, entry.revision, entry.state, looked is not None
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
    problems = without_missing(verdict(plan, entry.data, entry.choices))
    sheet = Sheet(problems, told, draft=is_open, seen=seen)
    found = Screen(plan, place(plan, entry.data, entry.choices), sheet).counts()
    return Counts(found["all"], found["filled"], found["ask"], found["check"])

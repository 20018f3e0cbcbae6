"""What staff type into a report that could not be filled: what is so where that can be known, else a figure made up.

Figures that no rule counts (leaflets handed out, telephone calls) are nowhere in the sample city: a number is drawn.
How large it is plays no part in what is counted. Not for deciding which cells count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from runtime.definitions.address import short_name
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import AnyNode, Cell, Choice, Columns, Group, Plan, Rows, Section
from runtime.definitions.values import value_at, with_value
from runtime.entry.change import chosen
from runtime.entry.totals import with_totals
from runtime.fields.base import MISSING
from runtime.fields.choices import value_of
from runtime.periods import Period
from runtime.replay.rates import share

ROUNDS = 30
"""How often typing may make further cells appear."""

Documents = list[Mapping[str, Any]]
Happened = Callable[[str, str], Documents]
"""Given a register and a field that holds a day: the subjects of the unit whose day lies in the period."""
Figure = Callable[[Cell], Any]
"""Given a cell with a rule: the figure as it would be if all were known."""
Fact = Callable[[str, Cell], Any]
"""Given a cell's pointer and the cell: what is so of the subject of its row, `MISSING` where that is nobody's."""


@dataclass(slots=True)
class Typist:
    """Somebody who fills in the rest of one report; `true` gives its figures as they really are."""

    plan: Plan
    period: Period
    true: Figure
    happened: Happened
    fact: Fact
    words: tuple[Any, ...]
    """What chance is drawn from, beside the cell's pointer."""
    typed: dict[str, Any] = field(default_factory=dict)
    _lists: dict[str, Documents] = field(default_factory=dict)

    def finish(self, data: Any, choices: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
        """The report with all that it wants typed, and the branches picked; `typed` says which cells."""
        picked = dict(choices)
        for _round in range(ROUNDS):
            steps = list(self._steps(place(self.plan, data, picked), data, picked))
            if not steps:
                break
            for pointer, value in steps:
                data = with_value(data, pointer, value)
            data = with_totals(self.plan, data, picked)
        return data, picked

    def _steps(
        self, placed: Placed, data: Any, picked: dict[str, str]
    ) -> Iterator[tuple[str, Any]]:
        for part in walk(placed):
            node = part.node
            if isinstance(node, Cell):
                yield from self._cell(part, node, data, picked)
            elif isinstance(node, Rows):
                yield from self._rows(part, node)
            elif isinstance(node, Choice) and part.required and not part.branch:
                branch = node.branches[0]
                picked[f"{part.pointer}#{node.keyword}"] = branch.key
                yield (
                    part.pointer,
                    value_at(chosen(self.plan, data, part, node, branch.key), part.pointer),
                )

    def _cell(
        self, part: Placed, node: Cell, data: Any, picked: Mapping[str, str]
    ) -> Iterator[tuple[str, Any]]:
        empty = part.value is MISSING or part.value == ""
        if not empty or node.read_only or node.computed or part.locked:
            return
        value = self.fact(part.pointer, node)
        if value is MISSING and (part.required or node.expected):
            value = self._value(part.pointer, node, data, picked)
        if value is not MISSING:
            self.typed[part.pointer] = value
            yield part.pointer, value

    def _rows(self, part: Placed, node: Rows) -> Iterator[tuple[str, Any]]:
        if node.fill is not None or part.locked:
            return
        if part.pointer not in self._lists:
            self._lists[part.pointer] = self._events(node)
        events = self._lists[part.pointer]
        rows = list(part.value) if isinstance(part.value, list) else []
        wanted = max(node.minimum, len(events), int(part.required))
        for n in range(len(rows), min(wanted, node.maximum or wanted)):
            row: Any = {}
            if isinstance(node.item, Cell):
                row = self._made_up(f"{part.pointer}/{n}", node.item)
                self.typed[f"{part.pointer}/{n}"] = row
            rows.append(row)
        if wanted > (len(part.value) if isinstance(part.value, list) else 0):
            yield part.pointer, rows

    def _events(self, node: Rows) -> Documents:
        """What a list without a rule is for: what happened in the period, by the day that its rows ask for."""
        for cell in cells_of(node.item):
            named = named_by(cell)
            if cell.field == "date" and named is not None:
                return self.happened(*named)
        return []

    def _value(self, pointer: str, node: Cell, data: Any, picked: Mapping[str, str]) -> Any:
        if node.fill is not None:
            return self.true(node)
        for place_of, events in self._lists.items():
            named, row = named_by(node), pointer.removeprefix(place_of + "/").split("/")[0]
            if pointer.startswith(place_of + "/") and named and int(row) < len(events):
                return events[int(row)].get(named[1], self._made_up(pointer, node))
        if node.field == "yes-no":
            return self._makes_room(pointer, data, picked)
        return self._made_up(pointer, node)

    def _makes_room(self, pointer: str, data: Any, picked: Mapping[str, str]) -> bool:
        """Whether yes opens a list for something that did happen."""
        after = place(self.plan, with_value(data, pointer, True), picked)
        lists = [p.node for p in walk(after) if isinstance(p.node, Rows) and p.node.fill is None]
        return any(self._events(node) for node in lists)

    def _made_up(self, pointer: str, node: Cell) -> Any:
        drawn = share(*self.words, pointer)
        options = node.options
        if choices := options.get("choices"):
            value = value_of(choices[int(drawn * len(choices))])
            return [value] if node.field == "multiple-choice" else value
        if node.field in ("integer", "decimal", "money", "computed"):
            least, most = int(options.get("minimum", 0)), int(options.get("maximum", 1 << 30))
            number = min(least + int(drawn * 9), most)
            return number if node.field == "integer" else Decimal(number)
        if node.field == "date":
            return self.period.last.isoformat()
        if node.field == "month":
            return f"{self.period.last:%Y-%m}"
        return "09:00" if node.field == "time" else "无"


def cells_of(node: AnyNode) -> Iterator[Cell]:
    """The cells of a row."""
    if isinstance(node, Cell):
        yield node
    elif isinstance(node, Group | Section | Columns):
        for child in node.children:
            yield from cells_of(child)


def named_by(cell: Cell) -> tuple[str, str] | None:
    """The register and field that the dictionary defines a cell by, if it does."""
    address, _hash, pointer = cell.definition.partition("#/properties/")
    if "/dictionary/" not in address or not pointer:
        return None
    return short_name(address), pointer

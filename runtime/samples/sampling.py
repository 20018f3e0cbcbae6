"""A whole entry of sample data for any plan: filled cell by cell, judged, and mended where the form refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import AnyNode, Cell, Choice, Group, Locked, Plan, Recursion, Rows
from runtime.definitions.values import MISSING, value_at, with_value
from runtime.definitions.verdict import is_valid, problems
from runtime.entry.totals import with_totals
from runtime.samples.of_schema import Guess
from runtime.samples.values import Asked, candidates

ROWS, MOST_ROWS = 3, 30
"""Rows of a list in a plausible and in the widest sample, where the form allows them."""
LONGEST_LIST = 300
"""Rows that are made, however many a draft asks for at least."""
MOST_CELLS = 3_000
"""Cells of one sample; beyond that lists get no more rows."""
_ROUNDS = 12
"""What is filled makes parts appear that are to be filled too; so often is looked."""
_MENDED = 60
"""Rounds of mending until a sample is given up."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Sample data with the branches that were picked in it; `valid` as the form judges it."""

    data: Any
    choices: dict[str, str] = field(default_factory=dict)
    valid: bool = True


def sample(plan: Plan) -> Sample:
    """Plausible data for every cell, in the language in force; the same each time on one day."""
    return _best(plan, worst=False)


def worst_case(plan: Plan) -> Sample:
    """The widest data that the form takes: longest texts, largest numbers, many rows; the same each time."""
    return _best(plan, worst=True)


def _best(plan: Plan, *, worst: bool) -> Sample:
    """The fullest sample that is valid; where none is found, the fullest."""
    tries = [_Making(plan, worst=worst), _Making(plan, worst=worst, only_needed=True)]
    found = []
    for making in tries:
        found.append(making.made())
        if found[-1].valid:
            return found[-1]
    guessed = Guess(plan).whole()
    if guessed is not MISSING and is_valid(plan, guessed):
        return Sample(guessed, {})
    return found[0]


class _Making:
    def __init__(self, plan: Plan, *, worst: bool, only_needed: bool = False) -> None:
        self.plan = plan
        self.worst = worst
        self.only_needed = only_needed
        self.data: Any = MISSING
        self.choices: dict[str, str] = {}
        self.turns: dict[str, int] = {}
        """How many values of each place were refused."""
        self.left_out: set[str] = set()
        self.guess = Guess(plan)
        self.guessed: Any = None
        self.cells = 0

    def made(self) -> Sample:
        self._start()
        self._fill()
        for _round in range(_MENDED):
            if self._is_valid():
                return Sample(self._whole(), self.choices)
            if not self._mend():
                break
            self._fill()
        return Sample(self._whole(), self.choices, self._is_valid())

    def _start(self) -> None:
        single = isinstance(self.plan.root, Cell | Rows | Choice | Locked | Recursion)
        self.data = MISSING if single else {}

    def _whole(self) -> Any:
        return {} if self.data is MISSING else self.data

    def _is_valid(self) -> bool:
        return is_valid(self.plan, self._whole())

    def _fill(self) -> None:
        for _round in range(_ROUNDS):
            before, picked = self.data, dict(self.choices)
            root = place(
                self.plan, self._whole() if self.data is not MISSING else MISSING, self.choices
            )
            for part in walk(root):
                self._one(part)
            self.data = with_totals(self.plan, self.data, self.choices)
            if self.data is before and self.choices == picked:
                break

    def _one(self, part: Placed) -> None:
        node = part.node
        if isinstance(node, Choice):
            key = f"{part.pointer}#{node.keyword}"
            if key not in self.choices and self._wanted(part):
                self._pick(part.pointer, node)
            return
        if part.value is not MISSING or part.pointer in self.left_out or not self._wanted(part):
            return
        if isinstance(node, Cell):
            if not node.computed and not part.locked:
                self._put(part.pointer, self._value(node, part.pointer))
        elif isinstance(node, Rows):
            self._put(part.pointer, self._rows(node, part.pointer))
        elif isinstance(node, Group) and part.required:
            self._put(part.pointer, {})
        elif isinstance(node, Locked | Recursion) and part.required:
            self._put(part.pointer, self._guessed(part.pointer))

    def _wanted(self, part: Placed) -> bool:
        return part.required or not self.only_needed

    def _value(self, node: Cell, pointer: str) -> Any:
        self.cells += 1
        found = candidates(Asked(node, pointer, self.worst))
        turn = self.turns.get(pointer, 0)
        return found[turn] if turn < len(found) else self._guessed(pointer)

    def _rows(self, node: Rows, pointer: str) -> list[Any] | Any:
        self.cells += 1
        counts = list(dict.fromkeys(self._counts(node, pointer)))
        turn = self.turns.get(pointer, 0)
        if turn >= len(counts):
            return self._guessed(pointer)
        return [self._row(node.item, f"{pointer}/{n}") for n in range(counts[turn])]

    def _counts(self, node: Rows, pointer: str) -> Iterator[int]:
        """How many rows are tried: lists within lists get few, those within these none that need not be."""
        inside = sum(step.isdigit() for step in pointer.split("/"))
        most = (MOST_ROWS if self.worst else ROWS, 2, 1, 0)[min(inside, 3)]
        if self.only_needed or self.cells > MOST_CELLS:
            most = 0
        least = min(node.minimum, LONGEST_LIST)
        yield max(most if node.maximum is None else min(most, node.maximum), least)
        yield max(min(1, most), least)
        yield least

    def _row(self, item: AnyNode, pointer: str) -> Any:
        """What a new row begins as; its cells are filled once it is there."""
        if isinstance(item, Cell):
            found = candidates(Asked(item, pointer, self.worst))
            index = int(pointer.rpartition("/")[2])
            return found[index % len(found)] if found else None
        if isinstance(item, Rows):
            return []
        return {}

    def _pick(self, pointer: str, node: Choice) -> None:
        keys = [branch.key for branch in node.branches]
        if keys:
            turn = self.turns.get(f"{pointer}#", 0)
            self.choices[f"{pointer}#{node.keyword}"] = keys[turn % len(keys)]

    def _guessed(self, pointer: str) -> Any:
        """What the schema as a whole asks for at that place."""
        if self.guessed is None:
            self.guessed = self.guess.whole()
        return value_at(self.guessed, pointer) if self.guessed is not MISSING else MISSING

    def _put(self, pointer: str, value: Any) -> None:
        if value is MISSING or self.cells > 10 * MOST_CELLS:
            return
        try:
            self.data = with_value(self.data, pointer, value)
        except LookupError:
            self.left_out.add(pointer)

    def _mend(self) -> bool:
        """Let every place that was refused hold something else; whether anything could be done."""
        root = place(self.plan, self._whole(), self.choices)
        parts = {part.pointer: part for part in walk(root)}
        refused = {p.pointer for p in problems(self.plan, self._whole(), self.choices)}
        mended = [self._other(parts, pointer) for pointer in sorted(refused)]
        return any(mended)

    def _other(self, parts: dict[str, Placed], pointer: str) -> bool:
        """The next value of the place, else of the choice or list that it stands in."""
        part = parts.get(pointer)
        if part is not None and isinstance(part.node, Cell | Rows) and not self._is_spent(part):
            self.turns[pointer] = self.turns.get(pointer, 0) + 1
            self._take_out(pointer)
            return True
        if self._other_branch(parts, pointer):
            return True
        there = value_at(self.data, pointer)
        needed = part is not None and part.required
        if pointer and there is not MISSING and not needed and pointer not in self.left_out:
            self.left_out.add(pointer)
            self._take_out(pointer)
            return True
        above = pointer.rpartition("/")[0]
        if there is MISSING and pointer and (guessed := self._guessed(pointer)) is not MISSING:
            self._put(pointer, guessed)
            return value_at(self.data, pointer) is not MISSING
        return bool(pointer) and above != pointer and self._other(parts, above)

    def _is_spent(self, part: Placed) -> bool:
        """Whether all its values were refused already."""
        turn = self.turns.get(part.pointer, 0)
        if isinstance(part.node, Rows):
            return turn >= len(set(self._counts(part.node, part.pointer)))
        return part.node.computed or turn >= len(  # type: ignore[union-attr]
            candidates(Asked(part.node, part.pointer, self.worst))  # type: ignore[arg-type]
        )

    def _other_branch(self, parts: dict[str, Placed], pointer: str) -> bool:
        for key in list(self.choices):
            place_of = key.rpartition("#")[0]
            if f"{pointer}/".startswith(f"{place_of}/"):
                node = next(
                    (p.node for p in self._choices_at(place_of) if isinstance(p.node, Choice)), None
                )
                turn = self.turns.get(f"{place_of}#", 0)
                if node is None or turn + 1 >= len(node.branches):
                    continue
                self.turns[f"{place_of}#"] = turn + 1
                self._begin_anew(place_of)
                self._pick(place_of, node)
                return True
        return False

    def _begin_anew(self, pointer: str) -> None:
        """Forget what was tried at and below a place: another branch has values of its own."""
        own = f"{pointer}#"
        inside = (own, f"{pointer}/")
        self.turns = {
            p: n for p, n in self.turns.items() if p == own or not f"{p}/".startswith(inside[1])
        }
        self.left_out = {p for p in self.left_out if not f"{p}/".startswith(inside[1])}
        self.choices = {k: v for k, v in self.choices.items() if not k.startswith(inside)}
        self._take_out(pointer)

    def _choices_at(self, pointer: str) -> Iterator[Placed]:
        root = place(self.plan, self._whole(), self.choices)
        return (p for p in walk(root) if p.pointer == pointer and isinstance(p.node, Choice))

    def _take_out(self, pointer: str) -> None:
        if not pointer:
            self._start()
            return
        steps = pointer.split("/")
        if steps[-1].isdigit() and isinstance(value_at(self.data, "/".join(steps[:-1])), list):
            return  # a row keeps its place: its values change
        try:
            self.data = with_value(self.data, pointer, MISSING)
        except LookupError:
            self.left_out.add(pointer_of(*steps[1:]))

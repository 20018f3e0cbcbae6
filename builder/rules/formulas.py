"""A formula composed of cells: sum, difference, product, quotient, average; written, and read back. Pure.

A sum is a total (`totalOf`), which counts empty cells as nothing; the others are formulas as Excel writes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.edits.spots import pointer_of, tokens
from runtime.api import WrongFormula, names_in

OPERATIONS = ("sum", "difference", "product", "ratio", "percent", "average")
TWO = ("ratio", "percent")
"""Operations of two cells, no more."""
_NAME = r"[^\W\d]\w*"
_LISTED, _QUOTIENT = rf"({_NAME}(?:\s*,\s*{_NAME})*)", rf"({_NAME}\s*/\s*{_NAME})"
_ROUND, _DIGITS = r"(?:ROUND\(\s*)?", r"(?:\s*,\s*\d+\s*\))?"
_SHAPES = {
    operation: re.compile(rf"=\s*{shape}", re.IGNORECASE)
    for operation, shape in {
        "average": rf"AVERAGE\(\s*{_LISTED}\s*\)",
        "sum": rf"(?:SUM\(\s*{_LISTED}\s*\)|({_NAME}(?:\s*\+\s*{_NAME})+))",
        "difference": rf"({_NAME}(?:\s*-\s*{_NAME})+)",
        "product": rf"({_NAME}(?:\s*\*\s*{_NAME})+)",
        "percent": rf"{_ROUND}{_QUOTIENT}\s*\*\s*100{_DIGITS}",
        "ratio": rf"{_ROUND}{_QUOTIENT}{_DIGITS}",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Worked:
    """What is done with which cells, by their pointers."""

    operation: str
    cells: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it has as many cells as its operation needs."""
        if "" in self.cells or self.operation not in OPERATIONS:
            return False
        if self.operation in TWO:
            return len(self.cells) == 2
        return len(self.cells) >= (1 if self.operation == "sum" else 2)


def written(worked: Worked, pointer: str, digits: int = 0) -> dict[str, Any]:
    """The keywords of the cell at `pointer` that is worked out so."""
    steps = tokens(pointer)
    if worked.operation == "sum":
        return {"readOnly": True, "totalOf": [relative(steps, tokens(c)) for c in worked.cells]}
    names = named(pointer, worked.cells)
    by_cell = {cell: name for name, cell in names.items()}
    text = spelled(worked.operation, [by_cell[cell] for cell in worked.cells], digits)
    return {"fill": with_cells(text, pointer, names)}


def spelled(operation: str, said: Sequence[str], digits: int = 0) -> str:
    """The operation on these names as a formula."""
    text = {
        "sum": "+".join(said),
        "average": f"AVERAGE({', '.join(said)})",
        "difference": "-".join(said),
        "product": "*".join(said),
        "ratio": f"ROUND({'/'.join(said)}, {digits})",
        "percent": f"ROUND({'/'.join(said)}*100, {digits})",
    }[operation]
    return f"={text}"


def with_cells(text: str, pointer: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The `fill` of a formula: what its names stand for is said where that is not the cell beside of that name."""
    steps = tokens(pointer)
    cells = {
        name: relative(steps, tokens(names[name]))
        for name in names_in(text)
        if name in names and tokens(names[name]) != (*steps[:-1], name)
    }
    return {"formula": text} | ({"cells": cells} if cells else {})


def named(pointer: str, cells: Sequence[str]) -> dict[str, str]:
    """A name for each cell in the formulas of the cell at `pointer`: its own, with a number where that is taken."""
    found: dict[str, str] = {}
    around = tokens(pointer)[:-1]
    for cell in sorted(dict.fromkeys(cells), key=lambda c: tokens(c)[:-1] != around):
        wanted = re.sub(r"\W", "_", tokens(cell)[-1]) or "cell"
        wanted = wanted if is_name(wanted) else f"cell_{wanted}"
        name, n = wanted, 2
        while name in found:
            name, n = f"{wanted}_{n}", n + 1
        found[name] = cell
    return found


def is_name(name: str) -> bool:
    """Whether a formula may call a cell so."""
    try:
        return names_in(f"={name}") == (name,)
    except WrongFormula:
        return False


def read(schema: Mapping[str, Any], pointer: str) -> Worked | None:
    """What a cell is worked out from, where it is one operation on cells; None for all else."""
    steps, total = tokens(pointer), schema.get("totalOf")
    if isinstance(total, list) and all(isinstance(one, str) for one in total):
        return Worked("sum", tuple(pointer_of(target(steps, one)) for one in total))
    fill = schema.get("fill")
    text = fill.get("formula") if isinstance(fill, Mapping) else None
    shape = shape_of(text) if isinstance(text, str) else None
    if shape is None:
        return None
    known = places(fill or {}, pointer)
    return Worked(shape[0], tuple(known.get(name, "") for name in shape[1]))


def shape_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    """The one operation that a formula is, and the names that it is done with; None for all else."""
    for operation, shape in _SHAPES.items():
        if found := shape.fullmatch(text.strip()):
            names = re.findall(_NAME, next(part for part in found.groups() if part))
            return operation, tuple(names)
    return None


def places(fill: Mapping[str, Any], pointer: str) -> dict[str, str]:
    """The pointer of each cell that a formula names; empty where the formula is none."""
    steps, given = tokens(pointer), fill.get("cells")
    try:
        names = names_in(str(fill.get("formula", "")))
    except WrongFormula:
        return {}
    told = given if isinstance(given, Mapping) else {}
    return {
        name: pointer_of(target(steps, str(told.get(name, "1" + pointer_of([name])))))
        for name in names
    }


def relative(steps: tuple[str, ...], other: tuple[str, ...]) -> str:
    """The Relative JSON Pointer from one place to another."""
    pairs = zip(steps, other, strict=False)
    shared = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(steps), len(other)))
    return f"{len(steps) - shared}{pointer_of(other[shared:])}"


def target(steps: tuple[str, ...], relative: str) -> tuple[str, ...]:
    """Where a Relative JSON Pointer leads to."""
    up, slash, rest = relative.partition("/")
    count = int(up) if up.isdecimal() else 0
    return steps[: max(0, len(steps) - count)] + tokens(slash + rest)

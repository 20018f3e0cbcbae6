"""“Filled from” of a part on its way: what may be chosen, and the keywords that say it. Not for what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.edits.spots import pointer_of, tokens
from builder.rules.cells import Cells
from builder.rules.composer import Composed
from builder.rules.fields import Field
from builder.rules.filling import filled, unit_says
from builder.rules.formulas import OPERATIONS, Worked, named, places, with_cells, written
from builder.rules.writing import is_open
from builder.studio.canvas import Part
from runtime.api import SOURCES, say, texts_of
from runtime.api import gettext as _

EVERYBODY: dict[str, Any] = {"type": "object"}
ORDERED = 3
"""Fields by which rows may be ordered."""


@dataclass
class Filling:
    """A fill on its way."""

    cells: Cells
    part: Part
    schema: Mapping[str, Any]
    ways: list[tuple[str, str]]
    way: str
    was: str
    is_step: bool = False
    is_locked: bool = False
    cell: str = ""
    """For a value that is carried over or comes from below: the cell; empty: this one."""
    unit: str = "title"
    worked: Worked = field(default_factory=lambda: Worked("sum", ("",)))
    formula: str = "="
    source: str = ""
    register: str = ""
    composed: Composed | None = None
    on: str = ""
    order: tuple[str, ...] = ()
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def is_ready(self) -> bool:
        """Nothing is missing."""
        return not self.problems and (
            self.way != "list" or self.composed is None or self.composed.is_ready
        )

    @property
    def sentence(self) -> str:
        """How it is filled as the form stands."""
        return filled(self.cells, self.part.pointer).sentence

    def registers(self) -> list[tuple[str, str]]:
        """The registers that rows may be of."""
        library = self.cells.library
        return [(n, say(texts_of(library.register(n))) or n) for n in library.registers()]

    def fields(self, kind: str = "") -> list[tuple[str, str]]:
        """The fields of the chosen register, of one kind or all."""
        known = self.composed.fields.values() if self.composed else ()
        return [
            (f.path[0], say(f.title)) for f in known if len(f.path) == 1 and kind in ("", f.kind)
        ]

    def operations(self) -> list[tuple[str, str]]:
        """What may be done with cells."""
        said = {
            "sum": _("the sum of"), "difference": _("the difference of"), "product": _("the product of"),
            "ratio": _("one divided by the other:"), "percent": _("one in percent of the other:"),
            "average": _("the average of"),
        }  # fmt: skip
        return [(one, said[one]) for one in OPERATIONS]

    def numbers(self, *, rows: bool) -> list[tuple[str, str]]:
        """The number cells that may be worked with; with `rows` those of lists too, of which all rows are added up."""
        return [
            (pointer_of(f.path), say(f.title)) for f in _numbers(self.cells, self.part, rows=rows)
        ]

    def names(self) -> dict[str, tuple[str, str]]:
        """The names that a formula may use: each with the pointer and title of its cell."""
        found = names_for(self.cells, self.part, self.schema)
        told = dict(self.numbers(rows=False))
        return {name: (place, told.get(place, place)) for name, place in found.items()}

    def carried(self) -> list[tuple[str, str]]:
        """The cells from which a value may be taken over: outside of lists, of the same type."""
        mine = _field(self.cells, self.part)
        return [
            (pointer_of(f.path), say(f.title))
            for f in self.cells.called(tokens(self.part.pointer))
            if "*" not in f.path and mine and f.kind == mine.kind and f.path != mine.path
        ]

    def units(self) -> list[tuple[str, str]]:
        """What is known of a unit."""
        return [(code, unit_says(code)) for code in ("title", "code", "level")]

    def sources(self) -> list[str]:
        """The programs that plugins bring."""
        return sorted(SOURCES)

    def keywords(self) -> dict[str, Any]:
        """What the cell's schema says of it. Raises `Refused` for what is not complete."""
        match self.way:
            case "typed":
                return {}
            case "carry":
                return {"fill": {"carry": self.cell or True}}
            case "unit":
                return {"fill": {"unit": self.unit}}
            case "below":
                return {"fill": {"below": "sum"} | ({"of": self.cell} if self.cell else {})}
            case "cell-below":
                return {"fill": {"below": "cell", "of": self.cell}}
            case "rows-below":
                return {"fill": {"below": "rows"}}
            case "source":
                return {"fill": {"source": self.source}}
            case "list":
                return {"fill": self._list()}
        digits = self.schema.get("digits", 2 if self.schema.get("type") == "number" else 0)
        more = {"digits": digits} if self.schema.get("type") == "number" else {}
        if self.way == "worked":
            return more | written(self.worked, self.part.pointer, int(digits))
        names = {name: place for name, (place, _title) in self.names().items()}
        return more | {"fill": with_cells(self.formula, self.part.pointer, names)}

    def _list(self) -> dict[str, Any]:
        where = self.composed.where if self.composed else True
        found: dict[str, Any] = {"list": self.register}
        if self.on:
            found["on"] = self.on
        if isinstance(where, Mapping) and not is_open(where):
            found["where"] = where
        if order := [name for name in self.order if name]:
            found["order"] = order
        return found


def names_for(cells: Cells, part: Part, schema: Mapping[str, Any]) -> dict[str, str]:
    """The pointer of each cell that a formula of the part may name; names that it uses already stay."""
    fill = schema.get("fill")
    known = {
        n: p
        for n, p in places(fill if isinstance(fill, Mapping) else {}, part.pointer).items()
        if p
    }
    numbers = [pointer_of(f.path) for f in _numbers(cells, part, rows=False)]
    kept = {name: place for name, place in known.items() if place in numbers}
    rest = named(part.pointer, [place for place in numbers if place not in kept.values()])
    return {**kept, **{n if n not in kept else f"{n}_": p for n, p in rest.items()}}


def _numbers(cells: Cells, part: Part, *, rows: bool) -> list[Field]:
    steps = tokens(part.pointer)
    around = {f.path for f in cells.readable(part.pointer)}
    return [
        f
        for f in cells.called(steps)
        if f.kind == "number" and f.path != steps and (f.path in around or (rows and "*" in f.path))
    ]


def _field(cells: Cells, part: Part) -> Field | None:
    steps = tokens(part.pointer)
    return next((f for f in cells.fields if f.path == steps), None)

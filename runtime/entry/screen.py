"""The entry screen: a plan and its data as HTML, and the pieces of it that a checked cell changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, Template
from markupsafe import Markup

from runtime.definitions.place import Placed, place
from runtime.definitions.plan import Plan
from runtime.entry.drawing import Drawing
from runtime.entry.drawn import Drawn, Sheet, arranged, cells_of, counted, element_id, shape_of
from runtime.entry.frame import drawn_cells, drawn_line
from runtime.entry.state import ASK, CHECK, KNOWN, WRONG, without_title
from runtime.errors import Problem
from runtime.language import gettext, ngettext


def render(
    plan: Plan,
    data: Any,
    problems: Sequence[Problem] = (),
    choices: Mapping[str, str] | None = None,
    *,
    provenance: Mapping[str, Any] | None = None,
    opened: Sequence[str] = (),
    raw: Mapping[str, Sequence[str]] | None = None,
    reading: bool = False,
) -> Markup:
    """The parts of a form with `data` in their controls, without the `<form>` around them.

    `problems` are shown beside their cells and in a summary on top; `raw` (`Decoded.raw`) keeps what was
    typed wrongly; `provenance` gives each cell its mark; `opened` names recursions that stand open.
    `reading` draws values in place of controls.
    """
    sheet = Sheet(problems, provenance or {}, raw or {}, reading=reading)
    screen = Screen(plan, place(plan, data, choices, opened), sheet)
    screen.with_summary = bool(problems)
    return screen.html()


class Screen:
    """One entry as it is to be drawn: whole, or only what has changed since another.

    Given the screen `like`, of the same entry shortly before, what is as it was there is taken from it.
    """

    def __init__(
        self, plan: Plan, placed: Placed, sheet: Sheet, like: Screen | None = None
    ) -> None:
        self.plan = plan
        self.with_summary = False
        """Whether the problems are told on top too."""
        self.sheet = sheet
        self.drawing: Drawing = Drawing(plan, sheet, like.drawing if like else None)
        self.root = self.drawing.draw(placed)

    @property
    def cells(self) -> list[Drawn]:
        """The cells in drawing order."""
        return self.drawing.cells

    @property
    def parts(self) -> list[Drawn]:
        """The cells, and the choices and lists that hold them, in drawing order."""
        return self.drawing.parts

    def html(self) -> Markup:
        """All of it."""
        children = self.root.children if self.root.kind == "group" else [self.root]
        return self._drawn(parts=sheets(children))

    def counts(self) -> dict[str, int]:
        """How much is filled, to type and to check: cells, choices to be made, lists that wait for a row."""
        found = dict.fromkeys(("", KNOWN, ASK, CHECK, WRONG), 0)
        empty = 0
        for cell in filter(counted, self.parts):
            found[cell.state] += 1
            empty += not cell.state and not cell.value
        ask, check = found[ASK], found[CHECK] + found[WRONG]
        filled = found[""] + found[KNOWN] - empty
        return {"all": filled + ask + check, "ask": ask, "check": check, "filled": filled}

    def stale(self) -> list[str]:
        """The pointers of filled cells whose fact has grown old and that nobody has confirmed yet."""
        told = self.sheet.provenance
        return [c.name for c in self.cells if told.get(c.name, {}).get("stale")]

    def changes_since(self, before: Screen) -> Changes:
        """What must be drawn anew where `before` stands: regions of another shape, and cells told otherwise."""
        old, new = before.drawing.regions, self.drawing.regions
        regions: list[Drawn] = []
        skipped: set[int] = set()
        for drawn in new.values():
            was = old.get(drawn.region)
            if was is drawn or id(drawn) in skipped:
                continue
            if was is None or shape_of(was) != shape_of(drawn):
                regions.append(drawn)
                skipped.update(id(inner) for inner in _regions_in(drawn))
        same = {id(c) for c in before.cells}
        same.update(id(c) for region in regions for c in cells_of(region))
        fresh = [c for c in self.cells if id(c) not in same]
        names = {c.name for c in fresh}
        told = {c.name: _told(c) for c in before.cells if c.name in names}
        cells = [c for c in fresh if told.get(c.name) != _told(c)]
        return Changes(regions, cells, _choices_told_otherwise(before.parts, self.parts))

    def pieces(self, changes: Changes) -> Markup:
        """Those regions and messages as elements to be exchanged by their ids."""
        return self._drawn(pieces=changes)

    def _drawn(self, **given: Any) -> Markup:
        drawn = _template().render(screen=self, sheet=self.sheet, root=self.root, **given)
        return Markup(drawn)  # noqa: S704 - the template escapes what it is given

    def first(self, *states: str) -> Drawn | None:
        """The first part in one of these states."""
        return next((c for c in self.parts if c.state in states), None)

    def link(self, pointer: str) -> str:
        """The id of what is drawn for `pointer`, or of the nearest part around it."""
        places = self.drawing.places
        while pointer and pointer not in places:
            pointer = pointer.rpartition("/")[0]
        return places[pointer].id if pointer in places else element_id("")

    def problem_lines(self) -> list[tuple[str, str, str]]:
        """Of each problem: the id it leads to, the cell's label, the message."""
        places = self.drawing.places
        found = [
            (self.link(p.pointer), getattr(places.get(p.pointer), "label", ""), p)
            for p in self.sheet.problems
            if p.severity == "error"
        ]
        return [(link, label, without_title(p.message, label)) for link, label, p in found]


@dataclass(slots=True)
class Changes:
    """What differs between two screens of one entry."""

    regions: list[Drawn]
    cells: list[Drawn]
    choices: list[Drawn]
    """Those to be made or no longer; a list is a region and drawn anew as a whole."""

    def states(self) -> dict[str, list[object]]:
        """Element id -> state, whether it is required, and the control's content where it is short."""
        return {c.id: [c.state, int(c.required), c.value] for c in (*self.cells, *self.choices)}


def apart(screen: Screen, drawn: Sequence[Drawn]) -> list[Markup]:
    """Parts of a screen, each by itself."""
    found: list[Markup] = []
    screen._drawn(apart=drawn, keep=found.append)
    return found


def _choices_told_otherwise(before: Sequence[Drawn], after: Sequence[Drawn]) -> list[Drawn]:
    were = {d.name: _told(d) for d in before if d.kind == "choice"}
    return [d for d in after if d.kind == "choice" and were.get(d.name, _told(d)) != _told(d)]


def _told(cell: Drawn) -> tuple[object, ...]:
    return (
        cell.state,
        cell.message,
        cell.error,
        cell.required,
        cell.value,
        cell.take,
        cell.was,
        cell.odd,
    )


def _regions_in(drawn: Drawn) -> list[Drawn]:
    found: list[Drawn] = []
    for child in drawn.children:
        if child.region:
            found.append(child)
        found += _regions_in(child)
    return found


def sheets(children: Sequence[Drawn]) -> list[tuple[str, list[Drawn]]]:
    """The top of a form in sheets: a section or a titled part is one, what stands between them another."""
    runs: list[tuple[str, list[Drawn]]] = []
    for child in children:
        kind = _sheet_kind(child)
        if kind == "titled":
            child.titled = False
        if kind == "loose" and runs and runs[-1][0] == "loose":
            runs[-1][1].append(child)
        else:
            runs.append((kind, [child]))
    return runs


def _sheet_kind(child: Drawn) -> str:
    if child.kind in {"section", "region"}:
        return "section"
    alone = child.kind in {"rows", "crossTable", "group"} and child.face.title
    return "titled" if alone else "loose"


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("runtime.entry"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(_=gettext, ngettext=ngettext, arranged=arranged, shape_of=shape_of)
    environment.globals.update(drawn_cells=drawn_cells, drawn_line=drawn_line)
    return environment.get_template("form.html")

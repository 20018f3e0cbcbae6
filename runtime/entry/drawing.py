"""A placed plan made ready to draw: ids, texts, states and messages of each part. No HTML, no database."""

from __future__ import annotations

from typing import Any

import simplejson

from runtime.definitions import plan as parts
from runtime.definitions.address import tokens
from runtime.definitions.named import is_typed, pattern_told
from runtime.definitions.place import Placed, is_fixed
from runtime.definitions.plan import Named
from runtime.definitions.wanted import told
from runtime.entry.drawn import (
    Drawn,
    NameBox,
    Sheet,
    alike,
    arranged,
    cells_of,
    element_id,
    told_otherwise,
)
from runtime.entry.face import CellFace, Face, cell_face, cross_face, face_of
from runtime.entry.names import name_of_row, new_name_of, post_name
from runtime.entry.open_parts import state_of_choice, state_of_rows
from runtime.entry.state import WRONG, Speaks, shown_now, state_of
from runtime.fields.base import MISSING
from runtime.language import gettext as _

TOP, DEEPEST = 2, 6
"""The first level of headings, below the page's own title, and the last one that there is."""


class Drawing:
    """Makes the drawn parts of one placed tree, and remembers its cells and regions in drawing order.

    What is placed as it was for the drawing `like`, with nothing else said of it, is that drawing's part.
    """

    def __init__(self, plan: parts.Plan, sheet: Sheet, like: Drawing | None = None) -> None:
        self.plan = plan
        self.sheet = sheet
        self.errors = {p.pointer: p for p in reversed(sheet.problems)}
        self.cells: list[Drawn] = []
        self.places: dict[str, Drawn] = {}
        """Pointer -> what is drawn for it, for links from problems."""
        self.regions: dict[str, Drawn] = {}
        self._trail: list[str] = []
        self._in_rows = 0
        self.made: dict[int, tuple[Placed, int, Drawn, slice, slice]] = {}
        """By the placed part's id: it, its level, what is drawn for it, its run of the cells and of the names."""
        self._names: list[tuple[str, Drawn]] = []
        fits = like is not None and is_fixed(plan) and alike(like.sheet, sheet)
        self.like = like if fits else None
        if self.like is not None:
            self.regions.update(self.like.regions)
            self._other = told_otherwise(self.like.sheet, sheet)
        self._makers = {
            parts.Cell: self._cell,
            parts.Group: self._group,
            parts.Rows: self._rows,
            parts.Choice: self._choice,
            parts.Recursion: self._recursion,
            parts.Locked: self._locked,
            parts.Section: self._section,
            parts.Columns: self._columns,
            parts.Note: self._note,
            parts.CrossTable: self._cross_table,
        }

    @property
    def parts(self) -> list[Drawn]:
        """The cells, choices and lists in drawing order."""
        return [
            drawn
            for pointer, drawn in self._names
            if drawn.kind == "cell" or (drawn.kind in ("choice", "rows") and pointer == drawn.name)
        ]

    def draw(self, placed: Placed, level: int = TOP) -> Drawn:
        """`placed` and all below it, headings from `level` on."""
        if self.like is not None and (kept := self._kept(self.like, placed, level)) is not None:
            return kept
        first, name = len(self.cells), len(self._names)
        locked = placed.locked and not isinstance(placed.node, parts.Cell)
        maker = self._locked if locked else self._makers[type(placed.node)]
        drawn: Drawn = maker(placed, level)
        runs = slice(first, len(self.cells)), slice(name, len(self._names))
        self.made[id(placed)] = placed, level, drawn, *runs
        return drawn

    def _kept(self, like: Drawing, placed: Placed, level: int) -> Drawn | None:
        """What the drawing before made of this part, if it is the very same."""
        found = like.made.get(id(placed))
        if found is None or found[1] != level or placed.pointer in self._other:
            return None
        self.cells += like.cells[found[3]]
        names, places = like._names[found[4]], self.places
        self._names += names
        for pointer, drawn in names:
            if drawn.kind == "cell" or pointer not in places:
                places[pointer] = drawn
        return found[2]

    def _name(self, pointer: str, drawn: Drawn) -> None:
        """Let problems of the place lead to this part: to a cell, else to the first that is drawn for it."""
        self._names.append((pointer, drawn))
        if drawn.kind == "cell":
            self.places[pointer] = drawn
        else:
            self.places.setdefault(pointer, drawn)

    def _new(self, kind: str, placed: Placed, level: int) -> Drawn:
        drawn = Drawn(kind, face_of(placed.node), placed.pointer)
        drawn.node = placed.node
        drawn.level = level
        drawn.required = placed.required
        drawn.locked = placed.locked
        self._name(placed.pointer, drawn)
        problem = self.errors.get(placed.pointer)
        drawn.error = problem.message if problem else ""
        return drawn

    def _cell(self, placed: Placed, level: int, label: str = "", *, brief: bool = False) -> Drawn:
        pointer, sheet = placed.pointer, self.sheet
        face = cell_face(placed.node)
        drawn = Drawn("cell", face, pointer)
        drawn.node = placed.node
        drawn.name = post_name(pointer)
        self._name(pointer, drawn)
        self.cells.append(drawn)
        drawn.label, drawn.brief = label or face.title, brief
        drawn.required, drawn.locked = placed.required, placed.locked
        value = drawn.data = placed.value
        if drawn.locked:
            drawn.json = as_json(value)
        elif face.read_only or sheet.reading:
            drawn.value = face.display(value)
        else:
            drawn.values = sheet.raw.get(pointer) or face.encode(value)
            drawn.value = drawn.values[-1] if drawn.values else ""
        problem = self.errors.get(pointer) if self.errors else None
        drawn.state, drawn.message, drawn.error = state_of(
            drawn, value, problem, sheet, speaks=self._speaks(placed)
        )
        if pointer in sheet.now and not (sheet.reading or drawn.error):
            drawn.take = shown_now(face, sheet.now[pointer].now)
        if sheet.earlier is not None and not (face.computed or drawn.locked):
            drawn.was, drawn.odd = sheet.earlier.beside(face, pointer, value)
        return drawn

    def _speaks(self, placed: Placed) -> Speaks:
        """What becomes of what is typed here of a subject: the form's own, or that of a filled row."""
        fact: parts.Fact | None = placed.node.fact  # type: ignore[union-attr]
        if fact is None or not self.sheet.draft:
            return ""
        told = self.sheet.provenance.get(placed.pointer) or {}
        if self._in_rows and not told.get("was", {}).get("subject"):
            return ""
        if not self._in_rows and fact.register != self.plan.form.subject:
            return ""
        asked = (fact.register, fact.field) in self.sheet.proposed
        return "proposed" if asked else "known"

    def _group(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("group", placed, level)
        # At the top its title is a heading; further below it is a legend, which takes no level of headings.
        inner = level + 1 if drawn.face.title and level == TOP else level
        return self._filled(drawn, placed, inner)

    def _section(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("section", placed, level)
        drawn.id = f"s-{placed.node.id}"  # type: ignore[union-attr]
        self._filled(drawn, placed, level + 1)
        if len(drawn.children) == 1:
            drawn.children[0].titled = False
        return drawn

    def _columns(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("columns", placed, level)
        self._filled(drawn, placed, level)
        drawn.count = min(placed.node.count, 4)  # type: ignore[union-attr]
        return drawn

    def _filled(self, drawn: Drawn, placed: Placed, level: int) -> Drawn:
        there = {id(child.node): child for child in placed.children}
        for number, node in enumerate(placed.node.children):  # type: ignore[union-attr]
            child = there.get(id(node))
            self._trail.append(str(number))
            if _may_vanish(node):
                drawn.children.append(self._region(drawn.id, child, level))
            elif child is not None:
                drawn.children.append(self.draw(child, level))
            self._trail.pop()
        known = {id(node) for node in placed.node.children}  # type: ignore[union-attr]
        drawn.children += [self.draw(c, level) for c in placed.children if id(c.node) not in known]
        drawn.parts = arranged(drawn.children)
        return drawn

    def _remember(self, region: Drawn, name: str) -> None:
        """A part that may be exchanged by itself."""
        region.region = name
        self.regions[name] = region

    def _region(self, name: str, child: Placed | None, level: int) -> Drawn:
        """A place that a conditional part fills or leaves empty; it is there either way, to be exchanged.

        Its id holds the way to it through the plan: several parts that wrap others stand at one place.
        """
        region = Drawn("region", Face(), "")
        region.id = f"r-{name}--{'-'.join(self._trail)}"
        self._remember(region, region.id)
        if child is not None:
            region.children = [self.draw(child, level)]
        return region

    def _rows(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("rows", placed, level)
        node: Any = placed.node
        if node.named is not None:
            drawn.name = new_name_of(placed.pointer, node.named.slot)
            drawn.id = element_id(f"{drawn.name}#rows")
        self._remember(drawn, f"r-{drawn.id}")
        drawn.locked = "readOnly" if node.read_only or self.sheet.reading else ""
        self._in_rows += 1
        inner = min(level + 1, DEEPEST) if drawn.face.title else level
        drawn.children = [self.draw(child, inner) for child in placed.children]
        self._in_rows -= 1
        for number, row in enumerate(drawn.children):
            row.index = number
        drawn.label = drawn.face.title or _("Rows")
        drawn.state, drawn.message, _error = state_of_rows(placed)
        drawn.full = node.maximum is not None and len(drawn.children) >= node.maximum
        if node.named is not None:
            self._names_of(drawn, placed, node.named)
            self._name(drawn.name, drawn)
        drawn.notes = [told(one) for one in node.wanted]
        drawn.columns = row_columns(node)
        if drawn.columns:
            drawn.lines = [self._line(row, drawn.columns) for row in drawn.children]
        return drawn

    def _names_of(self, drawn: Drawn, placed: Placed, named: Named) -> None:
        """The boxes for the names of the rows, and for that of a new one."""
        drawn.named = True
        for row, part in zip(drawn.children, placed.children, strict=True):
            name = tokens(part.pointer)[-1]
            row.called = self._box(name_of_row(part.pointer), _("Row name"), named, name)
            row.called.typed = is_typed(name) and not drawn.locked
        if not drawn.locked and not drawn.full:
            drawn.box = self._box(drawn.name, _("Name of a new row"), named, "")

    def _box(self, control: str, label: str, named: Named, name: str) -> NameBox:
        problem = self.errors.get(control)
        typed = self.sheet.raw.get(control)
        pattern = pattern_told(named)
        hint = _("fits the pattern %(pattern)s", pattern=pattern) if pattern else ""
        box = NameBox(control, label, typed[-1] if typed else name, hint=hint, names=named.names)
        box.error = problem.message if problem else ""
        spot = Drawn("name", Face(), control)
        spot.label = name or label
        self._name(control, spot)
        return box

    def _line(self, row: Drawn, columns: list[CellFace]) -> list[Drawn | None]:
        cells = {c.face.key: c for c in cells_of(row)}
        number, name = row.index + 1, row.called.value if row.called else ""
        for cell in cells.values():
            title = cell.face.title
            if row.called:
                cell.label = _("%(title)s, “%(name)s”", title=title, name=name) if title else name
            else:
                cell.label = _("%(title)s, row %(n)s", title=title, n=number)
            cell.brief = True
        return [cells.get(column.key) for column in columns]

    def _choice(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("choice", placed, level)
        node: Any = placed.node
        drawn.name = f"{placed.pointer}#{node.keyword}"
        drawn.id = element_id(drawn.name)
        drawn.label = drawn.face.title or _("Which of these?")
        self._name(drawn.name, drawn)
        drawn.branches = [(b.key, face_of(b).title or _("Option %(n)s", n=i + 1))
                          for i, b in enumerate(node.branches)]  # fmt: skip
        drawn.value = placed.branch
        drawn.state, drawn.message, _error = state_of_choice(placed)
        if drawn.error and not drawn.state:
            drawn.state = WRONG
        body = Drawn("region", Face(), "")
        body.id = f"r-{drawn.id}"
        self._remember(body, body.id)
        body.children = [self.draw(child, level) for child in placed.children]
        if len(body.children) == 1 and body.children[0].face.title == dict(drawn.branches).get(
            placed.branch
        ):
            body.children[0].titled = False
        body.parts = arranged(body.children)
        drawn.children = [body]
        return drawn

    def _recursion(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("recursion", placed, level)
        self._remember(drawn, f"r-{drawn.id}")
        drawn.children = [self.draw(child, level) for child in placed.children]
        drawn.parts = arranged(drawn.children)
        return drawn

    def _locked(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("locked", placed, level)
        drawn.locked = placed.locked or getattr(placed.node, "reason", "")
        drawn.label = drawn.face.title or placed.pointer.rpartition("/")[2]
        drawn.json = as_json(placed.value)
        return drawn

    def _note(self, placed: Placed, level: int) -> Drawn:
        return self._new("note", placed, level)

    def _cross_table(self, placed: Placed, level: int) -> Drawn:
        drawn = self._new("crossTable", placed, level)
        node: Any = placed.node
        drawn.id = f"t-{node.id}"
        drawn.head = table = cross_face(node)
        drawn.lines = [
            [self._cell(cell, level, label, brief=True) if cell is not None else None
             for cell, label in zip(row, labels, strict=True)]
            for row, labels in zip(placed.cells, table.labels, strict=True)
        ]  # fmt: skip
        return drawn


def as_json(value: Any) -> str:
    """A value that no control holds, as JSON text; nothing for a missing one."""
    if value is MISSING:
        return ""
    return str(simplejson.dumps(value, use_decimal=True, ensure_ascii=False, indent=2))


def row_columns(node: parts.Rows) -> list[CellFace]:
    """The faces of the columns where each row is a handful of plain cells; else empty: rows are cards."""
    item = node.item
    if isinstance(item, parts.Cell):
        return [cell_face(item)]
    if not isinstance(item, parts.Group) or len(item.children) > 9:
        return []
    cells = [c for c in item.children if isinstance(c, parts.Cell)]
    faces = [cell_face(c) for c in cells]
    if len(cells) != len(item.children) or any(f.control in TALL for f in faces):
        return []
    return faces


TALL = {"textarea", "checkboxes", "attachment"}
"""Controls that no line of a table has room for."""


def _may_vanish(node: parts.AnyNode) -> bool:
    """Whether a part may be there or not: by its own condition, or because all that it wraps may not be."""
    if node.when:
        return True
    if not isinstance(node, parts.Section | parts.Columns):
        return False
    return bool(node.children) and all(map(_may_vanish, node.children))

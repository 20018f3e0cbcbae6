"""A document laid out on one worksheet as on paper: merged headings, boxes, totals, lists to choose from."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.outputs.clean import clean, width
from runtime.outputs.fields_grid import grid_of
from runtime.outputs.formulas import Place, formula, is_number
from runtime.outputs.grid import Grid
from runtime.outputs.pen import LONGEST, Pen
from runtime.outputs.templates import imprint
from runtime.outputs.tree import (
    Block,
    Document,
    Fields,
    Head,
    Line,
    Section,
    Table,
    Value,
    tables,
)
from runtime.outputs.widths import least_letters, places


@dataclass(slots=True)
class Drawn:
    """What was drawn where: for names, lists, formulas and printing."""

    places: dict[str, Place] = field(default_factory=dict)
    computed: dict[str, str] = field(default_factory=dict)
    choices: dict[tuple[str, ...], list[Place]] = field(default_factory=lambda: defaultdict(list))
    tables: list[tuple[Table, int, int, int]] = field(default_factory=list)
    """Table, its first heading row, its first and last row of values."""


class Drawer(Pen):
    """Writes a document on a worksheet, from the top down."""

    def __init__(self, sheet: Worksheet, document: Document) -> None:
        super().__init__(sheet, _grid(document), roomy=document.blank)
        self.document = document
        self.drawn = Drawn()
        self.totals: list[tuple[Value, Place]] = []
        self.values: dict[str, Value] = {}

    def draw(self) -> Drawn:
        """Everything, heading to foot."""
        self.heading()
        self.blocks(self.document.blocks)
        self.foot()
        self.write_totals()
        self.finish()
        return self.drawn

    def heading(self) -> None:
        """Number and department at the end edge, the title in the middle, unit and period under it."""
        heading, half = self.document.heading, self.grid.split(2)
        legal = [
            heading.number and _("Form number: %(number)s", number=heading.number),
            heading.department and _("Issued by: %(department)s", department=heading.department),
            heading.legal,
        ]
        for i, text in enumerate(filter(None, legal)):
            if i == 0 and heading.state:
                self.text(heading.state, "small", half[0], half[1], move=False)
            self.text(text, "small end", half[1], half[2])
        self.text(heading.title, "title", points=18)
        about = [_("Unit: %(unit)s", unit=heading.unit)]
        if heading.period or (self.document.blank and self.document.frequency):
            about.append(_("Period: %(period)s", period=heading.period))
        if self.document.unit:
            about.append(_("Unit of measurement: %(unit)s", unit=self.document.unit))
        self.side_by_side(about)

    def foot(self) -> None:
        """Instructions, the lines to sign on, and the imprint."""
        heading = self.document.heading
        self.gap()
        if self.document.description:
            self.text(_("Instructions: %(text)s", text=self.document.description), "small")
        if self.document.page("xlsx").signatures:
            self.gap()
            self.side_by_side(
                [
                    _("Head of unit: %(name)s", name=heading.responsible),
                    _("Reviewed by: %(name)s", name=heading.reviewed_by),
                    _("Filled by: %(name)s", name=heading.filled_by),
                    _("Reported on: %(day)s", day=heading.reported_on),
                ],
            )
        self.text(imprint(self.document), "small")

    def blocks(self, blocks: tuple[Block, ...]) -> None:
        """The parts of the sheet."""
        for i, block in enumerate(blocks):
            if isinstance(block, Section):
                self.section(block)
            elif isinstance(block, Fields):
                self.fields(block)
            elif isinstance(block, Table):
                if i:
                    self.gap()
                self.table(block)
            else:
                self.text(block.text, "text")

    def section(self, section: Section) -> None:
        """A heading and what stands under it."""
        if section.title:
            self.gap()
            style = "heading" if section.level == 2 else "caption"
            self.text(_with_hint(section.title, section.hint), style)
        if section.text:
            self.text(section.text, "text")
        self.blocks(section.blocks)

    def fields(self, fields: Fields) -> None:
        """Labels and values in boxes beside one another."""
        grid = grid_of(fields)
        edges = self.grid.places(grid.widths)
        for row in grid.rows:
            at, rows = 0, 1
            for place in row:
                end = edges[at + 1 + place.span]
                taken = self.value(place.line.value, edges[at + 1], end, boxed=True)
                label = _with_hint(_with_unit(place.line), place.line.hint)
                self.text(label, "label", edges[at], edges[at + 1], rows=taken, move=False)
                at, rows = at + 1 + place.span, max(rows, taken)
            self.row += rows - 1
            self.row += 1

    def table(self, table: Table) -> None:
        """Merged headings, then the rows."""
        measure = table.unit if table.unit != self.document.unit else ""
        if table.title or measure or table.hint:
            half = self.grid.split(2)
            said = measure and _("Unit of measurement: %(unit)s", unit=measure)
            self.text(_with_hint(table.title, table.hint), "caption", half[0], half[1], move=False)
            self.text(said, "small end", half[1], half[2], keep=True)
        edges, first = self.grid.places(table.widths), self.row
        for line in places(table.head):
            for x, head in line:
                self.head(head, edges[x], edges[x + head.columns], "head")
            self.row += 1
        start = self.row
        for row, line in zip(table.rows, places([r.heads for r in table.rows]), strict=True):
            style = "number" if table.kind == "rows" else "stub"
            for x, head in line:
                self.head(head, edges[x], edges[x + head.columns], style)
            for i, value in enumerate(row.values, start=table.stub):
                mixed = table.kind == "cross" and not (table.unit or row.unit)
                self.table_value(value, edges[i], edges[i + 1], mixed=mixed)
            self.row += 1
        if not table.rows:
            self.text(_("None"), "number")
        self.drawn.tables.append((table, first, start, self.row - 1))

    def head(self, head: Head, first: int, end: int, style: str) -> None:
        """One heading, merged as far as it reaches."""
        named = f"{style} total" if head.total and style != "number" else style
        self.text(head.title, named, first, end, rows=head.rows, move=False, keep=True)

    def table_value(self, value: Value | None, first: int, end: int, *, mixed: bool) -> None:
        """A cell of a table; one that is not there is tinted. `mixed`: each says its own unit."""
        if value is None:
            self.text("", "absent", first, end, move=False, keep=True)
            return
        self.value(value, first, end, unit=value.unit if mixed else "")

    def value(
        self, value: Value, first: int, end: int, *, unit: str = "", boxed: bool = False
    ) -> int:
        """A value in its box; a total waits till all cells have their place. Returns the rows it takes."""
        place = (self.row, first + 1, end)
        self.drawn.places.setdefault(value.pointer, place)
        self.values.setdefault(value.pointer, value)
        content, format_ = _content(value, blank=self.document.blank)
        style = _style(value, boxed=boxed)
        rows = 1
        if isinstance(content, str) or style == "writing":
            wanted = 5 if self.document.blank and style == "writing" else 1
            rows = self.tall(content or "", first, end, minimum=wanted)
        else:
            self.tallest(0)
            need = width(value.text) + (width(unit) + 2 if unit else 0)
            self.grid.widen(first, end, need + 1.5)
        self.box(content, style, first, end, rows=rows)
        cell = self.sheet.cell(self.row, first + 1)
        cell.number_format = (
            f'{format_}" "{_quoted(unit)}' if unit and is_format(format_) else format_
        )
        if value.excel.choices:
            self.drawn.choices[value.excel.choices].append((self.row, first + 1, first + 1))
        if value.is_total:
            self.totals.append((value, place))
        return rows

    def write_totals(self) -> None:
        """Formulas, now that every cell has its place; their values go into the finished package."""
        for value, (row, column, _last) in self.totals:
            text = formula(value, self.drawn.places, self.values, self.document.data)
            if text:
                cell = self.sheet.cell(row, column)
                cell.value = text
                self.drawn.computed[cell.coordinate] = (
                    format(value.excel.value, "f") if is_number(value) else ""
                )


def is_format(format_: str) -> bool:
    """Whether a number format shows a number, so that a unit may stand behind it."""
    return format_.startswith(("#", "0"))


def _content(value: Value, *, blank: bool) -> tuple[Any, str]:
    format_ = value.excel.number_format
    content = value.excel.value
    if blank:
        offered = value.boxes and not value.excel.choices
        return ("   ".join(f"□ {word}" for word in value.boxes) if offered else None), format_
    if content is MISSING or value.raw is MISSING:
        return None, format_
    if isinstance(content, str):
        return clean(content)[:LONGEST], "@"
    return content, format_


def _style(value: Value, *, boxed: bool) -> str:
    if value.type == "long-text" or value.locked:
        return "writing"
    if not value.numeric:
        return "value"
    name = "total" if value.is_total else "figure"
    return f"{name} boxed" if boxed else name


def _with_unit(line: Line) -> str:
    unit = line.value.unit
    return _("%(label)s (%(unit)s)", label=line.label, unit=unit) if unit else line.label


def _with_hint(text: str, hint: str) -> str:
    return f"{text} {_('(%(hint)s)', hint=hint)}".strip() if hint else text


def _quoted(text: str) -> str:
    return '"' + text.replace('"', "") + '"'


def _grid(document: Document) -> Grid:
    layouts = [table.widths for table in tables(document.blocks)]
    layouts += [grid_of(f).widths for f in _fields(document.blocks)]
    page = document.page("xlsx")
    room = {("A4", "portrait"): 88, ("A3", "landscape"): 190}.get(
        (page.paper, page.orientation), 130
    )
    widest = max((table.letters for table in tables(document.blocks)), default=0)
    grid = Grid(layouts or [(250,) * 4], min(max(room, widest * 1.05), 260))
    for table in tables(document.blocks):
        grid.widen_columns(table.widths, least_letters(table))
    return grid


def _fields(blocks: tuple[Block, ...]) -> list[Fields]:
    found: list[Fields] = []
    for block in blocks:
        if isinstance(block, Section):
            found += _fields(block.blocks)
        elif isinstance(block, Fields):
            found.append(block)
    return found

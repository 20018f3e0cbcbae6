"""The document: what stands on paper, as a frozen tree of plain data. Not for making or for writing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Literal

from runtime.fields.base import MISSING, ExcelCell

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
"""The moment a file bears when its heading names none: the same entry always gives the same bytes."""

NOTHING = ExcelCell(MISSING)

Scope = Literal["col", "colgroup", "row", "rowgroup", ""]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands over and under the sheet, in words of the document's language; `""` leaves a line out.

    `unit` is the unit that reports, `department` the one that asks; `legal` is the line by which it may.
    `version` is as it is to be read ("version 3"); `printed_on` also dates the file itself. What ends in
    `_code` or `_number`, and the `entry`'s id, is for programs that read the JSON.
    """

    title: str = ""
    unit: str = ""
    period: str = ""
    number: str = ""
    department: str = ""
    version: str = ""
    state: str = ""
    printed_on: datetime | None = None
    filled_by: str = ""
    reviewed_by: str = ""
    responsible: str = ""
    reported_on: str = ""
    legal: str = ""
    unit_code: str = ""
    period_code: str = ""
    version_number: int = 0
    entry: str = ""

    @property
    def moment(self) -> datetime:
        """The time that files are dated with."""
        return self.printed_on or EPOCH


@dataclass(frozen=True, slots=True)
class Value:
    """One cell of the entry as it is read: `text` is what the review page says, `raw` what is stored.

    `labels` lead from the outermost section to the cell's own; `sums` are the pointers of the cells that
    this one is the sum of, or those of the names in `formula`; `boxes` are the words to tick on an empty print.
    """

    pointer: str
    text: str = ""
    raw: Any = MISSING
    excel: ExcelCell = NOTHING
    type: str = ""
    unit: str = ""
    numeric: bool = False
    digits: int = 0
    sums: tuple[str, ...] = ()
    formula: str = ""
    labels: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    source: str = ""
    locked: bool = False

    @property
    def is_total(self) -> bool:
        """Whether it is computed from other cells."""
        return bool(self.sums)


Width = Literal["narrow", "", "wide", "full"]


@dataclass(frozen=True, slots=True)
class Line:
    """A label and its value; `width` as the form asks, `hint` says when it is to be filled (empty print)."""

    label: str
    value: Value
    width: Width = ""
    hint: str = ""
    help: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels and values, `columns` pairs beside one another.

    `room` says how much of the width the labels of the whole document want: 0, 1 or 2, so that all grids of
    a sheet stand in line.
    """

    lines: tuple[Line, ...]
    columns: int = 2
    room: int = 0


@dataclass(frozen=True, slots=True)
class Head:
    """A heading of a table: over `columns` columns (or beside `rows` rows), merged."""

    title: str
    rows: int = 1
    columns: int = 1
    scope: Scope = "col"
    total: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A line of a table; heads merged from a row above are not repeated. None is a cell not there.

    `unit` is that of all its figures, told in its heading, where the table has several.
    """

    heads: tuple[Head, ...]
    values: tuple[Value | None, ...]
    total: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A cross-table, or rows under one another.

    `head` are the heading lines over it; `stub` is how many columns its row headings take; `widths` are
    thousandths of the whole width for all its columns.
    """

    title: str
    head: tuple[tuple[Head, ...], ...]
    rows: tuple[TableRow, ...]
    stub: int
    widths: tuple[int, ...]
    unit: str = ""
    hint: str = ""
    kind: Literal["cross", "rows"] = "cross"
    letters: int = 0
    """How many Latin letters its columns want beside one another."""

    @property
    def columns(self) -> int:
        """How many columns it has, row headings included."""
        return len(self.widths)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Fixed text between the cells."""

    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part; `level` is that of its heading (2 is right under the title)."""

    title: str
    level: int
    blocks: tuple[Block, ...]
    text: str = ""
    hint: str = ""


Block = Section | Fields | Table | Paragraph


@dataclass(frozen=True, slots=True)
class Page:
    """The sheet of paper; `template` is the department's own, `<department>/<file>`."""

    paper: Literal["A3", "A4"] = "A4"
    orientation: Literal["portrait", "landscape"] = "portrait"
    template: str = ""
    signatures: bool = True


@dataclass(frozen=True, slots=True)
class Document:
    """A form with one entry's answers (or none: `blank`), ready to be written in any format."""

    heading: Heading
    language: str
    blocks: tuple[Block, ...]
    address: str = ""
    digest: str = ""
    department: str = ""
    frequency: str = ""
    description: str = ""
    unit: str = ""
    """The unit of measurement, where all figures share one."""
    pages: Mapping[str, Page] = field(default_factory=dict)
    """The paper for each output, by its name."""
    data: Any = MISSING
    choices: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    blank: bool = False
    assets: Mapping[str, bytes] = field(default_factory=dict)
    """The department's own sheets that its outputs name, by what the form calls them."""

    def page(self, output: str) -> Page:
        """The paper that the form asks for in this output; where it says nothing, the PDF's paper."""
        return self.pages.get(output) or replace(self.pages.get("pdf", Page()), template="")


def values(blocks: tuple[Block, ...]) -> Iterator[Value]:
    """Every value in reading order."""
    for block in blocks:
        if isinstance(block, Section):
            yield from values(block.blocks)
        elif isinstance(block, Fields):
            yield from (line.value for line in block.lines)
        elif isinstance(block, Table):
            yield from (v for row in block.rows for v in row.values if v is not None)


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    """Every table in reading order."""
    for block in blocks:
        if isinstance(block, Section):
            yield from tables(block.blocks)
        elif isinstance(block, Table):
            yield block

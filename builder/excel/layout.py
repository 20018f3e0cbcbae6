"""A picture read from the top down: its title, its tables, lists and pairs, and every cell that they leave to fill."""

from __future__ import annotations

from collections.abc import Iterator

from builder.excel import about
from builder.excel.bands import Band, Knows, bands_of, is_label
from builder.excel.blocks import Block, blocks_of
from builder.excel.pairs import pairs_of
from builder.excel.picture import Box, Picture, Sheet
from builder.excel.slots import Part, Read, Slot
from builder.excel.tables import table_of

_NOTE = ("注", "说明", "填表说明", "填报说明", "备注：", "note", "instructions")
_LONG = 40


def read(picture: Picture, knows: Knows) -> Read:
    """All that the sheets of a workbook ask for."""
    reader = _Reader(knows)
    for number, sheet in enumerate(picture.sheets):
        reader.sheet(number, sheet)
    title = next((t for t in reader.titles if t), "")
    return Read(
        title, tuple(reader.titles), tuple(reader.parts), tuple(reader.slots), tuple(reader.notes)
    )


class _Reader:
    """Goes through the sheets; what was said last over a table is its caption."""

    def __init__(self, knows: Knows) -> None:
        self.knows = knows
        self.titles: list[str] = []
        self.parts: list[Part] = []
        self.slots: list[Slot] = []
        self.notes: list[str] = []
        self.number = 0
        self.caption = ""
        self.measure = ""
        self.open: Part | None = None

    def sheet(self, number: int, sheet: Sheet) -> None:
        """One sheet: what stands free of its blocks is read in its place among them."""
        self.number, self.caption, self.measure = number, "", ""
        self.titles.append("")
        blocks, free = blocks_of(sheet)
        steps: list[tuple[int, int, Box | Block]] = [(b.row, b.column, b) for b in free]
        steps += [(b.top, b.left, b) for b in blocks]
        for _row, _column, what in sorted(steps, key=lambda step: step[:2]):
            if isinstance(what, Block):
                self.block(what)
            else:
                self.free(sheet, what)

    def free(self, sheet: Sheet, box: Box) -> None:
        """A text outside of frames: what it asks of the report, a note, the title, or a caption."""
        found = about.whole(box.text)
        if found and self._beside(sheet, box, found):
            return
        if self._about(box):
            return
        self._say(box.text)

    def _say(self, text: str) -> None:
        said = " ".join(text.split())
        if measure := about.measure_in(said):
            self.measure = measure
        elif said.casefold().startswith(_NOTE) or len(said) > _LONG:
            self.notes.append(said)
        elif not self.titles[self.number]:
            self.titles[self.number] = said
        else:
            self.caption = said
        self.open = None

    def _beside(self, sheet: Sheet, box: Box, found: str) -> bool:
        """Whether a label of the report has an empty cell on its right, which then is the one to fill."""
        row, column = box.row, box.last_column + 1
        place = sheet.at(row, column)
        if box.columns > 1 or column > sheet.columns or (place is not None and place.text):
            return False
        label = (box.text.rstrip("：: "),)
        self.slots.append(Slot(self.number, row, column, "about", -1, label, about=found))
        return True

    def _about(self, box: Box) -> bool:
        asked = about.asked_in(box.text)
        for what in asked:
            self.slots.append(
                Slot(self.number, box.row, box.column, "about", -1, (box.text.strip(),), about=what)
            )
        return bool(asked)

    def block(self, block: Block) -> None:
        """A block, band by band."""
        self.open = None
        for band in bands_of(block, self.knows):
            if band.kind == "caption":
                box = block.line(band.top)[0]
                if not self._about(box):
                    self._say(box.text)
            elif band.kind == "table":
                self._table(block, band)
            else:
                self._pairs(block, band)

    def _table(self, block: Block, band: Band) -> None:
        table = table_of(block, band, self.knows)
        part = self._part(table.kind, band.top, table.corner)
        self.open = None
        for found in table.cells:
            self.slots.append(
                Slot(
                    self.number, found.box.row, found.box.column, table.kind, part.block,
                    found.beside, found.over, found.line, found.unit or self.measure,
                )
            )  # fmt: skip
        self.caption = ""

    def _pairs(self, block: Block, band: Band) -> None:
        line = block.line(band.top)
        labels: set[str] = set()
        for pair in pairs_of(line, band.top, self.knows):
            box = pair.box
            labels.add(pair.label)
            if what := about.whole(pair.label):
                self.slots.append(
                    Slot(self.number, box.row, box.column, "about", -1, (pair.label,), about=what)
                )
                continue
            part = self._pairs_part(band.top)
            self.slots.append(
                Slot(
                    self.number,
                    box.row,
                    box.column,
                    "pair",
                    part.block,
                    (pair.label,),
                    unit=pair.unit,
                )
            )
        for box in line:
            said = " ".join(box.text.split()).rstrip("：: ")
            if is_label(box) and box.row == band.top and said not in labels:
                self._about(box)

    def _pairs_part(self, top: int) -> Part:
        if self.open is None:
            self.open = self._part("pair", top, "")
            self.caption = ""
        return self.open

    def _part(self, kind: str, top: int, corner: str) -> Part:
        part = Part(len(self.parts), self.number, kind, top, self.caption, corner, self.measure)  # type: ignore[arg-type]
        self.parts.append(part)
        return part


def order(slots: tuple[Slot, ...]) -> Iterator[Slot]:
    """Slots as a person reads them."""
    yield from sorted(slots, key=lambda s: (s.sheet, s.row, s.column))

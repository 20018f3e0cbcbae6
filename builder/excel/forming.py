"""From what was decided of a sheet's cells to the form's document, and each cell's pointer in it. Not its template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from builder.excel.axes import axes, codes_of
from builder.excel.choices import Choice
from builder.excel.own_cells import own_cell
from builder.excel.proposals import MEANT
from builder.excel.slots import Part, Read
from builder.excel.texts import Names, texts_for, titled
from builder.excel.vocabulary import Meaning, Vocabulary
from runtime.api import BASE, form_address, short_name

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the designer says of the form: whose it is, its name and title; about a period or about a subject."""

    department: str
    name: str
    title: str
    number: str = ""
    frequency: str = "monthly"
    levels: tuple[str, ...] = ("community",)
    due: int = 5
    subject: str = ""
    """The register's short name; empty: about a unit and a period."""
    filled: tuple[int, ...] = ()
    """Numbers of the lists whose rows are the subjects of their register; others are typed by hand."""


@dataclass(frozen=True, slots=True)
class Made:
    """The form, and where each cell of the sheet is in it: slot id -> JSON pointer."""

    document: dict[str, Any]
    pointers: Mapping[str, str]


def make_form(read: Read, choices: Sequence[Choice], known: Vocabulary, wanted: Wanted) -> Made:
    """The form that has these cells, valid under the checks of definitions but for translations that nobody knows."""
    maker = _Maker(known, wanted)
    cells: dict[int, list[Choice]] = defaultdict(list)
    for choice in choices:
        if choice.slot.kind != "about" and choice.what != "none":
            cells[choice.slot.block].append(choice)
    maker.gather([c for all_ in cells.values() for c in all_])
    for part in read.parts:
        if cells[part.block]:
            maker.part(part, cells[part.block])
    return Made(maker.document(read), maker.pointers)


@dataclass
class _Maker:
    """Takes the parts of a sheet one after another into the form."""

    known: Vocabulary
    wanted: Wanted
    properties: dict[str, Any] = field(default_factory=dict)
    layout: list[dict[str, Any]] = field(default_factory=list)
    pointers: dict[str, str] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    ids: Names = field(default_factory=Names)
    tables: dict[str, list[Choice]] = field(default_factory=dict)
    """Cells of indicators that are broken down, by address: each is one table, wherever its cells stand."""
    drawn: dict[str, str] = field(default_factory=dict)
    single: dict[str, str] = field(default_factory=dict)
    """Address of a field or figure that has a cell already -> its pointer."""

    def gather(self, cells: Iterable[Choice]) -> None:
        """Look through all cells first: one indicator may stand in several places of a sheet."""
        for cell in cells:
            if self._broken_down(cell):
                self.tables.setdefault(cell.address, []).append(cell)

    def part(self, part: Part, cells: Sequence[Choice]) -> None:
        """One table, list or group of pairs as a section."""
        items: list[dict[str, Any]] = []
        if part.kind == "list":
            items.append(self._rows(part, cells))
        else:
            items += self._tables([c for c in cells if self._broken_down(c)])
            items += self._others(part, [c for c in cells if not self._broken_down(c)])
        if not items:
            return
        caption = part.caption or ("" if part.block else self.wanted.title)
        if not caption:
            self.layout += items
            return
        texts = texts_for(caption, self.known)
        section = {"id": self.ids.id(texts.get("en", ""), "section"), "kind": "section"}
        self.layout.append(titled(texts, **section, items=items))

    def _broken_down(self, cell: Choice) -> bool:
        return bool(cell.what == MEANT and cell.counts and self._meaning(cell).breakdowns)

    def _meaning(self, cell: Choice) -> Meaning:
        return self.known.by_address[cell.address]

    def _reference(self, address: str) -> dict[str, Any]:
        return {"$ref": "../../" + address.removeprefix(BASE)}

    def _tables(self, cells: Sequence[Choice]) -> list[dict[str, Any]]:
        """Tables of the indicators that begin here; those by the same codes beside one another."""
        fresh = [a for a in dict.fromkeys(c.address for c in cells) if a not in self.drawn]
        alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for address in fresh:
            by = self.known.by_address[address].breakdowns
            alike[by[0].codes if len(by) == 1 else (address,)].append(address)
        found = [self._table(group) for group in alike.values()]
        for cell in cells:
            self.pointers[cell.slot.id] = "/".join((self.drawn[cell.address], *cell.path))
        return found

    def _table(self, addresses: Sequence[str]) -> dict[str, Any]:
        first = self.known.by_address[addresses[0]]
        id_ = self.ids.id(first.item.name, "table") + "-table"
        if len(addresses) == 1:
            name = self.names.of(first.item.name)
            self.properties[name] = self._reference(addresses[0])
            self.drawn[addresses[0]] = f"/{name}"
            sides = axes(first, self.tables[addresses[0]])
            return {"id": id_, "kind": "crossTable", "at": f"/{name}", **sides}
        group = self.names.of("figures")
        inner: dict[str, Any] = {}
        rows: list[dict[str, Any]] = []
        for address in addresses:
            item = self.known.by_address[address].item
            inner[item.name] = self._reference(address)
            self.drawn[address] = f"/{group}/{item.name}"
            rows.append(titled(item.title, key=item.name))
        paths = [cell.path for address in addresses for cell in self.tables[address]]
        texts = {"en": "Figures", "zh-CN": "指标"}
        self.properties[group] = titled(texts, type="object", properties=inner)
        columns = codes_of(first.breakdowns[0], paths)
        sides = {"rows": {"items": rows}, "columns": {"items": columns}}
        return {"id": id_, "kind": "crossTable", "at": f"/{group}", **sides}

    def _others(self, part: Part, cells: Sequence[Choice]) -> list[dict[str, Any]]:
        """Single figures and own cells: a table of their own where lines and columns cross, else cells."""
        over = {cell.slot.over for cell in cells}
        lines = {cell.slot.beside for cell in cells}
        crossing = part.kind == "cross" and len(over) > 1 and len(lines) * len(over) == len(cells)
        if crossing and len(cells) > 3:
            return [self._grid(part, cells)]
        placed = [item for cell in cells if (item := self._cell(part, cell)) is not None]
        if len(placed) < 2:
            return placed
        id_ = self.ids.id(f"cells {part.block + 1}")
        return [{"id": id_, "kind": "columns", "count": 2, "items": placed}]

    def _cell(self, part: Part, cell: Choice) -> dict[str, Any] | None:
        """A cell; one that the form has already is only named on the sheet once more."""
        if cell.what == MEANT and cell.counts:
            if cell.address in self.single:
                self.pointers[cell.slot.id] = self.single[cell.address]
                return None
            name = self.names.of(self._meaning(cell).item.name)
            self.properties[name] = self._reference(cell.address)
            self.single[cell.address] = f"/{name}"
        else:
            label = cell.slot.label or part.caption
            name = self.names.of(label)
            self.properties[name] = own_cell(cell.slot, label, self.known)
        self.pointers[cell.slot.id] = f"/{name}"
        return {"id": self.ids.id(name, "cell"), "kind": "cell", "at": f"/{name}"}

    def _grid(self, part: Part, cells: Sequence[Choice]) -> dict[str, Any]:
        group = self.names.of(part.caption or "table", "table")
        rows, columns = Names(), Names()
        row_of: dict[tuple[str, ...], str] = {}
        column_of: dict[tuple[str, ...], str] = {}
        inner: dict[str, Any] = {}
        for cell in cells:
            beside, over = cell.slot.beside, cell.slot.over
            row = row_of.setdefault(beside, "") or rows.of("_".join(beside), "row")
            row_of[beside] = row
            column = column_of.setdefault(over, "") or columns.of("_".join(over), "column")
            column_of[over] = column
            texts = texts_for(" / ".join(beside), self.known)
            line = inner.setdefault(row, titled(texts, type="object", properties={}))
            line["properties"][column] = self._inside(cell, " / ".join(over))
            self.pointers[cell.slot.id] = f"/{group}/{row}/{column}"
        texts = texts_for(part.caption or self.wanted.title, self.known)
        self.properties[group] = titled(texts, type="object", properties=inner)
        heads = {
            "rows": {"items": [self._head(t, key) for t, key in row_of.items()]},
            "columns": {"items": [self._head(t, key) for t, key in column_of.items()]},
        }
        id_ = self.ids.id(f"{group} table")
        return {"id": id_, "kind": "crossTable", "at": f"/{group}", **heads}

    def _inside(self, cell: Choice, label: str) -> dict[str, Any]:
        if cell.what == MEANT and cell.counts:
            return self._reference(cell.address)
        return own_cell(cell.slot, label, self.known)

    def _head(self, texts: Sequence[str], key: str) -> dict[str, Any]:
        return titled(texts_for(" / ".join(texts), self.known), key=key)

    def _rows(self, part: Part, cells: Sequence[Choice]) -> dict[str, Any]:
        """A list as repeated rows: a property for each column, the sheet's lines by their number."""
        name = self.names.of(part.caption or "list", "list")
        names, columns = Names(), dict[int, str]()
        inner: dict[str, Any] = {}
        for cell in cells:
            if cell.slot.column not in columns:
                meant = cell.what == MEANT and cell.counts
                label = " / ".join(cell.slot.over) or "?"
                column = names.of(self._meaning(cell).item.name if meant else label)
                columns[cell.slot.column] = column
                inner[column] = self._inside(cell, label)
            at = columns[cell.slot.column]
            self.pointers[cell.slot.id] = f"/{name}/{cell.slot.line}/{at}"
        row = titled({"en": "Row", "zh-CN": "行"}, type="object", properties=inner)
        caption = part.caption or self.wanted.title
        fill = {}
        if part.block in self.wanted.filled and (register := register_of_list(cells)):
            fill = {"fill": {"list": register}}
        self.properties[name] = titled(
            texts_for(caption, self.known), type="array", maxItems=MOST_ROWS, **fill, items=row
        )
        return {"id": self.ids.id(f"{name} rows"), "kind": "rows", "at": f"/{name}"}

    def document(self, read: Read) -> dict[str, Any]:
        """The whole form."""
        wanted = self.wanted
        head: dict[str, Any] = {"$schema": f"{BASE}schemas/form.json"}
        about: dict[str, Any] = {"number": wanted.number} if wanted.number else {}
        about["department"] = wanted.department
        if wanted.subject:
            about["subject"] = wanted.subject
        else:
            about |= {
                "frequency": wanted.frequency,
                "level": list(wanted.levels),
                "due": {"days": wanted.due},
            }
        titles = texts_for(wanted.title or read.title, self.known)
        body = {"type": "object", "properties": self.properties, "layout": self._layout(read)}
        return {**head, **titled(titles, **about, **body)}

    def _layout(self, read: Read) -> list[dict[str, Any]]:
        notes = [
            {"id": self.ids.id(f"note {n}"), "kind": "note", "text": text[:1000]}
            for n, text in enumerate(read.notes, start=1)
        ]
        return [*self.layout, *notes]


def register_of_list(cells: Sequence[Choice]) -> str:
    """The register of which all columns of a list are that mean a field; nothing where they are of several."""
    homes = {c.address.partition("#")[0] for c in cells if c.what == MEANT and c.counts}
    return short_name(homes.pop()) if len(homes) == 1 else ""


def address_of(wanted: Wanted) -> str:
    """The address that the form will have."""
    return form_address(f"{wanted.department}/{wanted.name}")

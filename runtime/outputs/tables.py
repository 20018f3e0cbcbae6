"""Cross-tables and repeated rows as tables with merged headings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from runtime.definitions import plan as plans
from runtime.definitions.address import tokens
from runtime.definitions.place import Placed
from runtime.fields.base import MISSING
from runtime.language import gettext as _
from runtime.language import say
from runtime.outputs.clean import clean
from runtime.outputs.tree import Head, Scope, Table, TableRow, Value
from runtime.outputs.widths import column_letters, per_mille, roomy

Show = Callable[[Placed, tuple[str, ...]], Value]
"""Makes the value of a placed cell, given the labels that lead to it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of repeated rows: the path from the row, the part, and the titles over it."""

    path: plans.Path
    node: plans.Cell | plans.Locked
    titles: tuple[str, ...]


def cross_table(placed: Placed, labels: tuple[str, ...], show: Show, hint: str = "") -> Table:
    """The table of a `CrossTable` part."""
    node = placed.node
    assert isinstance(node, plans.CrossTable)
    over, beside = _leaf_titles(node.columns), _leaf_titles(node.rows)
    stub = max(1, _depth(node.rows))
    corner = Head(say(node.corner), rows=max(1, _depth(node.columns)), columns=stub)
    head = _over(node.columns, corner)
    rows = []
    for heads, titles, cells, total in zip(
        _beside(node.rows), beside, placed.cells, _leaf_totals(node.rows), strict=True
    ):
        found = tuple(
            None if cell is None else show(cell, (*labels, *titles, *column))
            for cell, column in zip(cells, over, strict=True)
        )
        rows.append(TableRow(heads, found, total))
    unit, rows = _with_units(rows)
    letters = column_letters(head, rows, stub + len(over), stub)
    title, whole = say(node.words.title), round(sum(letters))
    widths = per_mille(letters)
    return Table(title, head, tuple(rows), stub, widths, unit, hint, letters=whole)


def columns_of(item: plans.AnyNode, title: str = "") -> list[Column] | None:
    """The columns of repeated rows, or None when an item holds more than fits into one line of a table.

    `title` heads the only column of rows that are single values without a title of their own.
    """
    found = _columns(item, (), ())
    if found and found[0].titles == ("",):
        return [replace(found[0], titles=(title,))]
    return found


def rows_table(
    placed: Placed, columns: Sequence[Column], labels: tuple[str, ...], show: Show, hint: str = ""
) -> Table:
    """Repeated rows as a table, numbered from 1, or headed by their names."""
    columns = [*columns, *_others(placed, columns)]
    headers = _column_headers(columns)
    stub = _("No.") if placed.node.named is None else _("Row name")  # type: ignore[union-attr]
    head = _over(headers, Head(stub, rows=max(1, _depth(headers))))
    rows = tuple(_row(name, item, columns, labels, show) for name, item in names_of_rows(placed))
    types = [c.node.field if isinstance(c.node, plans.Cell) else "" for c in columns]
    letters = roomy(column_letters(head, rows, 1 + len(columns), 1, types), types)
    title, whole = say(placed.node.words.title), round(sum(letters))
    widths = per_mille(letters)
    return Table(title, head, rows, 1, widths, hint=hint, kind="rows", letters=whole)


def names_of_rows(placed: Placed) -> list[tuple[str, Placed]]:
    """The rows, each with its number from 1, or its name; on an empty print names are left to be written."""
    node = placed.node
    if not isinstance(node, plans.Rows) or node.named is None:
        return [(str(number), row) for number, row in enumerate(placed.children, start=1)]
    return [
        ("" if row.value is MISSING else clean(tokens(row.pointer)[-1]), row)
        for row in placed.children
    ]


def cells_below(placed: Placed) -> dict[str, Placed]:
    """All cells and locked parts below, by their pointer."""
    if isinstance(placed.node, plans.Cell | plans.Locked) or placed.locked:
        return {placed.pointer: placed}
    found: dict[str, Placed] = {}
    for child in placed.children:
        found.update(cells_below(child))
    return found


def joined(pointer: str, path: plans.Path) -> str:
    """The JSON pointer of the place that `path` leads to from `pointer`."""
    return pointer + "".join("/" + p.replace("~", "~0").replace("/", "~1") for p in path)


def _row(
    name: str, item: Placed, columns: Sequence[Column], labels: tuple[str, ...], show: Show
) -> TableRow:
    there = cells_below(item)
    found: list[Value | None] = []
    for column in columns:
        cell = there.get(joined(item.pointer, column.path))
        names = (*labels, name, *column.titles)
        found.append(None if cell is None else show(cell, names))
    return TableRow((Head(name, scope="row"),), tuple(found))


def _others(placed: Placed, columns: Sequence[Column]) -> list[Column]:
    """Columns for what else stands in the rows: members the form does not know, rows of another type."""
    known = {joined("", column.path) for column in columns}
    found: dict[str, Column] = {}
    for item in placed.children:
        for pointer in cells_below(item):
            path = pointer.removeprefix(item.pointer)
            if path not in known and path not in found:
                steps = tuple(s.replace("~1", "/").replace("~0", "~") for s in path.split("/")[1:])
                title = steps[-1] if steps else _("Value")
                found[path] = Column(steps, plans.Locked(reason="others"), (title,))
    return list(found.values())


def _columns(node: plans.AnyNode, path: plans.Path, titles: tuple[str, ...]) -> list[Column] | None:
    here = (*path, *node.path)
    if isinstance(node, plans.Cell | plans.Locked):
        unit = say(node.words.unit)
        title = say(node.words.title) or (here[-1] if here else "")
        return [
            Column(
                here,
                node,
                (*titles, _("%(label)s (%(unit)s)", label=title, unit=unit) if unit else title),
            )
        ]
    if isinstance(node, plans.Note):
        return []
    if not isinstance(node, plans.Group | plans.Section | plans.Columns):
        return None
    own = say(node.words.title) if here or isinstance(node, plans.Section) else ""
    over = (*titles, own) if own else titles
    found: list[Column] = []
    for child in node.children:
        below = _columns(child, here, over)
        if below is None:
            return None
        found += below
    return found


def _column_headers(columns: Sequence[Column], level: int = 0) -> tuple[plans.Header, ...]:
    """Neighbouring columns with the same title over them share one heading."""
    headers: list[plans.Header] = []
    i = 0
    while i < len(columns):
        title, last = columns[i].titles[level], len(columns[i].titles) == level + 1
        j = i + 1
        while (
            not last
            and j < len(columns)
            and columns[j].titles[: level + 1] == columns[i].titles[: level + 1]
        ):
            j += 1
        below = () if last else _column_headers(columns[i:j], level + 1)
        headers.append(plans.Header(title={"en": title}, children=below))
        i = j
    return tuple(headers)


def _depth(headers: Sequence[plans.Header]) -> int:
    return max((1 + _depth(h.children) for h in headers), default=0)


def _leaves(header: plans.Header) -> int:
    return sum(_leaves(h) for h in header.children) if header.children else 1


def _leaf_titles(headers: Sequence[plans.Header]) -> list[tuple[str, ...]]:
    return [
        (say(h.title), *rest)
        for h in headers
        for rest in (_leaf_titles(h.children) if h.children else [()])
    ]


def _leaf_totals(headers: Sequence[plans.Header], within: bool | None = None) -> list[bool]:
    return [
        total
        for h in headers
        for total in (
            _leaf_totals(h.children, h.total or bool(within))
            if h.children
            else [h.total or bool(within)]
        )
    ]


def _over(headers: Sequence[plans.Header], corner: Head) -> tuple[tuple[Head, ...], ...]:
    depth = max(1, _depth(headers))
    found: list[list[Head]] = [[] for _line in range(depth)]
    found[0].append(corner)

    def put(header: plans.Header, level: int) -> None:
        leaves = _leaves(header)
        rows = 1 if header.children else depth - level
        scope: Scope = "colgroup" if leaves > 1 else "col"
        found[level].append(Head(say(header.title), rows, leaves, scope, header.total))
        for child in header.children:
            put(child, level + 1)

    for header in headers:
        put(header, 0)
    return tuple(tuple(line) for line in found)


def _beside(headers: Sequence[plans.Header]) -> list[tuple[Head, ...]]:
    depth, found = max(1, _depth(headers)), []

    def put(header: plans.Header, level: int, before: tuple[Head, ...]) -> None:
        if not header.children:
            own = Head(say(header.title), 1, depth - level, "row", header.total)
            found.append((*before, own))
            return
        own = Head(say(header.title), _leaves(header), 1, "rowgroup", header.total)
        for i, child in enumerate(header.children):
            put(child, level + 1, (*before, own) if i == 0 else ())

    for header in headers:
        put(header, 0, ())
    return found


def _with_units(rows: list[TableRow]) -> tuple[str, list[TableRow]]:
    """One unit for all figures is said once, over the table; else one for all of a row in its heading."""
    units = {v.unit for row in rows for v in row.values if v is not None and v.numeric}
    if len(units) == 1:
        return units.pop(), rows
    return "", [_row_with_unit(row) for row in rows]


def _row_with_unit(row: TableRow) -> TableRow:
    units = {v.unit for v in row.values if v is not None and v.numeric}
    unit = units.pop() if len(units) == 1 else ""
    if not unit or not row.heads:
        return row
    last = row.heads[-1]
    said = _("%(label)s (%(unit)s)", label=last.title, unit=unit) if last.title else unit
    return replace(row, heads=(*row.heads[:-1], replace(last, title=said)), unit=unit)

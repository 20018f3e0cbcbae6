"""Cross-tables of a layout: headers from an indicator's breakdowns or as they are written, and the cells at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from runtime.definitions.compile_rules import nodes_of
from runtime.definitions.compile_sums import shown_summands
from runtime.definitions.plan import AnyNode, Cell, CrossTable, Group, Header, Path, Rule, Words
from runtime.definitions.texts import texts_of
from runtime.language import Texts

TOTAL = "total"

Find = Callable[[Path], list[tuple[AnyNode, AnyNode]]]


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The end of a header line: a path of its own, or a code for each of its breakdowns."""

    path: Path = ()
    codes: tuple[tuple[int, str], ...] = ()


class Table:
    """One cross-table; `taken` holds the parts of the form that it draws."""

    def __init__(
        self,
        item: dict[str, Any],
        at: Path,
        group: Group,
        rules: Mapping[str, Rule],
        find: Find,
    ) -> None:
        self._corner: Texts = texts_of(item, "corner")
        self._at = at
        self._levels = list(_levels(group))
        self._names = _names(group, rules)
        self._rows, row_leaves = self._axis(item.get("rows"))
        self._columns, column_leaves = self._axis(item.get("columns"))
        self.taken: set[int] = set()
        self._cells = tuple(
            tuple(self._cell(row, column, find) for column in column_leaves) for row in row_leaves
        )
        by = any(leaf.codes for leaf in (*row_leaves, *column_leaves))
        unseen = dict(self._unseen_totals(group)) if by else {}
        self._covered = tuple(unseen)
        if unseen:
            self._cells = tuple(
                tuple(
                    self._summed(row, column, cell, unseen)
                    for column, cell in zip(column_leaves, line, strict=True)
                )
                for row, line in zip(row_leaves, self._cells, strict=True)
            )

    def node(self, name: str, words: Words) -> CrossTable:
        """The part of the plan."""
        return CrossTable(
            id=name,
            words=words,
            columns=self._columns,
            rows=self._rows,
            cells=self._cells,
            corner=self._corner,
            covered=self._covered,
        )

    def _axis(self, axis: Any) -> tuple[tuple[Header, ...], list[_Leaf]]:
        if not isinstance(axis, dict):
            return (Header({}),), [_Leaf()]
        if isinstance(axis.get("items"), list):
            pairs = [pair for item in axis["items"] for pair in _written(item)]
        else:
            pairs = self._by(axis)
        headers = tuple(header for header, _leaves in pairs)
        return headers, [leaf for _header, leaves in pairs for leaf in leaves]

    def _by(self, axis: dict[str, Any]) -> list[tuple[Header, list[_Leaf]]]:
        named = axis.get("by")
        dimensions = [
            self._names.index(name)
            for name in (named if isinstance(named, list) else ())
            if name in self._names
        ]
        shown = axis.get("total")
        asked = shown if isinstance(shown, list) else []
        totals = {d for d in dimensions if self._names[d] in asked}
        found = list(self._spread(dimensions, totals, ()))
        return [*found, *self._grand_total(dimensions)] if shown is True else found

    def _grand_total(self, dimensions: list[int]) -> Iterator[tuple[Header, list[_Leaf]]]:
        """One line or column for all that the axis breaks down: its heading spans the inner ones."""
        if dimensions and TOTAL in self._levels[dimensions[0]]:
            codes = tuple((dimension, TOTAL) for dimension in dimensions)
            yield Header(self._levels[dimensions[0]][TOTAL], (), True), [_Leaf(codes=codes)]

    def _spread(
        self, dimensions: list[int], totals: set[int], above: tuple[tuple[int, str], ...]
    ) -> Iterator[tuple[Header, list[_Leaf]]]:
        first, *rest = dimensions or [-1]
        if first < 0 or first >= len(self._levels):
            return
        for code, title in self._levels[first].items():
            if code == TOTAL and first not in totals:
                continue
            codes = (*above, (first, code))
            if not rest:
                yield Header(title, (), code == TOTAL), [_Leaf(codes=codes)]
                continue
            inner = list(self._spread(rest, totals, codes))
            children = tuple(header for header, _leaves in inner)
            leaves = [leaf for _header, leaves in inner for leaf in leaves]
            yield Header(title, children, code == TOTAL), leaves

    def _path(self, row: _Leaf, column: _Leaf) -> Path:
        own: Path = ()
        if row.codes or column.codes:
            codes = dict((*row.codes, *column.codes))
            own = tuple(codes.get(n, TOTAL) for n in range(len(self._levels)))
        return self._at + own + row.path + column.path

    def _cell(self, row: _Leaf, column: _Leaf, find: Find) -> Cell | None:
        for node, found in find(self._path(row, column)):
            if isinstance(found, Cell) and id(node) not in self.taken:
                self.taken.add(id(node))
                return found
        return None

    def _summed(
        self,
        row: _Leaf,
        column: _Leaf,
        cell: Cell | None,
        unseen: Mapping[Path, tuple[str, ...]],
    ) -> Cell | None:
        """The cell; as a sum it adds up what the sheet shows, since nothing else is worked out."""
        if cell is None or not cell.total_of:
            return cell
        total_of = shown_summands(self._path(row, column), cell.total_of, unseen)
        return cell if total_of is cell.total_of else replace(cell, total_of=total_of)

    def _unseen_totals(self, group: Group) -> Iterator[tuple[Path, tuple[str, ...]]]:
        """Totals of the indicator that the table does not show: the sheet has no line for them."""
        for path, node in _leaves(group, self._at):
            known = bool(node.total_of) or node.fill is not None
            if known and id(node) not in self.taken and TOTAL in path:
                self.taken.add(id(node))
                yield path, node.total_of


def _written(item: Any) -> Iterator[tuple[Header, list[_Leaf]]]:
    if not isinstance(item, dict):
        return
    title = texts_of(item)
    if isinstance(item.get("items"), list):
        inner = [pair for part in item["items"] for pair in _written(part)]
        leaves = [leaf for _header, found in inner for leaf in found]
        if leaves:
            yield Header(title, tuple(header for header, _found in inner)), leaves
        return
    key = item.get("key")
    path = tuple(key.split("/")) if isinstance(key, str) and key else ()
    yield Header(title, (), bool(path) and path[-1] == TOTAL), [_Leaf(path=path)]


def _levels(group: Group) -> Iterator[dict[str, Texts]]:
    """For each breakdown its codes with their titles, in the order of the indicator."""
    level: AnyNode | None = group
    while isinstance(level, Group) and level.children:
        named = {child.path[0]: child.words.title for child in level.children if child.path}
        yield named
        level = next((c for c in level.children if c.path and c.path[0] != TOTAL), None)


def _names(group: Group, rules: Mapping[str, Rule]) -> list[str]:
    for node in nodes_of(group):
        if isinstance(node, Cell) and node.fill is not None and node.fill.rule in rules:
            return [by.field for by in rules[node.fill.rule].by]
    return []


def _leaves(group: Group, above: Path) -> Iterator[tuple[Path, Cell]]:
    for child in group.children:
        if isinstance(child, Group):
            yield from _leaves(child, above + child.path)
        elif isinstance(child, Cell):
            yield above + child.path, child

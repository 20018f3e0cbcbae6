"""Checks of a form's layout: that each item shows a cell that is there, once, and that axes fit. Draws nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from runtime.definitions.address import pointer, tokens
from runtime.definitions.codes import problem
from runtime.definitions.spots import ROWS, Path, Spots
from runtime.definitions.view import View, as_list, as_map, nearest
from runtime.errors import Problem
from runtime.language import gettext as _


class Layout:
    """Goes through the layout of one form, noting what is placed."""

    def __init__(self, view: View, spots: Spots) -> None:
        self._view = view
        self._spots = spots
        self._ids: set[str] = set()
        self._placed: set[Path] = set()
        self._holding: set[Path] = set()
        """The places that are placed, and all around them."""

    def problems(self) -> Iterator[Problem]:
        """What is wrong with the layout; nothing where the form has none."""
        layout = self._view.document.get("layout")
        if not isinstance(layout, list):
            return
        yield from self._items(layout, "/layout")
        yield from self._unplaced(())

    def _items(self, items: Any, place: str) -> Iterator[Problem]:
        for n, item in enumerate(as_list(items)):
            if not isinstance(item, dict):
                continue
            here = place + pointer(n)
            yield from self._id(item.get("id"), here)
            if "at" in item and isinstance(item["at"], str):
                yield from self._at(item, here)
            if item.get("kind") in ("section", "columns"):
                yield from self._items(item.get("items"), here + "/items")

    def _id(self, name: Any, place: str) -> Iterator[Problem]:
        if not isinstance(name, str):
            return
        if name in self._ids:
            text = _("Two layout items have the id `%(id)s`; give one another.", id=name)
            yield self._problem("layout-id", text, place + "/id")
        self._ids.add(name)

    def _at(self, item: dict[str, Any], place: str) -> Iterator[Problem]:
        path = _path(item["at"])
        if path is None or path not in self._spots or ROWS in path:
            known = [pointer(*other) for other in self._spots if ROWS not in other]
            text = _("The form has no cell at %(at)s.", at=item["at"] or "“”")
            yield self._problem(
                "layout-at", text + nearest(item["at"], known[:2000]), place + "/at"
            )
            return
        kind = item.get("kind")
        if kind == "crossTable":
            yield from self._table(item, place, path)
            return
        spot = self._spots[path]
        if kind == "rows" and ROWS not in spot.children:
            text = _(
                "There are no repeated rows at %(at)s; use a `cell` or a `part`.", at=item["at"]
            )
            yield self._problem("layout-kind", text, place + "/kind")
        elif kind == "cell" and not self._spots.leaf(path):
            text = _(
                "%(at)s is a group of cells; use a `part`, `rows` or a `crossTable`.", at=item["at"]
            )
            yield self._problem("layout-kind", text, place + "/kind")
        yield from self._place(path, place + "/at")

    def _place(self, path: Path, place: str) -> Iterator[Problem]:
        if self._overlaps(path):
            text = _("%(at)s is placed already; take one of the two items out.", at=pointer(*path))
            yield self._problem("layout-twice", text, place)
        self._place_at(path)

    def _overlaps(self, path: Path) -> bool:
        """Whether a place at, around or within this one is placed already."""
        if path in self._holding:
            return True
        return any(path[:n] in self._placed for n in range(len(path) + 1))

    def _place_at(self, path: Path) -> None:
        self._placed.add(path)
        self._holding.update(path[:n] for n in range(len(path) + 1))

    def _table(self, item: dict[str, Any], place: str, path: Path) -> Iterator[Problem]:
        wrong = False
        for axis in ("rows", "columns"):
            for found in self._axis(item, axis, place, path):
                wrong = True
                yield found
        if wrong:
            self._place_at(path)
            return
        lines = {
            axis: self._lines(as_map(item.get(axis)), f"{place}/{axis}")
            for axis in ("rows", "columns")
        }
        free = any(line is None for line in lines.values())
        if free:
            yield from self._covered(item, place, path)
            yield from self._place(path, place + "/at")
            return
        yield from self._crossed(lines["rows"] or [], lines["columns"] or [], path)

    def _axis(self, item: dict[str, Any], axis: str, place: str, path: Path) -> Iterator[Problem]:
        said = as_map(item.get(axis))
        here = f"{place}/{axis}"
        if ("by" in said) == ("items" in said):
            text = _(
                "An axis has either `by` (the indicator's breakdowns) or `items` (headers of your own)."
            )
            yield self._problem("layout-axis", text, here)
        dimensions = self._dimensions(path)
        named = [name for name in as_list(said.get("by")) if isinstance(name, str)]
        for n, name in enumerate(named):
            if name not in dimensions:
                text = _("The indicator is not broken down by `%(name)s`.", name=name)
                yield self._problem(
                    "layout-axis", text + nearest(name, dimensions), here + pointer("by", n)
                )
        for n, name in enumerate(as_list(said.get("total"))):
            if isinstance(name, str) and name not in named:
                text = _("`total` names `%(name)s`, which this axis does not show.", name=name)
                yield self._problem("layout-axis", text, here + pointer("total", n))
        yield from self._keys(said.get("items"), here + "/items")

    def _keys(self, headers: Any, place: str) -> Iterator[Problem]:
        for n, header in enumerate(as_list(headers)):
            if not isinstance(header, dict):
                continue
            here = place + pointer(n)
            if "items" in header:
                yield from self._keys(header["items"], here + "/items")
            elif "key" not in header:
                text = _("A header without headers below it needs a `key`: the path of its cells.")
                yield self._problem("layout-axis", text, here)

    def _covered(self, item: dict[str, Any], place: str, path: Path) -> Iterator[Problem]:
        """Each breakdown of the indicator stands on one axis."""
        shown = [
            n for axis in ("rows", "columns") for n in as_list(as_map(item.get(axis)).get("by"))
        ]
        own = any("items" in as_map(item.get(axis)) for axis in ("rows", "columns"))
        for name in self._dimensions(path):
            if shown.count(name) > 1 or (name not in shown and not own):
                text = _(
                    "The breakdown `%(name)s` must stand on one of the two axes, and once.",
                    name=name,
                )
                yield self._problem("layout-axis", text, place)

    def _dimensions(self, path: Path) -> list[str]:
        """The fields that the indicator at `path` is broken down by."""
        by = as_list(self._spots[path].says("by"))
        names = (item.get("field") if isinstance(item, dict) else item for item in by)
        return [name for name in names if isinstance(name, str)]

    def _lines(self, axis: dict[str, Any], place: str) -> list[tuple[Path, str]] | None:
        """The keys of the axis' own headers with their places; None where it goes by breakdowns."""
        return list(_leaves(axis["items"], place + "/items")) if "items" in axis else None

    def _crossed(
        self, rows: list[tuple[Path, str]], columns: list[tuple[Path, str]], path: Path
    ) -> Iterator[Problem]:
        there: set[str] = set()
        for row, row_place in rows:
            for column, column_place in columns:
                cell = (*path, *row, *column)
                if cell in self._spots and self._spots.leaf(cell):
                    there |= {row_place, column_place}
                    yield from self._place(cell, row_place)
        for _keys, line in [*rows, *columns]:
            if line not in there:
                text = _("This line of the table has no cell of the form in it; correct its `key`.")
                yield self._problem("layout-at", text, line + "/key")

    def _unplaced(self, path: Path) -> Iterator[Problem]:
        """The outermost places of which nothing is placed."""
        spot = self._spots[path]
        if path in self._placed:
            return
        if path and not self._overlaps(path):
            text = _("The layout leaves out `%(name)s`; it is drawn at the end.", name=path[-1])
            yield self._problem("layout-unplaced", text, spot.place or "/layout")
            return
        for name in self._ordered(path):
            yield from self._unplaced((*path, name))

    def _ordered(self, path: Path) -> list[str]:
        deeper = len(path) + 1
        return [p[-1] for p in self._spots if len(p) == deeper and p[:-1] == path and p[-1] != ROWS]

    def _problem(self, code: str, text: str, place: str) -> Problem:
        return problem(code, text, self._view.address, place)


def _path(text: str) -> Path | None:
    try:
        return tokens(text)
    except ValueError:
        return None


def _leaves(headers: Any, place: str) -> Iterator[tuple[Path, str]]:
    for n, header in enumerate(as_list(headers)):
        if isinstance(header, dict):
            here = place + pointer(n)
            if "items" in header:
                yield from _leaves(header["items"], here + "/items")
            elif isinstance(header.get("key"), str):
                yield (tokens("/" + header["key"]) if header["key"] else ()), here

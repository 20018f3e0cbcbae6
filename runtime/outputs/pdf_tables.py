"""Table headings of a tagged PDF: which columns and rows each heads. Not for any other tag.

ISO 14289-1 (PDF/UA-1), 7.5, wants it by `Scope` or by `Headers`. WeasyPrint writes no `Scope`, and `Headers`
that miss merged headings, so both are written here, when everything else of the file is ready.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Element = dict[str, Any]
"""A structure element as pydyf keeps it."""


def head_tables(_document: Any, pdf: Any) -> None:
    """A finisher of WeasyPrint: puts `Scope` on every heading of a table, `Headers` on every other cell."""
    found: list[Any] = [o for o in pdf.objects if isinstance(o, dict)]
    elements = {o.reference: o for o in found if o.get("Type") == "/StructElem"}
    for element in elements.values():
        if element["S"] == "/Table":
            _head(list(_rows(element, elements, over=False)))


def _rows(
    element: Element, elements: dict[bytes, Element], *, over: bool
) -> Iterator[tuple[bool, list[Element]]]:
    """Each row with its cells, and whether it stands in the table's head."""
    for child in (elements[reference] for reference in element["K"] if reference in elements):
        if child["S"] == "/TR":
            cells = (elements[reference] for reference in child["K"] if reference in elements)
            yield over, [cell for cell in cells if cell["S"] in ("/TH", "/TD")]
        else:
            yield from _rows(child, elements, over=child["S"] == "/THead")


def _head(rows: list[tuple[bool, list[Element]]]) -> None:
    grid: dict[tuple[int, int], Element] = {}
    columns: dict[int, list[Any]] = {}
    for y, (over, cells) in enumerate(rows):
        x = 0
        for cell in cells:
            while (y, x) in grid:
                x += 1
            span = range(x, x + cell["A"].get("ColSpan", 1))
            grid |= {(y + j, i): cell for i in span for j in range(cell["A"].get("RowSpan", 1))}
            if cell["S"] == "/TH":
                cell["A"]["Scope"] = "/Column" if over else "/Row"
                if over:
                    for i in span:
                        columns.setdefault(i, []).append(cell["ID"])
            else:
                above = dict.fromkeys(h for i in span for h in columns.get(i, ()))
                _say(cell, [*_beside(grid, y, x), *above])
            x = span.stop


def _beside(grid: dict[tuple[int, int], Element], y: int, x: int) -> list[Any]:
    """The nearest headings in the same row: those that stand together before the cell."""
    found: list[Any] = []
    for i in range(x - 1, -1, -1):
        cell = grid.get((y, i))
        if cell is not None and cell["S"] == "/TH":
            found.insert(0, cell["ID"])
        elif found:
            break
    return list(dict.fromkeys(found))


def _say(cell: Element, headers: list[Any]) -> None:
    """Put the headings' ids in the place of those that WeasyPrint found."""
    said = cell["A"]["Headers"]
    said.clear()
    said.extend(headers)

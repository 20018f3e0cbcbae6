"""The single cells of departments' own sheets that show something: found by the names that bind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runtime.api import Output, Session, own_sheets

ANY = "*"
_ONE = {"then": (), "else": (), "items": (ANY,), "additionalProperties": (ANY,), "contains": (ANY,)}
"""Keywords with a schema: the steps of an entry that it stands for."""
_TWO = {"allOf": (), "anyOf": (), "oneOf": (), "dependentSchemas": (), "patternProperties": (ANY,)}
"""Keywords with several schemas."""
_NOWHERE = frozenset({"if", "not", "$defs", "definitions", "layout"})


@dataclass(frozen=True, slots=True, order=True)
class SheetCell:
    """One cell of a workbook, by the sheet that it stands on: `A1` of “Sheet1”."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        """As it is told: “Sheet1 · A1”."""
        return f"{self.sheet} · {self.cell}"


def sheet_cells(
    session: Session,
    outputs: Mapping[str, Output],
    books: Iterable[str],
    places: Iterable[str],
) -> tuple[SheetCell, ...]:
    """The cells of these workbooks that are filled from these places: pointers into the form's schema."""
    wanted = {steps for place in places if (steps := entry_steps(place))}
    found: dict[SheetCell, None] = {}
    for book in books if wanted else ():
        spelled = {own_sheets.defined_name("/" + "/".join(map(_escaped, s))) for s in wanted}
        for named in own_sheets.cells_named_in(session, outputs, book):
            if named.name in spelled or any(_leads(one, named.steps) for one in wanted):
                found.update((SheetCell(sheet, cell), None) for sheet, cell in named.cells)
    return tuple(found)


def entry_steps(place: str) -> tuple[str, ...]:
    """Where in an entry that stands which the schema says at `place`; `*` for every row. Empty for the whole form."""
    parts, at, found = place.split("/")[1:], 0, []
    while at < len(parts):
        word, more = parts[at], parts[at + 1 : at + 2]
        if word in _NOWHERE:
            return ()
        if word in ("properties", "prefixItems") and more:
            found.append(more[0].replace("~1", "/").replace("~0", "~"))
        elif word in _ONE or word in _TWO:
            found += _ONE.get(word) or _TWO.get(word, ())
        else:  # what a cell says of itself: its rule, its breakdown
            break
        at += 1 if word in _ONE else 2
    return tuple(found)


def _leads(wanted: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    """Whether a cell is the wanted place or within it."""
    return len(steps) >= len(wanted) and all(
        one in (ANY, step) for one, step in zip(wanted, steps, strict=False)
    )


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")

"""All that is told of departments' own sheets: their names and places, what may stay in one, how one is filled.

Openpyxl takes a while to come in, so it comes with the first sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from runtime.outputs.assets import KEPT, LARGEST, WORKBOOK, asset, assets_of, keep_asset, name_of
from runtime.outputs.own_formulas import MOST_FORMULAS, may_stay
from runtime.outputs.own_names import PLACES, defined_name, names_of, placed
from runtime.outputs.own_places import cells_named_in
from runtime.outputs.xlsx import shipped

if TYPE_CHECKING:
    from openpyxl import Workbook

    from runtime.hooks import Output

__all__ = [
    "KEPT", "LARGEST", "MOST_FORMULAS", "PLACES", "WORKBOOK", "asset", "assets_of", "cells_named_in", "defined_name",
    "keep_asset", "may_stay", "name_of", "names_missing", "names_of", "packed", "placed", "sheet",
]  # fmt: skip


def sheet(session: Session, outputs: Mapping[str, Output], name: str) -> bytes | None:
    """The sheet that a form calls `name`: kept by the site, or one of a department's folder; None where it has none."""
    if name.startswith(KEPT):
        return asset(session, name)
    return shipped(outputs, name)


def packed(book: Workbook) -> bytes:
    """The workbook's bytes; the same workbook gives the same."""
    from runtime.outputs import own_sheet

    return own_sheet.packed(book)


def names_missing(template: bytes, pointers: Sequence[str]) -> list[str]:
    """Which of these pointers the template's workbook has no cell for."""
    from runtime.outputs import own_sheet

    return own_sheet.names_missing(template, pointers)

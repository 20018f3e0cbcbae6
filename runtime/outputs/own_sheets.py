"""All that is told of departments' own sheets: their names and places, what may stay in one, how one is filled.

Openpyxl takes a while to come in, so it comes with the first sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from runtime.outputs.assets import KEPT, LARGEST, WORKBOOK, asset, assets_of, keep_asset
from runtime.outputs.own_formulas import may_stay
from runtime.outputs.own_names import PLACES, defined_name, names_of, placed
from runtime.outputs.own_places import cells_named_in

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = [
    "KEPT", "LARGEST", "PLACES", "WORKBOOK", "asset", "assets_of", "cells_named_in", "defined_name", "keep_asset",
    "may_stay", "names_missing", "names_of", "packed", "placed",
]  # fmt: skip


def packed(book: Workbook) -> bytes:
    """The workbook's bytes; the same workbook gives the same."""
    from runtime.outputs import own_sheet

    return own_sheet.packed(book)


def names_missing(template: bytes, pointers: Sequence[str]) -> list[str]:
    """Which of these pointers the template's workbook has no cell for."""
    from runtime.outputs import own_sheet

    return own_sheet.names_missing(template, pointers)

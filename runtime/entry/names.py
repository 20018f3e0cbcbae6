"""The names that controls are posted under: a cell's pointer, and one for the cell that is the whole entry."""

from __future__ import annotations

ROOT = "#"
"""The name of the cell at the empty pointer: a browser posts no control whose name is empty."""


def post_name(pointer: str) -> str:
    """The name of the control of the cell at `pointer`."""
    return pointer or ROOT


def name_of_row(pointer: str) -> str:
    """The name of the box that holds the name of the row at `pointer`."""
    return f"{pointer}#name"


def new_name_of(pointer: str, slot: str) -> str:
    """The name of the box in which the name of a new row is typed, for the rows `slot` of the object at `pointer`."""
    return f"{pointer}#{slot}"


def pointer_of_name(name: str) -> str:
    """The pointer of the cell whose control has that name; names of choices and of bookkeeping stay as they are."""
    return "" if name == ROOT else name


def is_of_entry(name: str) -> bool:
    """Whether it names a cell or a choice, and not bookkeeping."""
    return name.startswith(("/", ROOT))

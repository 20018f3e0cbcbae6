"""What a sheet asks for, as it stands on paper: cells to fill with the words over and beside them. No dictionary."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal["pair", "cross", "list", "about"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell to fill.

    `beside` are the words of its line from the outside in, `over` those of its column from the top down; a pair has
    its label in `beside`. `block` counts the tables of the workbook, `line` the rows of a list from 0.
    """

    sheet: int
    row: int
    column: int
    kind: Kind
    block: int
    beside: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    line: int = 0
    unit: str = ""
    about: str = ""
    """What of the whole report it is: `unit`, `period`, `filled_by` …; then it is filled behind its own words."""

    @property
    def id(self) -> str:
        """By which it is named in decisions."""
        return f"{self.sheet}.{self.row}.{self.column}" + (f".{self.about}" if self.about else "")

    @property
    def label(self) -> str:
        """What a person calls it."""
        return " / ".join(dict.fromkeys(t for t in (*self.beside, *self.over) if t))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def of_json(cls, kept: dict[str, Any]) -> Slot:
        """From what was kept."""
        texts = {name: tuple(kept[name]) for name in ("beside", "over")}
        return cls(**{**kept, **texts})


@dataclass(frozen=True, slots=True)
class Part:
    """A table, list or group of pairs: its caption, corner and unit, and where it stands."""

    block: int
    sheet: int
    kind: Kind
    top: int
    caption: str = ""
    corner: str = ""
    unit: str = ""

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Read:
    """All that was read of a workbook's sheets."""

    title: str
    titles: tuple[str, ...]
    """Of each sheet."""
    parts: tuple[Part, ...]
    slots: tuple[Slot, ...]
    notes: tuple[str, ...] = ()

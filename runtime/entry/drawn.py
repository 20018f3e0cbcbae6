"""One part of an entry made ready to draw, and what is known of the entry besides. Not for making them: `drawing`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zlib import crc32

from runtime.entry.count import Shown
from runtime.entry.earlier import Earlier
from runtime.entry.face import CellFace, CrossFace, Face
from runtime.errors import Problem
from runtime.fields.base import MISSING

_ODD = re.compile(r"[^A-Za-z0-9/]")


@lru_cache(maxsize=100_000)
def element_id(pointer: str) -> str:
    """The id of the element drawn for `pointer`: letters, digits, `-` and `_` only, one for each pointer."""
    return "c" + _ODD.sub(_spelt, pointer).replace("/", "-")


def _spelt(found: re.Match[str]) -> str:
    return "__" if found[0] == "_" else f"_{ord(found[0]):x}_"


@dataclass(slots=True)
class Sheet:
    """What is known of an entry besides its data, for drawing it; all may be empty."""

    problems: Sequence[Problem] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What was typed where it is not a value of the cell's type, by pointer."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    reading: bool = False
    """To be read only: values in place of controls."""
    draft: bool = False
    """Not yet submitted: what is typed of a subject will be known of it from then on."""
    proposed: Collection[tuple[str, str]] = frozenset()
    """Register and field of which a steward is asked first."""
    why: str = ""
    """Address of the page that tells why a cell has its value (the cell's pointer is added to it)."""
    files: str = ""
    """Address of attachments (the file's id is added to it)."""
    registers: Mapping[str, str] = field(default_factory=dict)
    """The registers' titles, by their short names."""
    now: Mapping[str, Any] = field(default_factory=dict)
    """The filled cells that would be filled otherwise now (`differences.Difference`), by pointer."""
    seen: Mapping[str, Shown] = field(default_factory=dict)
    """How sound what was filled is, by pointer, as far as that was looked at."""
    earlier: Earlier | None = None
    """What was reported for the periods before."""


def alike(left: Sheet, right: Sheet) -> bool:
    """Whether two sheets differ in nothing but in what they know of single cells."""
    return (
        left.reading,
        left.draft,
        left.proposed,
        left.why,
        left.files,
        left.registers,
        left.earlier,
    ) == (
        right.reading,
        right.draft,
        right.proposed,
        right.why,
        right.files,
        right.registers,
        right.earlier,
    )


def told_otherwise(before: Sheet, after: Sheet) -> set[str]:
    """The pointers of which something else is known than before, with all places above them."""
    was, now = before.provenance, after.provenance
    told = {p for p in (*was, *now) if was.get(p) is not now.get(p)}
    told |= {p for p in (*before.now, *after.now) if before.now.get(p) != after.now.get(p)}
    told |= {p for p in (*before.seen, *after.seen) if before.seen.get(p) is not after.seen.get(p)}
    told |= {p.pointer for sheet in (before, after) for p in sheet.problems}
    found: set[str] = set()
    for pointer in (*told, *before.raw, *after.raw):
        here = pointer
        while here not in found:
            found.add(here)
            here = here.rpartition("/")[0]
    return found


@dataclass(slots=True)
class NameBox:
    """Where the name of a row is read or typed, or that of a new one."""

    control: str
    """The name under which it is posted; its id is made of it."""
    label: str
    value: str = ""
    error: str = ""
    hint: str = ""
    """What a name must be."""
    names: Sequence[str] = ()
    """Names to choose from."""
    typed: bool = True
    """Whether it may be typed; else it is only read."""

    @property
    def id(self) -> str:
        """The id of the box."""
        return element_id(self.control)

    @property
    def mark(self) -> str:
        """Differs where the box must be drawn anew."""
        return f"{self.control}{self.value}{self.error}"


class Drawn:
    """One part, ready to draw; which attributes count depends on `kind`. A plain class: there are many."""

    __slots__ = (
        "box", "branches", "brief", "called", "children", "columns", "count", "data", "error", "face", "full", "head",
        "id", "index", "json", "kind", "label", "level", "lines", "locked", "message", "name", "named", "node", "notes",
        "odd", "parts", "region", "required", "state", "take", "titled", "value", "values",
        "was",
    )  # fmt: skip

    node: Any
    take: str
    """What the cell would be filled with now, where that differs and may be taken."""
    was: str
    """Last period's value and the change since."""
    odd: str
    """That the number is unusual, and why."""
    head: CrossFace
    """The headings of a cross-table."""
    lines: list[list[Drawn | None]]
    """The cells of a table, line by line."""
    columns: list[CellFace]
    """The columns of rows; empty where each row is a card of its own."""
    count: int
    """How many columns stand side by side."""
    full: bool
    """Whether no row more may be added."""
    index: int
    branches: list[tuple[str, str]]
    """Key and title of each alternative of a choice; `value` is the one picked."""
    box: NameBox | None
    """Of rows with names, where that of a new one is typed."""
    called: NameBox | None
    """The name of a row that has one."""
    named: bool
    """Rows with names."""
    notes: Sequence[str]
    """What must be among rows."""
    brief: bool
    """In a table: under the figure stands nothing of where it came from."""

    def __init__(self, kind: str, face: Face | CellFace, pointer: str) -> None:
        self.kind = kind
        self.face: Any = face
        self.name = pointer
        self.id = element_id(pointer)
        self.children: list[Drawn] = []
        self.parts: list[tuple[str, list[Drawn]]] = []
        self.region = self.error = self.locked = self.state = self.message = ""
        self.label = self.json = self.take = self.was = self.odd = ""
        self.level = 3
        self.required = self.brief = self.named = False
        self.box = self.called = None
        self.notes = ()
        self.titled = True
        self.value: Any = ""
        """What the control holds, or what is read where there is none."""
        self.values: Sequence[str] = ()
        """All strings of the control, as it posts them."""
        self.data: Any = MISSING
        """The value itself."""


def counted(drawn: Drawn) -> bool:
    """Whether this part counts among those that are filled, to type or to check.

    A choice does where somebody must make it, a list where it waits for a row: else its own cells do.
    """
    if drawn.kind == "cell":
        return not drawn.face.computed and not drawn.locked
    waits = bool(drawn.state)
    return waits if drawn.kind == "rows" else drawn.kind == "choice" and (drawn.required or waits)


def cells_of(drawn: Drawn) -> list[Drawn]:
    """The cells of a part, in drawing order."""
    if drawn.kind == "crossTable":
        return [cell for line in drawn.lines for cell in line if cell is not None]
    if drawn.kind == "cell":
        return [drawn]
    return [cell for child in drawn.children for cell in cells_of(child)]


def shape_of(drawn: Drawn) -> str:
    """A short text that differs when what is drawn in a region differs, regions within it left aside."""
    found: list[str] = [drawn.kind + drawn.state + (drawn.box.mark if drawn.box else "")]
    waiting = list(drawn.children)
    while waiting:
        child = waiting.pop()
        found.append(child.region or f"{child.kind}{child.id}{child.locked}")
        found += [box.mark for box in (child.box, child.called) if box is not None]
        if not child.region:
            waiting += child.children
            waiting += [c for line in getattr(child, "lines", ()) for c in line if c is not None]
    return f"{crc32(chr(10).join(found).encode()):x}"


INLINE = {"cell", "note"}


def arranged(children: Sequence[Drawn]) -> list[tuple[str, list[Drawn]]]:
    """`children` in runs: `fields` of single cells that share a grid, and `block`s that stand alone."""
    runs: list[tuple[str, list[Drawn]]] = []
    for child in children:
        kind = "fields" if _is_inline(child) else "block"
        if kind == "fields" and runs and runs[-1][0] == "fields":
            runs[-1][1].append(child)
        else:
            runs.append((kind, [child]))
    return runs


def _is_inline(drawn: Drawn) -> bool:
    if drawn.kind == "region":
        return all(_is_inline(child) for child in drawn.children)
    return drawn.kind in INLINE

"""To which place of a JSON text a pointer leads. Not for reading the JSON: the text may be half broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
DEEPEST = 400
"""Levels that are followed: deeper is no JSON of ours, and names of places would grow without end."""


@dataclass(slots=True)
class _Level:
    """An object or array that is open: where it leads, and the key or index that comes next."""

    pointer: str
    is_object: bool
    key: str = ""
    index: int = 0
    awaits_key: bool = True
    key_start: int = 0

    def next(self) -> str:
        step = self.key if self.is_object else str(self.index)
        return f"{self.pointer}/{step.replace('~', '~0').replace('/', '~1')}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of a text: letters from `start` to before `end`; `line` and `column` count from 1."""

    start: int
    end: int
    line: int
    column: int


def lines(text: str) -> dict[str, int]:
    """Pointer -> line (from 1) of every value in `text`, as far as it can be followed."""
    return {pointer: line for pointer, _start, _end, line in _walk(text)}


def line_of(text: str, pointer: str, known: dict[str, int] | None = None) -> int:
    """The line of the value at `pointer`, or of the nearest value around it."""
    known = lines(text) if known is None else known
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return known.get(pointer, 1)


def spots(text: str) -> dict[str, Spot]:
    """Pointer -> where it stands: the member with its name, or the beginning of what is held by a list."""
    return {
        pointer: Spot(start, end, line, start - text.rfind("\n", 0, start))
        for pointer, start, end, line in _walk(text)
    }


def spot_of(text: str, pointer: str, known: dict[str, Spot]) -> Spot:
    """Where the value at `pointer` stands, or the nearest one around it."""
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return known.get(pointer, Spot(0, min(1, len(text)), 1, 1))


def spot_at(text: str, line: int, column: int) -> Spot:
    """The one letter at a line and column; the last one of the text where that is beyond its end."""
    start = 0
    for _n in range(line - 1):
        found = text.find("\n", start)
        if found < 0:
            break
        start = found + 1
    start = min(start + column - 1, max(0, len(text) - 1))
    return Spot(start, min(start + 1, len(text)), line, column)


def _walk(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Pointer, first letter (of the name where it has one), end of the value's first sign, and line."""
    stack: list[_Level] = []
    line, seen = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        mark = found.group()
        level = stack[-1] if stack else None
        if mark in "}]":
            if stack:
                stack.pop()
        elif mark == ",":
            if level:
                level.index += 1
                level.awaits_key = True
        elif mark == ":":
            if level:
                level.awaits_key = False
        elif level and level.is_object and level.awaits_key and mark not in "{[":
            level.key, level.key_start = _unquoted(mark), seen
        else:
            place = level.next() if level else ""
            named = level is not None and level.is_object
            start = level.key_start if level is not None and named else seen
            begun = line - text.count("\n", start, seen)
            yield place, start, found.end(), begun
            if mark in "{[":
                if len(stack) > DEEPEST:
                    return
                stack.append(_Level(place, mark == "{"))


def _unquoted(mark: str) -> str:
    try:
        return str(json.loads(mark))
    except ValueError:
        return mark

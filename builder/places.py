"""On which line of a JSON text a pointer leads. Not for reading the JSON: the text may be half broken."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@dataclass(slots=True)
class _Level:
    """An object or array that is open: where it leads, and the key or index that comes next."""

    pointer: str
    is_object: bool
    key: str = ""
    index: int = 0
    awaits_key: bool = True

    def next(self) -> str:
        step = self.key if self.is_object else str(self.index)
        return f"{self.pointer}/{step.replace('~', '~0').replace('/', '~1')}"


def lines(text: str) -> dict[str, int]:
    """Pointer -> line (from 1) of every value in `text`, as far as it can be followed."""
    return dict(_walk(text))


def line_of(text: str, pointer: str, known: dict[str, int] | None = None) -> int:
    """The line of the value at `pointer`, or of the nearest value around it."""
    known = lines(text) if known is None else known
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return known.get(pointer, 1)


def _walk(text: str) -> Iterator[tuple[str, int]]:
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
            level.key = _unquoted(mark)
        else:
            place = level.next() if level else ""
            yield place, line
            if mark in "{[":
                stack.append(_Level(place, mark == "{"))


def _unquoted(mark: str) -> str:
    try:
        return str(json.loads(mark))
    except ValueError:
        return mark

"""What differs between two texts, line by line, with a few lines around. Pure. Not for what a difference means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from builder.studio.blocks import blocks

AROUND = 3
"""Lines shown before and after what differs."""
MOST_SHOWN = 2_000
"""Lines that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `same`, `gone`, `new`, `changed` (both sides), or `gap` (lines left out). 0: not on that side."""

    kind: str
    old: int = 0
    new: int = 0
    was: str = ""
    now: str = ""


def compared(before: str, after: str, *, beside: bool = False) -> list[Line]:
    """The lines that differ, with some around; `beside` puts what replaces on the line of what it replaces."""
    old, new = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for line in _lines(old, new, beside=beside):
        found.append(line)
        if len(found) > MOST_SHOWN:
            return [*found[:MOST_SHOWN], Line("gap")]
    return found


def _lines(old: Sequence[str], new: Sequence[str], *, beside: bool) -> Iterator[Line]:
    for tag, a, b, c, d in blocks(old, new):
        if tag == "equal":
            yield from _same(old, a, b, c, is_first=a == 0, is_last=b == len(old))
            continue
        pairs = zip_longest(range(a, b), range(c, d))
        if beside:
            for one, other in pairs:
                yield _changed(old, new, one, other)
            continue
        yield from (Line("gone", n + 1, 0, old[n]) for n in range(a, b))
        yield from (Line("new", 0, n + 1, "", new[n]) for n in range(c, d))


def _changed(old: Sequence[str], new: Sequence[str], one: int | None, other: int | None) -> Line:
    kind = (
        "changed" if one is not None and other is not None else "gone" if other is None else "new"
    )
    return Line(
        kind,
        0 if one is None else one + 1,
        0 if other is None else other + 1,
        "" if one is None else old[one],
        "" if other is None else new[other],
    )


def _same(
    old: Sequence[str], a: int, b: int, c: int, *, is_first: bool, is_last: bool
) -> Iterator[Line]:
    """What both have: its ends, where they stand beside something that differs."""
    head = 0 if is_first else AROUND
    tail = 0 if is_last else AROUND
    for n in range(a, b):
        if n < a + head or n >= b - tail:
            yield Line("same", n + 1, c + n - a + 1, old[n], old[n])
        elif n == a + head:
            yield Line("gap")

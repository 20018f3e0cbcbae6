"""How wide the columns of a table are, from what stands in them, in thousandths."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from runtime.outputs.clean import width
from runtime.outputs.tree import Head, Table, TableRow, Value

LEAST, MOST = 5, 44
"""A column is never narrower or wider than so many Latin letters, whatever stands in it."""

_WORDS = re.compile(r"[!-~]+")

_BY_TYPE = {
    "integer": 7,
    "decimal": 10,
    "money": 12,
    "computed": 10,
    "date": 15,
    "month": 11,
    "time": 8,
    "yes-no": 6,
    "identifier": 20,
    "phone": 15,
}


def per_mille(wanted: Sequence[float]) -> tuple[int, ...]:
    """`wanted` widths as thousandths of their sum that add up to 1,000 (largest remainder)."""
    whole = sum(wanted) or 1
    exact = [w * 1000 / whole for w in wanted]
    floor = [max(1, int(e)) for e in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: int(exact[i]) - exact[i])
    missing = 1000 - sum(floor)
    for i in by_remainder[: max(0, missing)]:
        floor[i] += 1
    while missing < 0:
        floor[max(range(len(floor)), key=floor.__getitem__)] -= 1
        missing += 1
    return tuple(floor)


def column_letters(
    head: Sequence[Sequence[Head]],
    rows: Sequence[TableRow],
    columns: int,
    stub: int,
    types: Sequence[str] = (),
) -> list[float]:
    """How many Latin letters each column wants.

    The field type says how many at least, so that most entries of a form have the same columns; what is
    longer widens its column: figures as far as they go, texts up to a third of the sheet.
    """
    wanted = [float(LEAST)] * columns
    if types:
        wanted[0] = 6.5  # the number of the row
    for i, kind in enumerate(types):
        wanted[stub + i] = _BY_TYPE.get(kind, 9)
    for place, title in _by_span(head):
        _want(wanted, place, _heading_width(title))
    for place, need in _stubs([row.heads for row in rows], stub):
        _want(wanted, place, need)
    several = not types and _has_units(rows)
    for row in rows:
        beside = several and not row.unit
        for i, value in enumerate(row.values):
            if value is not None:
                need = _value_width(value) + (width(value.unit) if beside else 0)
                _want(wanted, range(stub + i, stub + i + 1), need)
    return [min(w, MOST) for w in wanted]


def _has_units(rows: Sequence[TableRow]) -> bool:
    """Whether the figures of a cross-table have several units, so that each says its own."""
    return len({v.unit for row in rows for v in row.values if v is not None and v.numeric}) > 1


UNBROKEN = ("identifier", "phone")
"""Field types whose values are compared digit by digit, and so are never broken into lines."""


def least_letters(table: Table) -> list[float]:
    """How many Latin letters each column of a table needs, whatever else stands on its sheet."""
    least = [0.0] * table.columns
    for row in table.rows:
        for i, value in enumerate(row.values, start=table.stub):
            if value is not None and value.type in UNBROKEN:
                least[i] = max(least[i], _BY_TYPE[value.type], width(value.text) + 2)
    return least


def roomy(letters: Sequence[float], types: Sequence[str], room: float = 100) -> list[float]:
    """Columns of repeated rows that fill a sheet: what is left goes to the texts, else to all but the number."""
    left = max(0.0, room - sum(letters))
    open_ended = [i for i, kind in enumerate(types, start=1) if kind not in _BY_TYPE]
    share = open_ended or list(range(1, len(letters)))
    return [w + (left / len(share) if i in share else 0) for i, w in enumerate(letters)]


def _value_width(value: Value) -> float:
    """A figure or a word stays whole; a longer text is broken into lines."""
    if value.boxes:  # each on a line of its own, the box not parted from its word
        return min(max(map(width, value.boxes)) + 6, MOST)
    need = width(value.text)
    if value.numeric or value.type in _BY_TYPE:
        return need + 2
    word = max((len(run) for run in _WORDS.findall(value.text)), default=0)
    return max(min(need, 16 + need / 5), min(word, 24)) + 2


def _want(wanted: list[float], place: range, need: float) -> None:
    short = need - sum(wanted[i] for i in place)
    if short > 0 and place:
        for i in place:
            wanted[i] += short / len(place)


def _heading_width(title: str) -> float:
    """A heading may take two lines, but a word of it none."""
    word = max((width(w) for w in title.split()), default=0)
    half = width(title) / 2
    return max(half, word * 1.1 if title.isascii() else min(word, half + 2)) + 1.5


def places(lines: Sequence[Sequence[Head]]) -> list[list[tuple[int, Head]]]:
    """For each line of merged headings, the column at which each stands."""
    taken: set[tuple[int, int]] = set()
    out: list[list[tuple[int, Head]]] = []
    for y, line in enumerate(lines):
        x, placed = 0, []
        for head in line:
            while (y, x) in taken:
                x += 1
            placed.append((x, head))
            taken |= {(y + j, x + i) for j in range(head.rows) for i in range(head.columns)}
            x += head.columns
        out.append(placed)
    return out


def _stub_width(title: str) -> float:
    """A long heading of a row may take two lines, but a word of it none."""
    word = max((len(run) for run in _WORDS.findall(title)), default=0)
    return max(min(width(title), 10 + width(title) / 4), min(word * 1.1, 24)) + 1.5


def _by_span(head: Sequence[Sequence[Head]]) -> Iterable[tuple[range, str]]:
    found = [(range(x, x + h.columns), h.title) for line in places(head) for x, h in line]
    return sorted(found, key=lambda item: len(item[0]))


def _stubs(lines: Sequence[Sequence[Head]], stub: int) -> Iterable[tuple[range, float]]:
    for line in places(lines):
        for x, head in line:
            yield range(x, min(x + head.columns, stub)), _stub_width(head.title)

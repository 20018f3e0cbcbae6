"""The columns of a worksheet: one grid into which every table and every line of fields of a sheet fits."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, pairwise

NEAR = 30
"""Edges nearer than so many thousandths of the width are made one, to the wider table's place."""

WHOLE = 1000


class Grid:
    """Edges in thousandths of the width; widths of the columns between them in Latin letters."""

    def __init__(self, layouts: Sequence[tuple[int, ...]], letters: float) -> None:
        edges = [0, WHOLE]
        self._snapped: dict[tuple[int, ...], tuple[int, ...]] = {}
        for widths in sorted(set(layouts), key=lambda w: (-len(w), w)):
            self._snapped[widths] = _snap(list(accumulate(widths))[:-1], edges)
        self.edges = edges
        self.widths = [(right - left) * letters / WHOLE for left, right in pairwise(edges)]

    def __len__(self) -> int:
        return len(self.widths)

    def places(self, widths: tuple[int, ...]) -> list[int]:
        """For a layout of these widths: the first grid column (from 0) of each of its columns, and the end."""
        inner = (self.edges.index(edge) for edge in self._snapped[widths])
        return [0, *inner, len(self)]

    def split(self, parts: int) -> list[int]:
        """The grid cut into so many parts of about the same width: first columns, and the end."""
        cuts = [0]
        for i in range(1, parts):
            at = bisect_left(self.edges, WHOLE * i / parts)
            near = min((at - 1, at), key=lambda j: abs(self.edges[j] - WHOLE * i / parts))
            cuts.append(max(cuts[-1], near))
        return [*cuts, len(self)]

    def room(self, first: int, end: int) -> float:
        """How many Latin letters fit into grid columns `first` to before `end`."""
        return sum(self.widths[first:end])

    def widen(self, first: int, end: int, letters: float) -> None:
        """Make those columns wide enough for so many letters together."""
        room = self.room(first, end)
        if room < letters:
            for i in range(first, end):
                self.widths[i] *= letters / room

    def widen_columns(self, widths: tuple[int, ...], letters: Sequence[float]) -> None:
        """Make each column of a layout of these widths wide enough for so many letters."""
        for (first, end), least in zip(pairwise(self.places(widths)), letters, strict=True):
            self.widen(first, end, least)


def _snap(wanted: Sequence[int], edges: list[int]) -> tuple[int, ...]:
    """Each wanted edge at the nearest free one, or put in anew where none is near."""
    found: list[int] = []
    before = 0
    for number, edge in enumerate(wanted):
        rest = wanted[number + 1] if number + 1 < len(wanted) else WHOLE
        near = [e for e in edges if before < e < WHOLE and abs(e - edge) <= NEAR and e < rest]
        best = min(near, key=lambda e: abs(e - edge), default=None)
        if best is None:
            best = max(edge, before + 1)
            if best not in edges:
                edges.insert(bisect_left(edges, best), best)
        found.append(best)
        before = best
    return tuple(found)

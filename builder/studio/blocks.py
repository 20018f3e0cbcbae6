"""Which lines of two texts are the same, found with bounded work. Pure. Not for how a difference is shown."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

MOST = 4_000_000
"""Steps of work for two texts: some hundred milliseconds. What is left then counts as replaced, all of it."""
Block = tuple[str, int, int, int, int]
"""`equal` or `replace`; from and to in the old lines, from and to in the new ones."""
_Span = tuple[int, int, int, int]
_Pair = tuple[int, int]


def blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """Both texts in blocks that are the same or not, in order; no two of a kind stand side by side."""
    found: list[Block] = []
    a = b = 0
    for i, j in [*sorted(_Weighing(old, new).pairs()), (len(old), len(new))]:
        if a < i or b < j:
            found.append(("replace", a, i, b, j))
        a, b = i + 1, j + 1
        if i == len(old):
            break
        if found and found[-1][0] == "equal":
            found[-1] = ("equal", found[-1][1], a, found[-1][3], b)
        else:
            found.append(("equal", i, a, j, b))
    return found


class _Weighing:
    """Two texts: first by the lines that each has but once, then what is between those line by line."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new, self.left = old, new, MOST

    def pairs(self) -> list[_Pair]:
        """Places of the same lines; of any two, one stands before the other in both texts."""
        found: list[_Pair] = []
        waiting: list[_Span] = [(0, len(self.old), 0, len(self.new))]
        while waiting:
            span, same = self._within_ends(waiting.pop())
            found += same
            a, b, c, d = span
            self.left -= b - a + d - c
            if a == b or c == d or self.left < 0:
                continue
            if anchors := self._anchors(span):
                found += anchors
                waiting += _between(span, anchors)
            else:
                found += self._compared(span)
        return found

    def _within_ends(self, span: _Span) -> tuple[_Span, list[_Pair]]:
        a, b, c, d = span
        same = []
        while a < b and c < d and self.old[a] == self.new[c]:
            same.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and self.old[b - 1] == self.new[d - 1]:
            b, d = b - 1, d - 1
            same.append((b, d))
        return (a, b, c, d), same

    def _anchors(self, span: _Span) -> list[_Pair]:
        """Lines that each side has once, as many as are in the same order."""
        a, b, c, d = span
        here, there = Counter(self.old[a:b]), Counter(self.new[c:d])
        place = {self.new[j]: j for j in range(c, d) if there[self.new[j]] == 1}
        return _rising(
            [(i, place[self.old[i]]) for i in range(a, b)
             if here[self.old[i]] == 1 and self.old[i] in place]
        )  # fmt: skip

    def _compared(self, span: _Span) -> Iterator[_Pair]:
        a, b, c, d = span
        here, there = Counter(self.old[a:b]), Counter(self.new[c:d])
        alike = sum(count * there[line] for line, count in here.items())
        work = alike * min(b - a, d - c)
        if work > self.left:
            return
        self.left -= work
        weighing = SequenceMatcher(None, self.old[a:b], self.new[c:d], autojunk=False)
        for one in weighing.get_matching_blocks():
            yield from ((a + one.a + n, c + one.b + n) for n in range(one.size))


def _between(span: _Span, anchors: Sequence[_Pair]) -> Iterator[_Span]:
    a, b, c, d = span
    for i, j in anchors:
        yield a, i, c, j
        a, c = i + 1, j + 1
    yield a, b, c, d


def _rising(pairs: Sequence[_Pair]) -> list[_Pair]:
    """As many of the pairs as rise on both sides; they come in the order of the first."""
    tops: list[int] = []
    heads: list[int] = []
    before: list[int] = []
    for n, (_i, j) in enumerate(pairs):
        pile = bisect_left(tops, j)
        before.append(heads[pile - 1] if pile else -1)
        tops[pile : pile + 1], heads[pile : pile + 1] = [j], [n]
    found = []
    n = heads[-1] if heads else -1
    while n >= 0:
        found.append(pairs[n])
        n = before[n]
    return found[::-1]

"""A set of very many things in eight bytes each: it may take something for one of them that is not, never otherwise."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable
from itertools import pairwise


class Marks:
    """Holds the hashes of what is added, for this process only."""

    def __init__(self) -> None:
        self._marks = array("q")
        self._sorted = True

    def extend(self, things: Iterable[Hashable]) -> None:
        """Add these."""
        self._marks.extend(map(hash, things))
        self._sorted = False

    def __len__(self) -> int:
        return len(self._marks)

    def __contains__(self, thing: Hashable) -> bool:
        self._sort()
        mark = hash(thing)
        at = bisect_left(self._marks, mark)
        return at < len(self._marks) and self._marks[at] == mark

    def repeated(self) -> Marks:
        """Those that were added more than once."""
        self._sort()
        found = Marks()
        found._marks.extend(one for one, other in pairwise(self._marks) if one == other)
        return found

    def _sort(self) -> None:
        if not self._sorted:
            self._marks, self._sorted = array("q", sorted(self._marks)), True

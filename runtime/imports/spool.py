"""Rows in a temporary file that nobody else can open, so that memory does not grow with a sheet. Not to keep them."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Iterable, Iterator, Sequence
from tempfile import SpooledTemporaryFile
from typing import Generic, TypeVar, overload

Row = TypeVar("Row")
IN_MEMORY = 1 << 20
"""Bytes up to which there is no file."""
_AT_ONCE = 1 << 16


class Spool(Sequence[Row], Generic[Row]):
    """A sequence that is appended to, and then read, as often as wanted; its file is gone with it."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it lives as long as this does
        self._ends = array("Q", [0])
        for row in rows:
            self.append(row)

    def __del__(self) -> None:
        self._file.close()

    def append(self, row: Row) -> None:
        """Add a row at the end; not while it is read."""
        written = pickle.dumps(row, pickle.HIGHEST_PROTOCOL)
        self._file.write(written)
        self._ends.append(self._ends[-1] + len(written))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        n = range(len(self))[place]
        (found,) = self._read(n, n + 1)
        return found

    def __iter__(self) -> Iterator[Row]:
        """All rows in their order, some kilobytes of them in memory at a time."""
        first = 0
        while first < len(self):
            last = first + 1
            while last < len(self) and self._ends[last + 1] - self._ends[first] <= _AT_ONCE:
                last += 1
            yield from self._read(first, last)
            first = last

    def _read(self, first: int, last: int) -> list[Row]:
        begin, end = self._ends[first], self._ends[last]
        place = self._file.tell()
        self._file.seek(begin)
        read = memoryview(self._file.read(end - begin))
        self._file.seek(place)
        ends = self._ends
        return [
            pickle.loads(read[ends[n] - begin : ends[n + 1] - begin])  # noqa: S301 - written just above
            for n in range(first, last)
        ]

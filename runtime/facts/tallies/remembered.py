"""What was read of groups of units, remembered in the process for as long as it is right. Not for reading it.

It is kept under the units' ids and revisions, all seen in one snapshot. A unit's revision grows with every change of
its tallies and memberships (`pages.lock`), so what is found under them is right, whatever happened elsewhere, and no
writer has to know of it. Only sessions that read remember: what was never committed is seen by nobody else.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session

MOST = 2_000
"""Groups remembered for each database, some 15 kB each; the sums of a city of 2,609 grids on one day are 82."""


class Remembered:
    """Answers by what they follow from; the least used are forgotten first."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Any:
        """What is remembered, or None."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: Hashable, answer: Any) -> None:
        """Remember an answer."""
        with self._lock:
            self._held[key] = answer
            while len(self._held) > MOST:
                self._held.popitem(last=False)


_of_pools: WeakKeyDictionary[Any, Remembered] = WeakKeyDictionary()
"""By the pool of connections: what was read from one database says nothing of another."""


def remembered(session: Session) -> Remembered:
    """What is remembered of the session's database."""
    pool = session.get_bind().engine.pool
    found = _of_pools.get(pool)
    return found if found is not None else _of_pools.setdefault(pool, Remembered())

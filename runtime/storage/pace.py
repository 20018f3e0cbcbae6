"""How much one transaction of a long work does, so that nobody else waits long for the write lock.

The lock is timed, the commit too, which on SQLite takes as long again: what one transaction does follows from that.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime.storage.engine import writing

HELD = 0.08
"""Seconds for which one transaction should hold the write lock, its commit included."""
REST = 0.006
"""Seconds between two transactions on SQLite: whoever waits looks for the lock three times meanwhile (`turns`)."""

Portion = Callable[[Session], None]
Within = Callable[[Session], AbstractContextManager[None]]


class Pace:
    """Steps of one work, of about `HELD` seconds each, with pauses."""

    def __init__(self, engine: Engine, first: int = 200, least: int = 50, most: int = 1000) -> None:
        self._engine, self._size, self._least, self._most = engine, first, least, most
        self._began = self._ended = self._commit = 0.0

    @property
    def size(self) -> int:
        """How much the next step should do."""
        return self._size

    def step(self, work: Callable[[Session, int], int]) -> int:
        """One transaction, in which `work` is told how much it may do; says how much it did, as `work` does."""
        with self._turn() as session:
            done = work(session, self._size)
        wanted = int(done * HELD / max(self._ended - self._began, 0.001))
        self._size = max(self._least, min(self._most, wanted, self._size * 2))
        return done

    def each(self, portions: Iterable[Portion], within: Within) -> None:
        """Do all of these in their order, as many in one transaction as there is time for, `within` what is given."""
        rest = deque(portions)
        while rest:
            with self._turn() as session, within(session):
                rest.popleft()(session)
                while rest and time.perf_counter() - self._began < HELD - self._commit:
                    rest.popleft()(session)

    @contextmanager
    def _turn(self) -> Iterator[Session]:
        """One transaction, when others have had their turn."""
        self._let_others()
        with writing(self._engine) as session:
            session.connection()  # the lock may be long in coming: only what follows counts
            self._began = time.perf_counter()
            yield session
            end = time.perf_counter()
        self._ended = time.perf_counter()
        self._commit = self._ended - end

    def _let_others(self) -> None:
        """Rest where others may wait for the one write lock, unless there was a rest anyway."""
        if self._engine.dialect.name == "sqlite":
            time.sleep(max(0.0, self._ended + REST - time.perf_counter()))

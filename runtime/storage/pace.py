"""How much one transaction of a long work does, so that nobody else waits long for the write lock."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime.storage.engine import writing

HELD = 0.05
"""Seconds for which one transaction should hold the write lock."""
PAUSE_AFTER, PAUSE = 0.15, 0.1
"""Seconds of writing on SQLite after which there is a pause: whoever waits for the lock looks every 0.1 s."""


class Pace:
    """Steps of one work, of about `HELD` seconds each, with pauses."""

    def __init__(self, engine: Engine, first: int = 100, least: int = 50, most: int = 600) -> None:
        self._engine, self._size, self._least, self._most = engine, first, least, most
        self._wrote = self._ended = 0.0

    @property
    def size(self) -> int:
        """How much the next step should do."""
        return self._size

    def step(self, work: Callable[[Session, int], int]) -> int:
        """One transaction, in which `work` is told how much it may do; says how much it did, as `work` does."""
        self._let_others()
        with writing(self._engine) as session:
            session.connection()  # the lock may be long in coming: only what follows counts
            start = time.perf_counter()
            done = work(session, self._size)
        self._ended = time.perf_counter()
        took = self._ended - start
        self._wrote += took
        wanted = int(done * HELD / max(took, 0.001))
        self._size = max(self._least, min(self._most, wanted, self._size * 2))
        return done

    def _let_others(self) -> None:
        """Pause where others may have waited for the one write lock long enough, unless there was a pause anyway."""
        if time.perf_counter() - self._ended >= PAUSE:
            self._wrote = 0.0
        elif self._engine.dialect.name == "sqlite" and self._wrote >= PAUSE_AFTER:
            time.sleep(PAUSE)
            self._wrote = 0.0

"""What time it is, in one place, so that tests and the sample city can live on another day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

_fixed: ContextVar[datetime | None] = ContextVar("fixed", default=None)


def now() -> datetime:
    """This moment, in UTC with its time zone."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day of this moment where the site is (its machine's time zone)."""
    return now().astimezone().date()


@contextmanager
def fixed(moment: datetime) -> Iterator[None]:
    """Let time stand still at `moment` (which must carry a time zone) within the block."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)

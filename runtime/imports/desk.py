"""What of a site an import needs, and whom it tells how far it is. Only types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy import Engine

from runtime.definitions.load import Library
from runtime.fields.catalogue import FieldTypes

OnProgress = Callable[[int, int], None]
"""Told how many rows are done, of how many; may raise, to stop."""


def no_progress(_done: int, _all: int) -> None:
    """Nobody is told."""


class Desk(Protocol):
    """What of a site an import needs."""

    @property
    def engine(self) -> Engine: ...

    @property
    def library(self) -> Library: ...

    @property
    def field_types(self) -> FieldTypes: ...

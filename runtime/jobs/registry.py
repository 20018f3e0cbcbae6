"""Which function does a kind of job. Not for running it: that is `run`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from runtime.errors import OperatorError
from runtime.language import gettext as _

if TYPE_CHECKING:
    from runtime.jobs.run import Run

Work = Callable[["Run"], dict[str, Any] | None]
"""What does the work; a result with `url` tells where it is to be seen."""

_kinds: dict[str, Work] = {}


def handler(kind: str) -> Callable[[Work], Work]:
    """Mark the function that does the jobs of this kind; raises `ValueError` where another one does already."""

    def mark(work: Work) -> Work:
        held = _kinds.get(kind, work)
        if (held.__module__, held.__qualname__) != (work.__module__, work.__qualname__):
            raise ValueError(f"“{kind}” is done already by {held.__module__}.{held.__qualname__}")
        include(kind, work)
        return work

    return mark


def include(kind: str, work: Work) -> None:
    """Let `work` do the jobs of this kind from now on, in all sites of this process."""
    _kinds[kind] = work


def kinds() -> dict[str, Work]:
    """All kinds that are known now."""
    return dict(_kinds)


def work_of(kind: str) -> Work:
    """The function for this kind; raises `OperatorError` where the part that did it is no longer installed."""
    if kind not in _kinds:
        raise OperatorError(
            _("Nothing that is installed here does the work “%(kind)s”.", kind=kind)
        )
    return _kinds[kind]

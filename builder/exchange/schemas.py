"""A JSON Schema that came in, place by place: what is drawn, what is checked but not shown, what is kept but locked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from builder.exchange.report import Line, line
from runtime.api import MISSING, Cell, Judged, place, say, walk, why_locked
from runtime.api import gettext as _


def lines_of(judged: Judged) -> Iterator[Line]:
    """A line for each place of the form as it is drawn empty."""
    if judged.plan is None:
        return
    seen = set[str]()
    for one in walk(place(judged.plan, MISSING)):
        told = one.pointer or "/"
        if one.locked:
            yield line(told, say(one.node.words.title), kept=why_locked(one))
        elif isinstance(one.node, Cell) and told not in seen:
            seen.add(told)
            yield line(told, f"{say(one.node.words.title)} ({one.node.field})")
        elif losses := list(_unseen(one.node)):
            yield line(told, say(one.node.words.title), losses)


def _unseen(node: Any) -> Iterator[str]:
    others = getattr(node, "others", "")
    if others:
        yield _(
            "members of other names (%(keyword)s) are kept and checked, and not shown",
            keyword=others,
        )

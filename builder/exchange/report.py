"""What became of each part of a form that goes from one notation into another. Not for the translating itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from runtime.api import gettext as _

State = Literal["mapped", "loss", "kept"]
"""Said in full; said but for what `why` tells; kept so that it goes out again, but nobody can fill or see it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a report: where it stands in the file, what it is, what became of it, and why not all of it."""

    place: str
    what: str
    state: State = "mapped"
    why: tuple[str, ...] = ()


def line(place: str, what: str, losses: Iterable[str] = (), kept: str = "") -> Line:
    """A line of the state that follows: kept where `kept` says why, with loss where anything is lost."""
    why = tuple(dict.fromkeys(losses))
    if kept:
        return Line(place, what, "kept", (kept,))
    return Line(place, what, "loss" if why else "mapped", why)


def counted(lines: Iterable[Line]) -> dict[State, int]:
    """How many lines have each state."""
    found = Counter(one.state for one in lines)
    return {"mapped": found["mapped"], "loss": found["loss"], "kept": found["kept"]}


def state_words(state: State) -> str:
    """The state in words."""
    return {
        "mapped": _("mapped"),
        "loss": _("mapped with loss"),
        "kept": _("kept but locked"),
    }[state]


def told(one: Line) -> str:
    """A line as text, for the command line."""
    said = f"{state_words(one.state)}  {one.place}: " + (_("; ").join(one.why) or one.what)
    return said if not one.why or not one.what else f"{said} ({one.what})"

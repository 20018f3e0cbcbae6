"""What a row's values do to what is known of a subject: new, changed, confirmed, or in conflict. Pure.

Precedence is by steward. The department that answers for a field has the last word on it; what others send of it gives
way to a newer fact, and to one that the steward said of the same day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from runtime.facts.timeline import UNIT, Timeline
from runtime.fields.choices import same

SaidBy = Callable[[str, date], str]
"""Which department said the newest fact of a field, of that day; empty where none did."""


@dataclass(slots=True)
class Decision:
    """What is to be recorded of a subject, and what is left as it is."""

    sets: dict[date, dict[str, Any]] = field(default_factory=dict)
    """Day -> field -> value."""
    confirms: dict[str, Any] = field(default_factory=dict)
    old: dict[str, Any] = field(default_factory=dict)
    """Of each field said otherwise, what was known; None where nothing was."""
    conflicts: dict[str, date] = field(default_factory=dict)
    """Field -> day of the fact that stays."""
    known: int = 0
    """Values that were said of that day or a later one already."""

    @property
    def kind(self) -> str:
        """What a list of the dry run calls it."""
        if self.conflicts:
            return "conflict"
        return "change" if self.sets else "confirm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends, as of which day; `steward_of` says who answers for a field."""

    department: str
    as_of: date
    steward_of: Mapping[str, str]


def decide(
    told: Mapping[str, Any],
    timeline: Timeline,
    sender: Sender,
    said_by: SaidBy,
    *,
    changed_since: bool = False,
) -> Decision:
    """Weigh what a row tells against what is known.

    `changed_since`: the subject was changed after somebody looked at the dry run; then only a steward overrules what
    was said of the file's own day.
    """
    made = Decision()
    newest = _newest(timeline)
    own = partial(_own_word_after, timeline, sender, said_by)
    for name, value in told.items():
        if name == UNIT:
            continue
        if name not in newest:
            _set(made, sender.as_of, name, value, None)
            continue
        day, current = newest[name]
        if current is not None and same(current, value):
            if day < sender.as_of:
                made.confirms[name] = value
            else:
                made.known += 1
        else:
            _differs(made, name, value, current, day, sender, said_by, own, changed_since)
    return made


def _differs(
    made: Decision,
    name: str,
    value: Any,
    current: Any,
    day: date,
    sender: Sender,
    said_by: SaidBy,
    own_word_after: Callable[[str], bool],
    changed_since: bool,
) -> None:
    steward = sender.steward_of.get(name, "")
    if day < sender.as_of:
        _set(made, sender.as_of, name, value, current)
    elif sender.department == steward:
        # where it has said something newer itself, an old file says nothing against anybody
        if own_word_after(name):
            made.conflicts[name] = day
            made.old[name] = current
        else:
            _set(made, day, name, value, current)
    elif day > sender.as_of or changed_since or said_by(name, day) == steward:
        made.conflicts[name] = day
        made.old[name] = current
    else:
        _set(made, sender.as_of, name, value, current)


def _own_word_after(timeline: Timeline, sender: Sender, said_by: SaidBy, name: str) -> bool:
    """Whether the sender has said the field itself of a day after its file's, whoever has said it since."""
    days = (date.fromisoformat(day) for day, patch in timeline if name in patch)
    return any(day > sender.as_of and said_by(name, day) == sender.department for day in days)


def _set(made: Decision, day: date, name: str, value: Any, current: Any) -> None:
    made.sets.setdefault(day, {})[name] = value
    made.old[name] = current


def _newest(timeline: Timeline) -> dict[str, tuple[date, Any]]:
    """For each field, the day and value of the last that was said of it."""
    said: dict[str, tuple[str, Any]] = {}
    for day, patch in timeline:
        for name, value in patch.items():
            said[name] = (day, value)
    return {name: (date.fromisoformat(day), value) for name, (day, value) in said.items()}

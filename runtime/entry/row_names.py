"""The names of rows that are members of an object: typed anew, and added. Not for the values beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from runtime.definitions.address import pointer as pointer_of
from runtime.definitions.address import tokens
from runtime.definitions.named import is_typed
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import Named, Plan, Rows
from runtime.definitions.values import value_at, with_value
from runtime.entry.defaults import new_row
from runtime.entry.name_words import taken, too_many, unfit
from runtime.entry.names import name_of_row, new_name_of
from runtime.errors import Problem

Posted = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class Renamed:
    """An entry with the names that were posted; what cannot be a name is in `problems`, as it was typed in `raw`."""

    data: Any
    choices: dict[str, str]
    problems: list[Problem] = field(default_factory=list)
    raw: dict[str, list[str]] = field(default_factory=dict)
    moved: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """For each object, its pointer then, and its members' new names by their old ones."""
    added: list[str] = field(default_factory=list)
    """The pointers of new rows."""
    by: dict[str, str] = field(default_factory=dict)
    """For each box in which the name of a new row was typed, that row; the box itself where it can be none."""

    def now_at(self, name: str) -> str:
        """Where what stood at a pointer stands now; of the name of a control likewise."""
        for pointer, wanted in self.moved:
            name = _renamed(name, pointer, wanted)
        return name

    def refuse(self, control: str, typed: str, why: str) -> None:
        """Keep things as they are, and say why."""
        self.problems.append(Problem("name", why, control))
        self.raw[control] = [typed]


def renamed(plan: Plan, posted: Posted, data: Any, choices: Mapping[str, str]) -> Renamed:
    """The entry after the names posted for its rows: first those of rows that are there, then those of new ones."""
    found = Renamed(data, dict(choices))
    if not any("#name" in name for name in posted):
        return found
    parts = [
        (part, part.node, part.node.named)
        for part in walk(place(plan, data, choices, _around(posted)))
        if isinstance(part.node, Rows) and part.node.named is not None
        if not part.locked and not part.node.read_only
    ]
    for part, _node, named in reversed(
        parts
    ):  # inner ones first: those around still have their old names
        _change(plan, posted, found, part, named)
    for part, node, named in parts:
        _add(plan, posted, found, part, node, named)
    return found


def _around(posted: Posted) -> tuple[str, ...]:
    """All places above those posted: a part that contains itself was open there."""
    found = {name.rpartition("#")[0] for name in posted}
    for name in posted:
        steps = name.split("/")
        found.update("/".join(steps[:n]) for n in range(2, len(steps)))
    return tuple(found - {""})


def _change(plan: Plan, posted: Posted, found: Renamed, part: Placed, named: Named) -> None:
    wanted: dict[str, str] = {}
    for row in part.children:
        control, old = name_of_row(row.pointer), tokens(row.pointer)[-1]
        typed = _typed(posted, control)
        if typed is None or not is_typed(old) or typed in (old, old.strip()):
            continue
        if why := unfit(plan, named, typed):
            found.refuse(control, typed, why)
        else:
            wanted[old] = typed
    members = value_at(found.data, part.pointer)
    if not wanted or not isinstance(members, dict):
        return
    while (double := _double(members, wanted)) is not None:
        typed = wanted.pop(double)
        found.refuse(name_of_row(part.pointer + pointer_of(double)), typed, taken(typed))
    after = {wanted.get(name, name): value for name, value in members.items()}
    found.data = with_value(found.data, part.pointer, after) if part.pointer else after
    found.moved.append((part.pointer, wanted))
    found.choices = {_renamed(n, part.pointer, wanted): key for n, key in found.choices.items()}


def _double(members: Mapping[str, Any], wanted: Mapping[str, str]) -> str | None:
    """The last member whose new name another one has, or is to have, too."""
    names = [wanted.get(name, name) for name in members]
    return next(
        (n for n in reversed(list(members)) if n in wanted and names.count(wanted[n]) > 1), None
    )


def _add(
    plan: Plan, posted: Posted, found: Renamed, part: Placed, node: Rows, named: Named
) -> None:
    control = new_name_of(part.pointer, named.slot)
    typed = _typed(posted, control)
    if not typed:
        return
    found.by[control] = control
    pointer = found.now_at(part.pointer)
    members = value_at(found.data, pointer)
    there = members if isinstance(members, dict) else {}
    why = unfit(plan, named, typed)
    if typed in there:
        why = taken(typed)
    elif not why and node.maximum is not None and len(there) >= node.maximum:
        why = too_many(node.maximum)
    if why:
        found.refuse(found.now_at(control), typed, why)
        return
    after = {**there, typed: new_row(plan, node.item)}
    found.data = with_value(found.data, pointer, after) if pointer else after
    found.by[control] = pointer + pointer_of(typed)
    found.added.append(found.by[control])


def _typed(posted: Posted, control: str) -> str | None:
    """What stands in the box of a name, without line breaks and outer spaces; None where it was not posted."""
    strings = posted.get(control)
    return strings[-1].replace("\r", "").replace("\n", "").strip() if strings else None


def _renamed(name: str, pointer: str, wanted: Mapping[str, str]) -> str:
    if not name.startswith(f"{pointer}/"):
        return name
    step, slash, rest = name[len(pointer) + 1 :].partition("/")
    own, mark, keyword = step, "", ""
    if not slash and "#" in step and _plain(step) not in wanted:
        own, mark, keyword = step.rpartition("#")
    new = wanted.get(_plain(own))
    return name if new is None else f"{pointer}{pointer_of(new)}{mark}{keyword}{slash}{rest}"


def _plain(step: str) -> str:
    return tokens(f"/{step}")[0]

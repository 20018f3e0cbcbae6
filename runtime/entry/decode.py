"""What was posted read back into data: drawn, editable cells only, against the entry that the screen showed.

All that is not posted, not drawn, read-only or computed comes from the base, so that nothing can be forged and
nothing unknown is lost. Not for saving, and not for what JSON Schema finds wrong with the outcome.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from runtime.definitions.place import Placed, is_fixed, place
from runtime.definitions.plan import Cell, Choice, Plan
from runtime.definitions.titles import Titles
from runtime.definitions.values import value_at
from runtime.entry.change import chosen, cleared, written
from runtime.entry.defaults import in_new_parts, with_defaults
from runtime.entry.hidden import without_dropped
from runtime.entry.names import pointer_of_name
from runtime.entry.row_names import Renamed, renamed
from runtime.entry.totals import with_totals
from runtime.errors import Problem
from runtime.fields.base import MISSING, WrongInput
from runtime.fields.catalogue import field_types
from runtime.language import gettext as _

MOST_ROUNDS = 20
"""A post may make parts appear which it also fills, and those others; so often is looked."""

Posted = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Decoded:
    """An entry after a post.

    Where `problems` names a pointer the base's value was kept there, and `raw` holds the strings as they were
    typed, to be shown again.
    """

    data: Any
    choices: dict[str, str]
    problems: list[Problem]
    raw: dict[str, list[str]] = field(default_factory=dict)
    names: Renamed | None = None
    """What was done to the names of rows, if any of them was posted."""

    def now_at(self, pointer: str) -> str:
        """Where what stood at a pointer before the post stands now."""
        return self.names.now_at(pointer) if self.names is not None else pointer

    def row_named_in(self, control: str) -> str | None:
        """The pointer of the row whose name was typed in this box, the box's own name where it can be none."""
        return self.names.by.get(control) if self.names is not None else None


def decode(
    plan: Plan, posted: Posted, base: Any, base_choices: Mapping[str, str] | None = None
) -> Decoded:
    """The entry `base` (with the choices it remembers) as changed by a post.

    `posted` maps names to their strings, as a werkzeug `MultiDict` does (`getlist` is used where there is
    one). A cell whose strings are those that its untouched control posts keeps the base's value exactly.
    Parts that appear because of the post begin with their defaults.
    """
    before = dict(base_choices or {})
    work = _Work(plan, _lists(posted), base, before)
    for _round in range(MOST_ROUNDS):
        if not work.round() or is_fixed(plan):
            break
    data = work.data
    if data is not base or work.choices != before:
        work.choices = {**work.told, **work.choices}  # what was told may be gone by now
        data = in_new_parts(plan, data, work.choices, (base, before), work.posted)
    names = renamed(plan, work.posted, data, work.choices)
    data, choices = names.data, names.choices
    for row in names.added:
        data = with_defaults(plan, data, choices, row)
    data = without_dropped(plan, data, choices, "dropAtOnce")
    problems = [replace(p, pointer=names.now_at(p.pointer)) for p in work.problems]
    raw = {names.now_at(name): strings for name, strings in work.raw.items()}
    return Decoded(
        with_totals(plan, data, choices),
        choices,
        [*problems, *names.problems],
        {**raw, **names.raw},
        names,
    )


class _Work:
    def __init__(
        self, plan: Plan, posted: dict[str, list[str]], base: Any, choices: dict[str, str]
    ) -> None:
        self.plan = plan
        self.posted = posted
        self.data = base
        self.choices = choices
        self.problems: list[Problem] = []
        self.raw: dict[str, list[str]] = {}
        self.told: dict[str, str] = {}
        """Branches that nobody picked, because what stands there told which it is."""
        self._seen: set[str] = set()
        self._turned: set[str] = set()
        self._opened = _around(posted)
        self._here = _here(posted)

    def round(self) -> bool:
        """Take in what is drawn now and was not yet; whether there may be more."""
        parts = list(self._reached(place(self.plan, self.data, self.choices, self._opened)))
        choices = [(p, p.node) for p in parts if isinstance(p.node, Choice) and self._turns(p)]
        turning = {part.pointer for part, _node in choices}
        fresh = False
        for part in parts:
            asked = part.pointer in self.posted and part.pointer not in turning
            if asked and isinstance(part.node, Cell):
                fresh |= self._cell(part, part.node)
        for part, node in choices:
            self._choice(part, node)
        return fresh or bool(choices)

    def _reached(self, root: Placed) -> Iterator[Placed]:
        """The parts where something was posted and those around them, in drawing order: one cell among hundreds."""
        waiting = [root]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(c for c in reversed(part.children) if c.pointer in self._here)

    def _turns(self, part: Placed) -> bool:
        """Whether another branch of the choice was picked than the one remembered."""
        assert isinstance(part.node, Choice)
        name = f"{part.pointer}#{part.node.keyword}"
        if name not in self.posted or name in self._seen:
            return False
        picked = self.posted[name][-1] if self.posted[name] else ""
        keys = {"", *(branch.key for branch in part.node.branches)}
        if picked and picked == part.branch and name not in self.choices:
            self.told[name] = picked
        return picked in keys and picked != (self.choices.get(name, "") or part.branch)

    def _choice(self, part: Placed, node: Choice) -> None:
        name = f"{part.pointer}#{node.keyword}"
        self._seen.add(name)
        self._turned.add(part.pointer)
        picked = self.posted[name][-1] if self.posted[name] else ""
        self.data = chosen(self.plan, self.data, part, node, picked)
        self.choices = {k: v for k, v in self.choices.items() if k != name}
        if picked:
            self.choices[name] = picked

    def _cell(self, part: Placed, node: Cell) -> bool:
        if part.pointer in self._seen:
            return False
        self._seen.add(part.pointer)
        if node.read_only or part.locked or node.field not in field_types:
            return False
        strings, field_type = self.posted[part.pointer], field_types[node.field]
        if same_strings(strings, field_type.encode(part.value, node.options)):
            return False
        try:
            value = field_type.decode(strings, node.options)
        except WrongInput as error:
            if part.pointer in self._turned:  # it was typed into the branch left behind
                return False
            self.problems.append(self._wrong(part.pointer, str(error)))
            self.raw[part.pointer] = strings
            return False
        return self._changed(part, node, value)

    def _wrong(self, pointer: str, what: str) -> Problem:
        title = Titles(self.plan, self.data, self.choices).of(pointer)
        return Problem("input", _("%(title)s: %(what)s", title=title, what=what), pointer)

    def _changed(self, part: Placed, node: Cell, value: Any) -> bool:
        before = value_at(self.data, part.pointer)
        if value is MISSING and (before is MISSING or before is None):
            return False
        if value is MISSING:
            self.data = cleared(self.plan, self.data, part, node)
        else:
            self.data = written(self.plan, self.data, part.pointer, value)
        return True


def same_strings(posted: Sequence[str], untouched: Sequence[str]) -> bool:
    """Whether the strings posted are those of the untouched control, as browsers change them on the way.

    A textarea posts CR LF and drops one leading newline, an input drops line breaks, and radio buttons
    with none chosen post nothing at all.
    """
    if list(posted) == list(untouched):
        return True
    if not untouched:
        return all(text == "" for text in posted)
    if len(posted) != len(untouched):
        return False
    return all(
        (text := _newlines(p)) in (u, u.removeprefix("\n"))
        or (text == u.replace("\n", "") and "\n" in u)
        for p, u in zip(posted, untouched, strict=True)
    )


def _newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _lists(posted: Posted) -> dict[str, list[str]]:
    """What was posted, cells by their pointers."""
    getlist = getattr(posted, "getlist", None)
    if getlist is not None:
        return {pointer_of_name(name): list(getlist(name)) for name in posted}
    lists = {n: [v] if isinstance(v, str) else list(v) for n, v in posted.items()}
    return {pointer_of_name(name): strings for name, strings in lists.items()}


def _here(posted: Mapping[str, Any]) -> frozenset[str]:
    """All places posted and those above, the form itself too; a choice's name goes on after its place."""
    found = {""}
    for name in posted:
        place_of = name
        while place_of not in found:
            found.add(place_of)
            place_of = place_of[: max(place_of.rfind("/"), place_of.rfind("#"), 0)]
    return frozenset(found)


def _around(posted: Mapping[str, Any]) -> tuple[str, ...]:
    """All places above those posted: a part that contains itself was open there."""
    found: set[str] = set()
    for name in posted:
        place_of = name
        if "#" in name.rpartition("/")[2]:  # of a choice, or a member with such a name
            place_of = name.rpartition("#")[0]
            found.add(name)
        while place_of.startswith("/"):
            found.add(place_of)
            place_of = place_of.rpartition("/")[0]
    return tuple(found)

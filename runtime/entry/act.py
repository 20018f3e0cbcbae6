"""What the buttons of rows do to an entry: add, remove, move, open. Not for cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import Plan, Recursion, Rows
from runtime.definitions.values import MISSING, with_value
from runtime.entry.change import written
from runtime.entry.defaults import new_row, with_defaults
from runtime.entry.names import new_name_of
from runtime.entry.totals import with_totals
from runtime.errors import EntryError, Problem
from runtime.language import gettext as _


@dataclass(frozen=True, slots=True)
class Acted:
    """An entry after a row action, with what to open and the place that takes the focus."""

    data: Any
    choices: dict[str, str]
    opened: tuple[str, ...] = ()
    focus: str = ""
    at_row: bool = False
    """Whether that place is a row, and not the list or part itself."""
    rows: str = ""
    """The pointer of the rows that changed, and `order`: the old index of each row, -1 for a new one."""
    order: tuple[int, ...] = ()
    gone: str = ""
    """The pointer of the row with a name that was removed."""
    problems: tuple[Problem, ...] = ()
    """Why nothing was done, where that can be put right."""

    def moved(self, pointer: str) -> str | None:
        """Where what stood at `pointer` stands now; None when its row was removed."""
        if self.gone and f"{pointer}/".startswith((f"{self.gone}/", f"{self.gone}#")):
            return None
        return _moved(pointer, self.rows, self.order) if self.rows or self.order else pointer


def act(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str] | None,
    do: str,
    opened: Sequence[str] = (),
) -> Acted:
    """The entry after `do`: `add /rows`, `remove /rows/3`, `up /rows/3`, `down /rows/3`, `open /parent/child`.

    Rows with names: `remove /object/name`, and `add /object#names` after `decode` has taken the name that was posted.

    Raises `EntryError` for rows that are not drawn, cannot be edited, or have their least or most number.
    """
    memory = dict(choices or {})
    verb, _space, pointer = do.partition(" ")
    drawn = {_key(part): part for part in walk(place(plan, data, memory, opened))}
    if verb == "open":
        if (Recursion, pointer) not in drawn:
            raise _refused()
        return Acted(data, memory, (*opened, pointer), pointer)
    named = _named(drawn.values(), verb, pointer)
    if named is not None:
        return _of_named(named, Acted(data, memory, tuple(opened)), verb, pointer)
    of, _slash, last = (pointer, "", "") if verb == "add" else pointer.rpartition("/")
    part = drawn.get((Rows, of))
    if part is None or part.locked or not isinstance(part.node, Rows) or part.node.read_only:
        raise _refused()
    start = part.node.start
    rows = part.value if isinstance(part.value, list) else []
    rows = [*rows, *[None] * (start - len(rows))]
    order = (*range(start), *_order(verb, last, rows, part.node))
    changed = [new_row(plan, part.node.item) if n < 0 else rows[n] for n in order]
    focus = f"{of}/{len(order) - 1}" if verb == "add" else _focus(verb, of, last, len(order))
    moved = {
        new: picked
        for name, picked in memory.items()
        if (new := _moved(name, of, order)) is not None
    }
    after = written(plan, data, of, changed)
    if verb == "add":
        after = with_defaults(plan, after, moved, focus)
    after = with_totals(plan, after, moved)
    return Acted(after, moved, tuple(opened), focus, focus != of, of, order)


def _key(part: Placed) -> tuple[type, str]:
    node = part.node
    if isinstance(node, Rows) and node.named is not None:
        return Rows, new_name_of(part.pointer, node.named.slot)
    return type(node), part.pointer


def _named(parts: Iterable[Placed], verb: str, pointer: str) -> Placed | None:
    """The rows with names that are to have one more, or to lose the one at `pointer`."""
    for part in parts:
        node = part.node
        if (
            isinstance(node, Rows)
            and node.named is not None
            and not node.read_only
            and not part.locked
        ):
            if verb == "add" and pointer == new_name_of(part.pointer, node.named.slot):
                return part
            if verb == "remove" and any(row.pointer == pointer for row in part.children):
                return part
    return None


def _of_named(part: Placed, before: Acted, verb: str, pointer: str) -> Acted:
    if verb == "add":
        why = Problem("name", _("Type the name of the new row first."), pointer)
        return replace(before, focus=pointer, problems=(why,))
    memory = {
        name: key
        for name, key in before.choices.items()
        if name != pointer and not name.startswith((f"{pointer}/", f"{pointer}#"))
    }
    data = with_value(before.data, pointer, MISSING)
    near = [row.pointer for row in part.children if row.pointer != pointer]
    at = next(n for n, row in enumerate(part.children) if row.pointer == pointer)
    node = part.node
    assert isinstance(node, Rows)
    assert node.named is not None
    focus = near[min(at, len(near) - 1)] if near else new_name_of(part.pointer, node.named.slot)
    return replace(before, data=data, choices=memory, focus=focus, at_row=bool(near), gone=pointer)


def _order(verb: str, last: str, rows: Sequence[Any], node: Rows) -> tuple[int, ...]:
    count = len(rows)
    order = list(range(node.start, count))
    if verb == "add":
        if node.maximum is not None and len(order) >= node.maximum:
            raise EntryError(_("There may be %(most)s rows at most.", most=node.maximum))
        return (*order, -1)
    if not last.isdecimal() or verb not in ("remove", "up", "down"):
        raise _refused()
    if not node.start <= int(last) < count:
        raise _refused()
    index = int(last)
    if verb == "remove":
        return tuple(n for n in order if n != index)
    at = order.index(index)
    other = at - 1 if verb == "up" else at + 1
    if 0 <= other < len(order):
        order[at], order[other] = order[other], order[at]
    return tuple(order)


def _focus(verb: str, of: str, last: str, count: int) -> str:
    index = int(last) + {"up": -1, "down": 1}.get(verb, 0)
    return f"{of}/{max(0, min(index, count - 1))}" if count else of


def _moved(pointer: str, rows: str, order: tuple[int, ...]) -> str | None:
    if not pointer.startswith(rows + "/"):
        return pointer
    index, slash, rest = pointer[len(rows) + 1 :].partition("/")
    index, hash_sign, keyword = index.partition("#")
    if not index.isdecimal():
        return pointer
    if int(index) not in order:
        return None
    return f"{rows}/{order.index(int(index))}{hash_sign}{keyword}{slash}{rest}"


def _refused() -> EntryError:
    return EntryError(_("This cannot be done to the rows as they are now. Load the page again."))

"""What the buttons of rows do to an entry: add, remove, move, open. Not for cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import AnyNode, Cell, Plan, Recursion, Rows
from runtime.definitions.values import with_value
from runtime.entry.defaults import with_defaults
from runtime.entry.totals import with_totals
from runtime.errors import EntryError
from runtime.language import gettext as _


@dataclass(frozen=True, slots=True)
class Acted:
    """An entry after a row action, with what to open and the place that takes the focus."""

    data: Any
    choices: dict[str, str]
    opened: tuple[str, ...] = ()
    focus: str = ""
    rows: str = ""
    """The pointer of the rows that changed, and `order`: the old index of each row, -1 for a new one."""
    order: tuple[int, ...] = ()

    def moved(self, pointer: str) -> str | None:
        """Where what stood at `pointer` stands now; None when its row was removed."""
        return _moved(pointer, self.rows, self.order) if self.rows else pointer


def act(
    plan: Plan,
    data: Any,
    choices: Mapping[str, str] | None,
    do: str,
    opened: Sequence[str] = (),
) -> Acted:
    """The entry after `do`: `add /rows`, `remove /rows/3`, `up /rows/3`, `down /rows/3`, `open /parent/child`.

    Raises `EntryError` for rows that are not drawn, cannot be edited, or have their least or most number.
    """
    memory = dict(choices or {})
    verb, _space, pointer = do.partition(" ")
    drawn = {(type(p.node), p.pointer): p for p in walk(place(plan, data, memory, opened))}
    if verb == "open":
        if (Recursion, pointer) not in drawn:
            raise _refused()
        return Acted(data, memory, (*opened, pointer), pointer)
    of, _slash, last = (pointer, "", "") if verb == "add" else pointer.rpartition("/")
    part = drawn.get((Rows, of))
    if part is None or part.locked or not isinstance(part.node, Rows) or part.node.read_only:
        raise _refused()
    order = _order(verb, last, part, part.node)
    rows = part.value if isinstance(part.value, list) else []
    changed = [_blank(plan, part.node.item) if n < 0 else rows[n] for n in order]
    focus = f"{of}/{len(order) - 1}" if verb == "add" else _focus(verb, of, last, len(order))
    moved = {
        new: picked
        for name, picked in memory.items()
        if (new := _moved(name, of, order)) is not None
    }
    after = with_value(data, of, changed)
    if verb == "add":
        after = with_defaults(plan, after, moved, focus)
    after = with_totals(plan, after, moved)
    return Acted(after, moved, tuple(opened), focus, of, order)


def _order(verb: str, last: str, part: Placed, node: Rows) -> tuple[int, ...]:
    count = len(part.value) if isinstance(part.value, list) else 0
    order = list(range(count))
    if verb == "add":
        if node.maximum is not None and count >= node.maximum:
            raise EntryError(_("There may be %(most)s rows at most.", most=node.maximum))
        return (*order, -1)
    if not last.isdecimal() or int(last) >= count or verb not in ("remove", "up", "down"):
        raise _refused()
    index = int(last)
    if verb == "remove":
        return tuple(n for n in order if n != index)
    other = index - 1 if verb == "up" else index + 1
    if 0 <= other < count:
        order[index], order[other] = order[other], order[index]
    return tuple(order)


def _focus(verb: str, of: str, last: str, count: int) -> str:
    index = int(last) + {"up": -1, "down": 1}.get(verb, 0)
    return f"{of}/{max(0, min(index, count - 1))}" if count else of


def _blank(plan: Plan, node: AnyNode) -> Any:
    """A new row: an object to be filled, a list, or null where one value is to be typed."""
    if isinstance(node, Recursion):
        return _blank(plan, plan.parts[node.part])
    if isinstance(node, Cell):
        return None
    return [] if isinstance(node, Rows) else {}


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

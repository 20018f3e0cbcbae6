"""How a cell is called when it is spoken of alone: by its title, with its row or its place in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from runtime.definitions.address import tokens
from runtime.definitions.place import Placed, place, walk
from runtime.definitions.plan import Choice, CrossTable, Group, Header, Locked, Plan, Rows
from runtime.language import gettext as _
from runtime.language import say


class Titles:
    """The parts of one placed plan by their pointers, and what they are called in the language in force."""

    def __init__(self, plan: Plan, data: object, choices: Mapping[str, str]) -> None:
        self.plan = plan
        root = place(plan, data, choices)
        self.parts: dict[str, Placed] = {}
        self.choices: dict[str, list[Placed]] = {}
        self._in_tables: dict[str, str] = {}
        self._named: dict[str, Placed] = {}
        """The rows that are members of an object, with the part whose rows they are."""
        for part in walk(root):
            kind = part.node.__class__
            if kind is CrossTable:
                self._table(part, part.node)  # type: ignore[arg-type]
            elif kind is Rows and part.node.named is not None:  # type: ignore[union-attr]
                self._named.update((row.pointer, part) for row in part.children)
            elif kind is Choice:
                self.choices.setdefault(part.pointer, []).append(part)
            known = self.parts.setdefault(part.pointer, part)
            if known is not part and not known.node.path and part.node.path:
                self.parts[part.pointer] = part

    def of(self, pointer: str) -> str:
        """What the place is called; its member's name where nothing is drawn for it."""
        if pointer in self._in_tables:
            return self._in_tables[pointer]
        steps = tokens(pointer)
        part = self.parts.get(pointer)
        own = say(part.node.words.title) if part is not None else ""
        if not steps:
            return say(self.plan.words.title) or _("The form")
        row = self._row(pointer)
        if not row:
            return own or steps[-1]
        called, at_row = row
        if at_row:
            return called
        return _("%(row)s, %(cell)s", row=called, cell=own or steps[-1])

    def _row(self, pointer: str) -> tuple[str, bool] | None:
        """What the nearest row around a place is called, and whether the place is the row itself."""
        here = pointer
        while here:
            above, _slash, last = here.rpartition("/")
            if here in self._named:
                return self._name_of(here, above), here == pointer
            around = self.parts.get(above)
            if around is not None and last.isdecimal() and _has_row(around, int(last)):
                name = say(around.node.words.title) or (tokens(above) or ("",))[-1]
                called = _("%(list)s, row %(number)s", list=name, number=int(last) + 1)
                return called, here == pointer
            here = above
        return None

    def _name_of(self, pointer: str, above: str) -> str:
        around = self.parts.get(above)
        title = say(around.node.words.title) if around is not None else ""
        title = title or say(self._named[pointer].node.words.title) or (tokens(above) or ("",))[-1]
        name = tokens(pointer)[-1]
        return _("%(list)s, “%(name)s”", list=title, name=name) if title else f"“{name}”"

    def _table(self, part: Placed, node: CrossTable) -> None:
        rows, columns = list(_lines(node.rows)), list(_lines(node.columns))
        for row, line in zip(rows, part.cells, strict=False):
            for column, cell in zip(columns, line, strict=False):
                if cell is not None and not isinstance(cell.node, Locked):
                    self._in_tables[cell.pointer] = _(", ").join(t for t in (*row, *column) if t)


def _has_row(around: Placed, number: int) -> bool:
    """Whether an element is a row, and no place with a part of its own."""
    node = around.node
    if isinstance(node, Group) and node.elements:
        return number >= sum(1 for child in node.children if child.path)
    return isinstance(node, Rows)


def _lines(headers: tuple[Header, ...], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for header in headers:
        own = (*above, say(header.title))
        if header.children:
            yield from _lines(header.children, own)
        else:
            yield own

"""Which places of an entry's data are cells, rows and totals, as the plan has them. Pure; not for one instance.

A cell's value may itself be a list or an object (several choices, an attachment): what compares, merges or
replaces data must take it as one piece, and the shape says where that is so.
"""

from __future__ import annotations

from collections.abc import Iterator

from runtime.definitions.address import tokens
from runtime.definitions.place import takes_null
from runtime.definitions.plan import (
    AnyNode,
    Cell,
    Choice,
    Columns,
    CrossTable,
    Group,
    Plan,
    Recursion,
    Rows,
    Section,
)
from runtime.definitions.values import is_index


class Shape:
    """One place, or every row's place at once: what the plan knows of it and of what lies below."""

    __slots__ = ("cell", "elements", "has_places", "inner", "members", "named", "row", "total")

    def __init__(self) -> None:
        self.cell = False
        self.total = False
        self.members: dict[str, Shape] = {}
        self.elements: tuple[bool, ...] = ()
        self.has_places = False
        """Of a whole form: whether any list of it has parts by place."""
        self.row: Shape | None = None
        self.named: Shape | None = None
        """Any member that is a row with a name."""
        self.inner: Shape | None = None
        """The part that contains itself here, if one does."""

    def step(self, token: str) -> Shape:
        """The place one step below; one that the plan does not know is an empty shape."""
        for known in self._parts():
            if (found := known.members.get(token)) is not None:
                return found
            if known.row is not None and is_index(token):
                return known.row
            if known.named is not None:
                return known.named
        return NOTHING

    def at(self, pointer: str) -> Shape:
        """The place that a pointer leads to from here."""
        place = self
        for token in tokens(pointer):
            place = place.step(token)
        return place

    @property
    def places(self) -> tuple[bool, ...]:
        """Of a list whose first places have parts of their own: whether null is a value there, place by place."""
        return next((one.elements for one in self._parts() if one.elements), ())

    def names_row(self, token: str) -> bool:
        """Whether the member is a row with a name."""
        parts = list(self._parts())
        return all(token not in one.members for one in parts) and any(
            one.named is not None for one in parts
        )

    def _parts(self) -> Iterator[Shape]:
        """This and the parts that contain themselves here."""
        known: Shape | None = self
        seen: set[int] = set()
        while known is not None and id(known) not in seen:
            seen.add(id(known))
            yield known
            known = known.inner

    def make(self, path: tuple[str, ...]) -> Shape:
        """The place at `path` below, made where it is not there yet."""
        place = self
        for token in path:
            place = place.members.setdefault(token, Shape())
        return place


NOTHING = Shape()
"""What the plan knows nothing of."""

_KEPT = 256
_known: dict[str, Shape] = {}


def shape_of(plan: Plan) -> Shape:
    """The shape of the plan's data; kept by the plan's digest."""
    found = _known.get(plan.digest) if plan.digest else None
    if found is None:
        if len(_known) >= _KEPT:
            _known.clear()
        found = _known[plan.digest] = _made(plan)
    return found


def _made(plan: Plan) -> Shape:
    parts = {name: Shape() for name in plan.parts}
    for name, node in plan.parts.items():
        _add(parts[name], node, parts)
    root = Shape()
    _add(root, plan.root, parts)
    root.has_places = any(map(_by_place, (plan.root, *plan.parts.values())))
    return root


def _by_place(node: AnyNode) -> bool:
    if isinstance(node, Rows):
        return _by_place(node.item)
    if isinstance(node, Choice):
        return any(_by_place(branch.node) for branch in node.branches)
    if isinstance(node, Group | Section | Columns):
        return (isinstance(node, Group) and node.elements) or any(map(_by_place, node.children))
    return False


def _add(around: Shape, node: AnyNode, parts: dict[str, Shape]) -> None:
    place = around.make(node.path)
    match node:
        case Cell():
            place.cell = True
            place.total = node.computed
        case Group() | Section() | Columns():
            if isinstance(node, Group) and node.elements:
                place.elements = tuple(takes_null(child) for child in node.children if child.path)
            for child in node.children:
                _add(place, child, parts)
        case Rows():
            row = place.row if node.named is None else place.named
            row = row or Shape()
            if node.named is None:
                place.row = row
            else:
                place.named = row
            _add(row, node.item, parts)
        case Choice():
            for branch in node.branches:
                _add(place, branch.node, parts)
        case CrossTable():
            for cell in (cell for line in node.cells for cell in line if cell is not None):
                _add(place, cell, parts)
        case Recursion():
            place.inner = parts.get(node.part)
        case _:
            pass

"""Which members of an object a part draws, so that all others can be shown too. Not for placing them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from runtime.definitions.named import members_of
from runtime.definitions.plan import (
    AnyNode,
    Choice,
    Columns,
    CrossTable,
    Group,
    Named,
    Path,
    Plan,
    Rows,
    Section,
)

Names = dict[str, Any]
"""Member -> names within it that are drawn from here (`None`: the part there sees to the rest)."""

_MOST_PLANS = 64
_known: OrderedDict[int, tuple[Plan, dict[int, Claims]]] = OrderedDict()


class Claims:
    """The names that one part draws at its own place."""

    def __init__(self, node: AnyNode) -> None:
        self.names: Names = {}
        self.choices: list[tuple[Path, Choice, Names]] = []
        self.named: list[tuple[str, Named]] = []
        """The members that are rows with a name, each with the choice whose branch draws them (`""`: always)."""
        self._picked = ""
        if isinstance(node, Choice):
            self._choice(node, (), self.names, top=True)
        for child in node.children if isinstance(node, Group) else ():
            self._take(child, (), self.names, top=True)

    def _take(self, node: AnyNode, above: Path, names: Names, *, top: bool) -> None:
        path = above + node.path
        if isinstance(node, Section | Columns):
            for child in node.children:
                self._take(child, path, names, top=top)
        elif isinstance(node, CrossTable):
            for line in node.cells:
                for cell in line:
                    if cell is not None:
                        _claim(names, path + cell.path)
            for covered in node.covered:
                _claim(names, path + covered)
        elif isinstance(node, Rows) and node.named is not None:
            if not path:
                self.named.append((self._picked, node.named))
        elif node.path:
            _claim(names, path)
        elif isinstance(node, Choice):
            self._choice(node, path, names, top=top)
        elif isinstance(node, Group):
            for child in node.children:
                self._take(child, path, names, top=top)

    def _choice(self, node: Choice, path: Path, names: Names, *, top: bool) -> None:
        inner: Names = {}
        before, self._picked = self._picked, self._picked or node.keyword
        for branch in node.branches:
            self._take(branch.node, path, inner, top=False)
        self._picked = before
        if top:
            self.choices.append((path, node, inner))
        else:
            _join(names, inner)

    def left(
        self, plan: Plan, value: Any, pointer: str, memory: Mapping[str, str]
    ) -> Iterator[Path]:
        """The members of `value` that nothing draws. Branches not picked count as drawn once one is."""
        names = self.names
        for keyword, named in self.named:
            if not keyword or memory.get(f"{pointer}#{keyword}"):
                names = {**names, **dict.fromkeys(members_of(plan, named, value))}
        for _path, choice, inner in self.choices:
            if memory.get(f"{pointer}#{choice.keyword}"):
                names = _joined(names, inner)
        yield from _left(value, names, ())


def claims_of(plan: Plan, node: AnyNode) -> Claims:
    """The claims of a part of `plan`, made once."""
    found = _known.get(id(plan))
    if found is None or found[0] is not plan:
        found = (plan, {})
        _known[id(plan)] = found
        while len(_known) > _MOST_PLANS:
            _known.popitem(last=False)
    made = found[1].get(id(node))
    if made is None:
        made = found[1][id(node)] = Claims(node)
    return made


def _claim(names: Names, path: Path) -> None:
    for step in path[:-1]:
        inner = names.setdefault(step, {})
        if inner is None:
            return
        names = inner
    names[path[-1]] = None


def _join(names: Names, other: Names) -> None:
    for name, inner in other.items():
        if inner is None or names.get(name, {}) is None:
            names[name] = None
        else:
            _join(names.setdefault(name, {}), inner)


def _joined(names: Names, other: Names) -> Names:
    both: Names = {}
    _join(both, names)
    _join(both, other)
    return both


def _left(value: dict[str, Any], names: Names, above: Path) -> Iterator[Path]:
    for name, part in value.items():
        inner = names.get(name, MISSING_NAME)
        if inner is MISSING_NAME:
            yield (*above, name)
        elif inner is not None:
            if isinstance(part, dict):
                yield from _left(part, inner, (*above, name))
            elif part is not None:
                yield (*above, name)


MISSING_NAME: Any = object()

"""Whether a plan has the same parts for all data, so that a change of one value changes that part alone."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.definitions.plan import (
    AnyNode,
    Cell,
    Choice,
    CrossTable,
    Locked,
    Path,
    Plan,
    Recursion,
    Rows,
)


def is_fixed(plan: Plan) -> bool:
    """Whether what is there never depends on values: no conditions, no choices, no place is drawn twice."""
    found = _fixed.get(id(plan))
    if found is None or found[0] is not plan:
        if len(_fixed) >= _MOST_PLANS:
            _fixed.clear()
        found = _fixed[id(plan)] = (plan, not plan.parts and _is_fixed(plan.root, (), set()))
    return found[1]


_MOST_PLANS = 256
_fixed: dict[int, tuple[Plan, bool]] = {}


def _is_fixed(node: AnyNode, above: Path, places: set[Path]) -> bool:
    if node.when or node.required_when or isinstance(node, Choice | Recursion):
        return False
    here = above + node.path
    if isinstance(node, Rows) and node.named is not None:
        here = (*here, f"#{node.named.slot}")
    if isinstance(node, Cell | Rows | Locked):
        if here in places:
            return False
        places.add(here)
    if isinstance(node, Rows):
        return _is_fixed(node.item, (*here, "*"), places)
    inner: Iterable[AnyNode | None] = getattr(node, "children", ())
    if isinstance(node, CrossTable):
        inner = (cell for line in node.cells for cell in line)
    return all(_is_fixed(child, here, places) for child in inner if child is not None)

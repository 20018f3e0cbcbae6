"""The other forms in which a figure or a fact stands, for the panel that tells why. Not for what those hold."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from runtime.definitions.plan import Cell, Plan
from runtime.entry import versions
from runtime.entry.drawn import Drawn
from runtime.fill.known import nodes
from runtime.language import say
from runtime.storage.tables import FormVersion

MOST = 5
"""So many are named."""
_KEPT = 2000
_asked: dict[str, frozenset[str]] = {}
"""What the cells of a version refer to, by its digest."""


def also_in(session: Session, plan: Plan, cell: Drawn) -> tuple[list[str], int]:
    """Number and title of the first other published forms that ask the same, and how many more there are."""
    wanted = plan.rules[cell.face.fill.rule].definition if cell.face.fill else cell.face.definition
    if not wanted:
        return [], 0
    others = (one for one in versions.published(session) if one.address != plan.address)
    found = sorted(_name(one) for one in others if wanted in _asks(one))
    return found[:MOST], len(found[MOST:])


def _asks(version: FormVersion) -> frozenset[str]:
    if version.digest not in _asked:
        if len(_asked) >= _KEPT:
            _asked.clear()
        _asked[version.digest] = frozenset(_definitions(versions.plan_of(version)))
    return _asked[version.digest]


def _definitions(plan: Plan) -> Iterable[str]:
    """The fields and indicators that the cells of a form refer to."""
    yield from (rule.definition for rule in plan.rules.values())
    for root in (plan.root, *plan.parts.values()):
        for node in nodes(root):
            if isinstance(node, Cell) and node.definition:
                yield node.definition


def _name(version: FormVersion) -> str:
    number = versions.plan_of(version).form.number
    return f"{number} {say(version.title)}".strip()

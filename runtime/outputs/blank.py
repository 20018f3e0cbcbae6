"""An empty print: the plan with nothing in it, every part that could be there shown, with the words for when.

Not for reading an entry: `place` does that, and leaves out what does not apply.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from referencing import Registry, Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from runtime.definitions import plan as plans
from runtime.definitions.place import Placed
from runtime.language import gettext as _
from runtime.language import say
from runtime.outputs.tables import columns_of, joined
from runtime.outputs.values import type_of

EMPTY_LINES = 8
"""So many empty lines has a table of repeated rows, where the form does not ask for more or allow fewer."""

EMPTY_PARTS = 2
"""So many times a repeated part is printed that does not fit into one line of a table."""


class Blank(Placed):
    """A part of an empty print; `hint` says when it is to be filled, `titles` the branches of a choice."""

    __slots__ = ("hint",)

    def __init__(self, node: plans.AnyNode, pointer: str) -> None:
        super().__init__(node, pointer)
        self.hint = ""
        self.required = node.required


def lay_blank(plan: plans.Plan) -> Blank:
    """The whole plan as an empty print."""
    return _Walk(plan).part(plan.root, "", "")


class _Walk:
    """Walks the plan; `static` is the pointer without row numbers (`*` in their place)."""

    def __init__(self, plan: plans.Plan) -> None:
        self.plan = plan
        self.cells = dict(_cells(plan.root, ""))
        self.opened: set[str] = set()

    def part(self, node: plans.AnyNode, pointer: str, static: str) -> Blank:
        here, there = joined(pointer, node.path), joined(static, node.path)
        blank = Blank(node, here)
        blank.hint = self.hint(node.when, static)
        if isinstance(node, plans.Rows):
            blank.children = self.rows(node, here, there)
        elif isinstance(node, plans.Choice):
            blank.children = [self.part(branch.node, here, there) for branch in node.branches]
        elif isinstance(node, plans.Recursion):
            blank.children = self.recursion(node, here, there)
        elif isinstance(node, plans.CrossTable):
            blank.cells = [
                [None if cell is None else self.part(cell, here, there) for cell in row]
                for row in node.cells
            ]
            blank.children = [cell for row in blank.cells for cell in row if cell is not None]
        elif isinstance(node, plans.Group | plans.Section | plans.Columns):
            blank.children = [self.part(child, here, there) for child in node.children]
        return blank

    def rows(self, node: plans.Rows, here: str, there: str) -> list[Placed]:
        wanted = EMPTY_PARTS if columns_of(node.item) is None else EMPTY_LINES
        most = wanted if node.maximum is None else min(wanted, node.maximum)
        found: list[Placed] = []
        for i in range(max(node.minimum, most)):
            step = f"{node.named.slot}.{i}" if node.named is not None else str(node.start + i)
            item = self.part(node.item, f"{here}/{step}", f"{there}/*")
            item.index = i
            found.append(item)
        return found

    def recursion(self, node: plans.Recursion, here: str, there: str) -> list[Placed]:
        """One level is printed: paper cannot be opened further."""
        part = self.plan.parts.get(node.part)
        if part is None or node.part in self.opened:
            return []
        self.opened.add(node.part)
        return [self.part(part, here, there)]

    def hint(self, conditions: tuple[plans.Condition, ...], static: str) -> str:
        """All conditions of a part in words; that a cell is given goes without saying where its value is told."""
        found = [(condition, self.test_of(condition, static)) for condition in conditions]
        valued = {test[0] for _condition, test in found if test and test[1]}
        said = [
            _words(condition, test)
            for condition, test in found
            if test is None or test[1] or condition.negate or test[0] not in valued
        ]
        return _(" and ").join(dict.fromkeys(said))

    def test_of(self, condition: plans.Condition, static: str) -> tuple[str, str] | None:
        """What a simple condition asks of one cell, or None of any other."""
        try:
            schema = _schema(self.plan, condition.schema)
            here = joined(_above(static, condition.up), condition.at)
            tests = list(self.tests(schema, here))
        except (Unresolvable, LookupError, TypeError, ValueError):
            return None
        return tests[0] if len(tests) == 1 else None

    def tests(self, schema: Any, static: str) -> Iterator[tuple[str, str]]:
        """What the schema asks of cells: the cell's title, and the values that it may have (`""`: any)."""
        if not isinstance(schema, Mapping) or set(schema) - {"properties", "required", "type"}:
            raise ValueError("not a simple condition")
        named = set()
        for name, test in schema.get("properties", {}).items():
            named.add(name)
            yield self.test(test, joined(static, (name,)))
        for name in schema.get("required", ()):
            if name not in named:
                yield say(self.cells[joined(static, (name,))].words.title), ""

    def test(self, test: Any, static: str) -> tuple[str, str]:
        cell = self.cells[static]
        title = say(cell.words.title)
        values = [test["const"]] if "const" in test else test["enum"]
        kind = type_of(cell.field)
        if kind is None or set(test) - {"const", "enum", "type"}:
            raise ValueError("not a simple condition")
        return title, _(" or ").join(kind.display(value, cell.options) for value in values)


def _cells(node: plans.AnyNode, static: str) -> Iterator[tuple[str, plans.Cell]]:
    here = joined(static, node.path)
    if isinstance(node, plans.Cell):
        yield here, node
    elif isinstance(node, plans.Rows):
        yield from _cells(node.item, here + "/*")
    elif isinstance(node, plans.Choice):
        for branch in node.branches:
            yield from _cells(branch.node, here)
    elif isinstance(node, plans.Group | plans.Section | plans.Columns):
        for child in node.children:
            yield from _cells(child, here)


def _words(condition: plans.Condition, test: tuple[str, str] | None) -> str:
    """A simple condition in words (`if Visited is Yes`), any other as "if this applies"."""
    if test is None:
        return _("if this applies")
    name, value = test
    if not value:
        if condition.negate:
            return _("if %(name)s is not given", name=name)
        return _("if %(name)s is given", name=name)
    if condition.negate:
        return _("if %(name)s is not %(value)s", name=name, value=value)
    return _("if %(name)s is %(value)s", name=name, value=value)


def _above(static: str, up: int) -> str:
    steps = static.split("/")
    return "/".join(steps[: max(1, len(steps) - up)])


def _schema(plan: plans.Plan, schema: str | dict[str, Any]) -> Any:
    if not isinstance(schema, str):
        return schema
    resource: Resource[Any] = DRAFT202012.create_resource(plan.bundle)
    address = plan.address or resource.id() or ""
    registry: Registry[Any] = Registry().with_resource(address, resource)
    return registry.crawl().resolver(address).lookup(schema).contents

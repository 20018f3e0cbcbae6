"""The leaf cells of any schema, and which of them a plan draws as controls. Not for drawing or judging.

A *leaf cell* is a place of the data at which one value would have to be typed: no members or elements of it are
described. Places are found by following the schema alone (`properties`, `items`, `prefixItems`, `patternProperties`,
`additionalProperties`, `unevaluated…`, through `$ref`, `allOf`, `anyOf`, `oneOf`, `then`, `else`, `dependentSchemas`),
never the plan. What applies to a place together is one place; a place is taken once, by the shortest way to it, so
that a schema that contains itself is opened once and a definition used a hundred times counts once for each
property that names it. `null` alone and `false` are no leaves: there is nothing to type.

A leaf is *drawn* when the plan has a control (to read only, where it is `readOnly`) at that very place for each type
that the schema names there; else it is *locked*, and the plan says by which keyword. An *open* leaf is a place where
the schema says nothing of the value: any JSON, an object or a list of anything.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from runtime.definitions import plan as plans
from runtime.definitions.resolve import Space, copied

Step = tuple[str, str]
"""A member by its `name`; a `map` member by the pattern of its name; an element `at` its number; `items`."""

SCALARS = frozenset({"string", "integer", "number", "boolean"})
_HINTS = {
    "string": {"minLength", "maxLength", "pattern", "format", "contentEncoding"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}
_TEXT = {"text", "long-text", "date", "month", "time", "date-time", "phone", "identifier"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One place where a value would be typed, the way to it, and the types that its schema names."""

    path: tuple[Step, ...]
    types: frozenset[str]

    @property
    def open(self) -> bool:
        """Whether the schema leaves it open what kind of value stands there."""
        return not self.types & SCALARS


def leaves(schema: Any, registry: Any = None) -> Iterator[Leaf]:
    """The leaf cells of a schema."""
    space = Space(copied(schema), registry)
    space.finish()
    seen: set[frozenset[int]] = set()
    waiting: deque[tuple[tuple[Step, ...], list[tuple[Any, Any]]]] = deque()
    waiting.append(((), [(space.root, space.resolver())]))
    while waiting:
        path, starts = waiting.popleft()
        here = list(_here(space, starts))
        mark = frozenset(id(part) for part, _resolver in here)
        if mark in seen and here:
            continue
        seen.add(mark)
        if not here and any(part is False for part, _resolver in starts):
            continue
        inner = _below(here, space.draft)
        waiting.extend(((*path, step), found) for step, found in inner.items())
        kinds = _kinds([part for part, _resolver in here])
        if any(step[0] in ("name", "map") for step in inner):
            kinds -= {"object"}
        if any(step[0] in ("at", "items") for step in inner):
            kinds -= {"array"}
        if not inner and not kinds:
            kinds = frozenset({"any"})
        if scalar := kinds & SCALARS:
            yield Leaf(path, scalar)
        for kind in sorted(kinds & {"object", "array", "any"}):
            yield Leaf(path, frozenset({kind}))


def _here(space: Space, starts: list[tuple[Any, Any]]) -> Iterator[tuple[dict[str, Any], Any]]:
    """All schemas that may apply to one place."""
    waiting, seen = list(reversed(starts)), set()
    while waiting:
        schema, resolver = waiting.pop()
        if not isinstance(schema, dict) or id(schema) in seen:
            continue
        seen.add(id(schema))
        resolver = space.inside(resolver, schema)
        yield schema, resolver
        for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
            if isinstance(schema.get(keyword), str):
                found = space.follow(resolver, schema[keyword])
                if found is not None:
                    waiting.append(found)
        if space.draft < 19 and "$ref" in schema:
            continue
        inner = [p for k in ("allOf", "anyOf", "oneOf") for p in _list(schema.get(k))]
        inner += [schema[k] for k in ("then", "else") if k in schema and "if" in schema]
        for keyword in ("dependentSchemas", "dependencies"):
            if isinstance(schema.get(keyword), dict):
                inner += [p for p in schema[keyword].values() if isinstance(p, dict)]
        waiting.extend((part, resolver) for part in reversed(inner))


def _below(here: list[tuple[dict[str, Any], Any]], draft: int) -> dict[Step, list[tuple[Any, Any]]]:
    """The places below, each with what is said of it."""
    found: dict[Step, list[tuple[Any, Any]]] = {}

    def add(step: Step, schema: Any, resolver: Any) -> None:
        if schema is not False and (step[0] == "name" or isinstance(schema, dict)):
            found.setdefault(step, []).append((schema, resolver))

    for schema, resolver in here:
        if draft < 19 and "$ref" in schema:
            continue
        for name, part in _dict(schema.get("properties")).items():
            add(("name", name), part, resolver)
        for name, part in _dict(schema.get("patternProperties")).items():
            add(("map", name), part, resolver)
        for keyword in ("additionalProperties", "unevaluatedProperties"):
            if schema.get(keyword):
                add(("map", ""), schema[keyword], resolver)
        first = schema.get("prefixItems") if draft >= 2020 or "prefixItems" in schema else None
        items, rest = schema.get("items"), schema.get("additionalItems")
        if isinstance(items, list):
            first, items = items, rest
        for number, part in enumerate(_list(first)):
            if part is not False:
                found.setdefault(("at", str(number)), []).append((part, resolver))
        for part in (items, schema.get("unevaluatedItems")):
            if part:
                add(("items", ""), part, resolver)
    return found


def _kinds(here: list[dict[str, Any]]) -> frozenset[str]:
    """The types that values of the place may have, as far as its schemas name or list them."""
    found: set[str] = set()
    for schema in here:
        named = schema.get("type")
        names = {named} if isinstance(named, str) else set(_list(named))
        for value in _list(schema.get("enum")) + ([schema["const"]] if "const" in schema else []):
            names.add(_type_of(value))
        if not names:
            names = {kind for kind, hints in _HINTS.items() if hints & schema.keys()}
        found |= {n for n in names if isinstance(n, str)}
    if "number" in found:
        found -= {"integer"}
    return frozenset(found & (SCALARS | {"object", "array", "any", "null"}))


def _type_of(value: Any) -> str:
    if value is None:
        return "null"
    for kind, name in ((bool, "boolean"), (str, "string"), (dict, "object"), (list, "array")):
        if isinstance(value, kind):
            return name
    return "integer" if isinstance(value, int) else "number"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def why_locked(plan: plans.Plan, leaf: Leaf) -> str:
    """`""` where the plan draws the leaf; else the keyword that keeps it from being drawn."""
    nodes = list(_at_once(plan, plan.root))
    for step in leaf.path:
        whole = [n for n in nodes if isinstance(n, plans.Cell)]
        if step[0] == "items" and any(n.field == "multiple-choice" for n in whole):
            return ""
        after = [inner for node in nodes for inner in _stepped(plan, node, step)]
        if not after:
            return _reason(nodes, step)
        nodes = after
    return _missing(nodes, leaf)


def _missing(nodes: list[Any], leaf: Leaf) -> str:
    cells = [n for n in nodes if isinstance(n, plans.Cell)]
    held = {kind for cell in cells for kind in _held(cell)}
    wanted = leaf.types
    if "number" in held:
        held |= {"integer"}
    if "integer" in held and "number" in wanted:
        wanted = wanted - {"number"} | {"integer"}
    if cells and (wanted <= held or wanted <= {"any"}):
        return ""
    if not wanted & SCALARS and any(_draws_whole(n, leaf) for n in nodes):
        return ""
    return _reason(nodes, ("", ""))


def _draws_whole(node: Any, leaf: Leaf) -> bool:
    """An object that may have no members is drawn as an empty group: there is nothing to type."""
    return (
        isinstance(node, plans.Group)
        and not node.children
        and leaf.types == {"object"}
        and not node.others
    )


def _held(cell: plans.Cell) -> set[str]:
    if cell.field == "json":
        return {"any", "object", "array", *SCALARS}
    if "choices" in cell.options and cell.field != "multiple-choice":
        return {"any", "object", "array", *SCALARS}
    if cell.field in _TEXT:
        return {"string"}
    kinds = {
        "integer": {"integer"},
        "decimal": {"number"},
        "money": {"number"},
        "yes-no": {"boolean"},
    }
    return kinds.get(cell.field, {cell.field})


def _reason(nodes: list[Any], step: Step) -> str:
    found = [n.reason for n in nodes if isinstance(n, plans.Locked)]
    if found:
        return found[0]
    if step[0] == "map":
        return "patternProperties" if step[1] else "additionalProperties"
    if step[0]:
        return f"({step[0]})"
    return "(kind) " + ",".join(sorted({type(n).__name__ for n in nodes}))


def _stepped(plan: plans.Plan, node: Any, step: Step) -> Iterator[Any]:
    """The parts that stand one step below a part."""
    kind, name = step
    if isinstance(node, plans.Rows) and kind in ("items", "map"):
        named = node.named
        if (named is None) == (kind == "items") and (named is None or named.pattern == name):
            yield from _at_once(plan, node.item)
    if isinstance(node, plans.Group):
        for child in node.children:
            if kind in ("name", "at") and child.path == (name,):
                yield from _at_once(plan, child, inside=True)


def _at_once(
    plan: plans.Plan, node: Any, seen: frozenset[str] = frozenset(), *, inside: bool = False
) -> Iterator[Any]:
    """A part and all that are drawn at its own place."""
    yield node
    if isinstance(node, plans.Recursion) and node.part not in seen:
        yield from _at_once(plan, plan.parts[node.part], seen | {node.part})
    if isinstance(node, plans.Choice):
        for branch in node.branches:
            yield from _at_once(plan, branch.node, seen)
    if isinstance(node, plans.Group):
        for child in node.children:
            if not child.path:
                yield from _at_once(plan, child, seen)

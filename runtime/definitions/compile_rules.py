"""What a form says of itself, and the rules by which its cells are filled, each made self-contained.

Not for filling. All is read from the bundle, so that a plan made from a stored bundle is the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

from runtime.definitions.address import at, register_address, resolve
from runtime.definitions.fills import operation, register_of
from runtime.definitions.load import Library
from runtime.definitions.plan import AnyNode, By, Cell, Form, ListRule, Op, Part, Rule
from runtime.definitions.texts import texts_of
from runtime.errors import NotFound

_WHERE = frozenset(
    {
        "type", "const", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "minLength", "maxLength", "required", "properties", "allOf", "anyOf", "oneOf", "not", "$ref",
    }
)  # fmt: skip
_DEEPEST = 40


def form_of(root: Mapping[str, Any], library: Library) -> Form:
    """The form's own keywords."""

    def text(key: str) -> str:
        return root[key] if isinstance(root.get(key), str) else ""

    level, due, outputs = root.get("level"), root.get("due"), root.get("outputs")
    return Form(
        number=text("number"),
        department=text("department"),
        frequency=text("frequency"),
        levels=tuple(v for v in level if isinstance(v, str)) if isinstance(level, list) else (),
        due=due if isinstance(due, dict) else {},
        subject=text("subject"),
        derive=_derive(library, text("subject")),
        outputs=outputs if isinstance(outputs, dict) else {},
        legal_basis=texts_of(root, "legalBasis"),
        contact=texts_of(root, "contact"),
        expires=text("expires"),
        burden=_burden(root.get("burden")),
    )


def _burden(said: Any) -> dict[str, Any]:
    seconds = said.get("secondsPerCell") if isinstance(said, dict) else None
    number = isinstance(seconds, int | float | Decimal) and not isinstance(seconds, bool)
    return {"secondsPerCell": float(seconds)} if number and seconds is not None else {}


def list_rule(fill: Mapping[str, Any], library: Library | None, base: str) -> ListRule | None:
    """The rule by which rows are filled: `{"list": register, "where": …, "on": …, "order": […]}`."""
    register = fill.get("list")
    if not isinstance(register, str):
        return None
    order = fill.get("order")
    if library is None:
        return ListRule(register)
    return ListRule(
        register,
        where_in_full(fill.get("where", True), library, base),
        tuple(f for f in order if isinstance(f, str)) if isinstance(order, list) else (),
        _derive(library, register),
        str(fill.get("on", "")),
    )


def rules(nodes: Iterable[AnyNode], parts: Iterable[Part], library: Library) -> dict[str, Rule]:
    """The rules of all indicators that cells, or `parts` of them, are filled from, by their addresses."""
    found: dict[str, Rule] = {}
    fills = [node.fill for node in nodes if isinstance(node, Cell)]
    for fill in (*fills, *(part.fill for part in parts)):
        if fill is not None and fill.rule not in found:
            rule = _rule(fill.rule, library)
            if rule is not None:
                found[fill.rule] = rule
    return found


def nodes_of(node: AnyNode) -> Iterator[AnyNode]:
    """A part and all below it."""
    waiting: list[Any] = [node]
    while waiting:
        part = waiting.pop()
        yield part
        below = [*getattr(part, "children", ()), *(b.node for b in getattr(part, "branches", ()))]
        below += [c for line in getattr(part, "cells", ()) for c in line if c is not None]
        below += [part.item] if hasattr(part, "item") else []
        waiting.extend(reversed(below))


def _rule(definition: str, library: Library) -> Rule | None:
    address, _hash, place = definition.partition("#")
    try:
        indicator = at(library.document(address), place)
    except (NotFound, LookupError):
        return None
    fill = indicator.get("fill") if isinstance(indicator, dict) else None
    if not isinstance(fill, dict):
        return None
    op, register = operation(fill), register_of(fill)
    if not op or not register:
        return None
    return Rule(
        definition=definition,
        op=cast("Op", op),
        register=register,
        kind="flow" if indicator.get("kind") == "flow" else "stock",
        field=str(fill.get("field", "")),
        on=str(fill.get("on", "")),
        where=where_in_full(fill.get("where", True), library, address),
        by=tuple(_breakdowns(indicator, library, address)),
        derive=_derive(library, register),
    )


def _breakdowns(indicator: dict[str, Any], library: Library, base: str) -> Iterator[By]:
    level = indicator
    by = indicator.get("by")
    for item in by if isinstance(by, list) else ():
        members = level.get("properties")
        if not isinstance(members, dict):
            return
        order = level.get("propertyOrder")
        names = order if isinstance(order, list) else list(members)
        codes = tuple(name for name in names if name != "total" and name in members)
        if isinstance(item, dict):
            yield By(str(item.get("field", "")), codes, _bands(item, library, base))
        else:
            yield By(str(item), codes)
        level = members[codes[0]] if codes else {}


def _bands(
    item: dict[str, Any], library: Library, base: str
) -> dict[str, tuple[int | None, int | None]]:
    if not isinstance(item.get("bands"), str):
        return {}
    address, place = resolve(base, item["bands"])
    try:
        listed = at(library.document(address), place)
    except (NotFound, LookupError):
        return {}
    return {
        str(band["const"]): (band.get("minimum"), band.get("maximum"))
        for band in listed.get("oneOf", ())
        if isinstance(band, dict) and "const" in band
    }


def _derive(library: Library, register: str) -> dict[str, dict[str, Any]]:
    """The register's derived fields: name -> rule."""
    try:
        derived = library.document(register_address(register)).get("derive") if register else None
    except NotFound:
        return {}
    if not isinstance(derived, dict):
        return {}
    return {
        name: node["rule"]
        for name, node in derived.items()
        if isinstance(node, dict) and isinstance(node.get("rule"), dict)
    }


def where_in_full(where: Any, library: Library, base: str) -> dict[str, Any] | bool:
    """A `where` without references: what a `$ref` names stands in its place, cut down to what a `where` has."""
    return _full(where, library, base, 0)


def _full(where: Any, library: Library, base: str, depth: int) -> dict[str, Any] | bool:
    if isinstance(where, bool):
        return where
    if not isinstance(where, dict) or depth > _DEEPEST:
        return True
    kept = dict(
        _keyword(key, value, library, base, depth + 1)
        for key, value in where.items()
        if key in _WHERE and key != "$ref"
    )
    if isinstance(where.get("$ref"), str):
        kept["allOf"] = [*kept.get("allOf", ()), _named(where["$ref"], library, base, depth)]
    return kept


def _keyword(key: str, value: Any, library: Library, base: str, depth: int) -> tuple[str, Any]:
    if key == "properties" and isinstance(value, dict):
        return key, {name: _full(part, library, base, depth) for name, part in value.items()}
    if key in ("allOf", "anyOf", "oneOf") and isinstance(value, list):
        parts = [_full(part, library, base, depth) for part in value]
        return _as_enum(parts) if key == "oneOf" else (key, parts)
    if key == "not":
        return key, _full(value, library, base, depth)
    return key, value


def _as_enum(branches: list[Any]) -> tuple[str, list[Any]]:
    """A code list's labelled `oneOf` is, to a `where`, an `enum`."""
    if all(isinstance(b, dict) and set(b) == {"const"} for b in branches):
        return "enum", [b["const"] for b in branches]
    return "oneOf", branches


def _named(reference: str, library: Library, base: str, depth: int) -> dict[str, Any] | bool:
    address, place = resolve(base, reference)
    try:
        part = at(library.document(address), place)
    except (NotFound, LookupError):
        return True
    return _full(part, library, address, depth + 1)

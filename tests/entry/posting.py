"""What a browser posts for an untouched form, by the rules of HTML form submission, from the placed plan."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from runtime.definitions.address import tokens
from runtime.definitions.named import is_typed
from runtime.definitions.place import Placed, cells, place, walk
from runtime.definitions.plan import Cell, Choice, Plan, Rows
from runtime.entry.names import name_of_row, new_name_of, post_name
from runtime.fields.catalogue import field_types
from runtime.fields.formats import is_local_time, is_month


def editable(placed: Placed) -> list[Placed]:
    """The cells that have a control of their own."""
    found = [part for part in cells(placed) if isinstance(part.node, Cell)]
    return [part for part in found if not part.node.read_only and not part.locked]


def untouched(
    plan: Plan, data: Any, choices: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """The post of a form that nobody changed."""
    placed = place(plan, data, choices)
    post: dict[str, list[str]] = {}
    for part in walk(placed):
        if isinstance(part.node, Choice) and part.branch:
            post[f"{part.pointer}#{part.node.keyword}"] = [part.branch]
        if isinstance(part.node, Rows) and part.node.named is not None and not part.node.read_only:
            post |= {name_of_row(row.pointer): [name] for row, name in names_of(part)}
            if part.node.maximum is None or len(part.children) < part.node.maximum:
                post[new_name_of(part.pointer, part.node.named.slot)] = [""]
    for part in editable(placed):
        strings = posted(part.node, part.value)
        if strings:
            post[post_name(part.pointer)] = strings
    return post


def names_of(rows: Placed) -> list[tuple[Placed, str]]:
    """The rows whose names can be typed anew, each with its name."""
    found = [(row, tokens(row.pointer)[-1]) for row in rows.children]
    return [(row, name) for row, name in found if is_typed(name)]


def posted(node: Cell, value: Any) -> list[str]:
    """The strings that the control of a cell posts, as the browser sanitises them."""
    field_type = field_types[node.field]
    strings = field_type.encode(value, node.options)
    if field_type.control == "textarea":
        return [s.removeprefix("\n").replace("\n", "\r\n") for s in strings]
    if field_type.control in ("choice", "checkboxes", "search"):
        return strings
    kind = node.options.get("input", field_type.control)
    return [_sanitised(kind, s) for s in strings]


def _sanitised(kind: str, text: str) -> str:
    text = text.replace("\r", "").replace("\n", "")
    if kind in ("email", "url"):
        return text.strip()
    if kind == "date":
        try:
            return date.fromisoformat(text).isoformat() if text else ""
        except ValueError:
            return ""
    if kind == "month":
        return text if is_month(text) else ""
    if kind == "time":
        return text if is_local_time(text) else ""
    return text

"""When a cell is there: its condition found, set and taken away. Pure, and not for saying it in words.

A condition is `if` and `then` beside the object that holds the cell, with the cell's schema in `then`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.edits.cells import is_required, require
from builder.edits.spots import (
    Document,
    Refused,
    Steps,
    at,
    pointer_of,
    schema_path,
    tokens,
    with_at,
)
from runtime.api import MISSING, dumps
from runtime.api import gettext as _

Where = dict[str, Any]


def conditions_of(document: Document, pointer: str) -> list[tuple[str, Any, bool]]:
    """What must hold for a cell to be there: pointer of the object read, schema, whether negated.

    Empty: it is always there. Raises `Refused` where the form has no such cell.
    """
    path = schema_path(document, pointer)
    found: list[tuple[str, Any, bool]] = []
    for n, step in enumerate(path):
        if step in ("then", "else"):
            test = at(document, (*path[:n], "if"))
            if test is not MISSING:
                found.append((_reads_at(path[:n]), test, step == "else"))
        if step == "dependentSchemas":
            found.append((_reads_at(path[:n]), {"required": [path[n + 1]]}, False))
    return found


def own_condition(document: Document, pointer: str) -> tuple[str, Where] | None:
    """The one condition that can be set anew here: its object's pointer and schema; None where there is none.

    Raises `Refused` where the cell hangs on something that only the JSON can say.
    """
    found = conditions_of(document, pointer)
    if not found:
        return None
    if len(found) > 1 or found[0][2] or not isinstance(found[0][1], Mapping):
        raise Refused(_("This cell hangs on several conditions; change them in the JSON."))
    return found[0][0], dict(found[0][1])


def show_when(document: Document, pointer: str, where: Where | None, home: str = "") -> Document:
    """The document with a cell that is there only when `where` holds of the object at `home`; None: always.

    `home` is the pointer of an object around the cell. Raises `Refused`.
    """
    steps, above = tokens(pointer), tokens(home)
    if above != steps[: len(above)] or len(above) >= len(steps):
        raise Refused(_("A condition must read what stands beside the cell or around it."))
    own_condition(document, pointer)
    needed = is_required(document, pointer)
    path = schema_path(document, pointer)
    schema = at(document, path)
    document = _without(require(document, pointer, needed=False), path)
    inner = _nested(steps[len(above) :], schema)
    if where is None:
        spot = schema_path(document, pointer_of(steps[:-1]))
        document = with_at(document, (*spot, "properties", steps[-1]), schema)
    else:
        document = _with_branch(document, schema_path(document, home), where, inner)
    return require(document, pointer, needed=needed)


def _with_branch(document: Document, place: Steps, where: Where, inner: dict[str, Any]) -> Document:
    """The same condition as another cell's is one branch for both."""
    listed = at(document, (*place, "allOf"))
    branches = list(listed) if isinstance(listed, list) else []
    for n, branch in enumerate(branches):
        if isinstance(branch, Mapping) and dumps(branch.get("if")) == dumps(where):
            joined = _joined(branch.get("then", {}), inner)
            fresh = {**branch, "then": joined}
            return with_at(document, (*place, "allOf", n), fresh)  # type: ignore[no-any-return]
    branches.append({"if": where, "then": inner})
    return with_at(document, (*place, "allOf"), branches)  # type: ignore[no-any-return]


def _joined(one: Any, other: Any) -> Any:
    if not (isinstance(one, Mapping) and isinstance(other, Mapping)):
        return other
    return {**one, **{k: _joined(one.get(k), v) for k, v in other.items()}}


def _nested(steps: tuple[str, ...], schema: Any) -> dict[str, Any]:
    for step in reversed(steps):
        schema = {"properties": {step: schema}}
    found: dict[str, Any] = schema
    return found


def _without(document: Document, path: Steps) -> Document:
    """The document without what stands at a path, and without branches that ask nothing any more."""
    document = with_at(document, path, MISSING)
    for n in range(len(path) - 1, -1, -1):
        inner = at(document, path[: n + 1])
        if path[n] in ("properties", "required") and inner in ({}, []) and n > 1:
            document = with_at(document, path[: n + 1], MISSING)
        elif path[n] in ("then", "else") and inner == {}:
            document = _pruned(document, path[:n], str(path[n]))
        elif path[n - 1 : n] == ("properties",) and inner == {}:
            document = with_at(document, path[: n + 1], MISSING)
    return document


def _pruned(document: Document, place: Steps, keyword: str) -> Document:
    """A condition whose branch is empty goes; with it the list in which it stood alone."""
    node = dict(at(document, place))
    node.pop(keyword)
    if "then" not in node and "else" not in node:
        node.pop("if", None)
    if place and isinstance(place[-1], int) and not node:
        listed = [b for n, b in enumerate(at(document, place[:-1])) if n != place[-1]]
        return with_at(document, place[:-1], listed or MISSING)  # type: ignore[no-any-return]
    return with_at(document, place, node)  # type: ignore[no-any-return]


def _reads_at(path: Steps) -> str:
    """The entry's pointer of the object whose schema stands at a path."""
    found: list[str] = []
    for n, step in enumerate(path):
        if step == "items" and (n == 0 or path[n - 1] != "properties"):
            found.append("*")
        elif n and path[n - 1] == "properties" and isinstance(step, str):
            found.append(step)
    return pointer_of(found)

"""Branches of a document: what stands under `if`, what it hangs on; made, and gone when empty. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builder.edits.spots import Document, Steps, at, pointer_of, with_at
from runtime.api import MISSING, dumps

Where = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Term:
    """What must hold of the object at the pointer `home`; `negated`: what must not (`else`)."""

    home: str
    schema: Any
    negated: bool = False


def roles(path: Steps) -> Iterator[tuple[int, str, str | int]]:
    """Each step of a path with its place and whether it is a `keyword`, a `name` or the place in a `list`."""
    named = False
    for n, step in enumerate(path):
        role = "list" if isinstance(step, int) else "name" if named else "keyword"
        yield n, role, step
        named = role == "keyword" and step in ("properties", "dependentSchemas")


def terms_along(document: Document, path: Steps, begin: int = 0) -> list[Term]:
    """What must hold for what stands at a path to be there, from the step `begin` on."""
    found: list[Term] = []
    for n, role, step in roles(path):
        if n < begin or role != "keyword":
            continue
        if step in ("then", "else"):
            test = at(document, (*path[:n], "if"))
            if test is not MISSING:
                found.append(Term(place_of(path[:n]), test, step == "else"))
        if step == "dependentSchemas" and n + 1 < len(path):
            found.append(Term(place_of(path[:n]), {"required": [path[n + 1]]}))
    return found


def place_of(path: Steps) -> str:
    """The entry's pointer of that whose schema stands at a path."""
    found: list[str] = []
    above: str | int = ""
    for _n, role, step in roles(path):
        if role == "keyword" and step == "items":
            found.append("*")
        elif role == "name" and above == "properties":
            found.append(str(step))
        above = step
    return pointer_of(found)


def with_branch(
    document: Document, place: Steps, where: Where, inner: Mapping[str, Any]
) -> Document:
    """The document in which `inner` holds of the object at `place` when `where` does.

    What hangs on the same condition already is in one branch with it.
    """
    node = at(document, place)
    if isinstance(node, Mapping) and "if" in node and dumps(node["if"]) == dumps(where):
        then = joined(node.get("then", {}), inner)
        return with_at(document, (*place, "then"), then)  # type: ignore[no-any-return]
    listed = node.get("allOf") if isinstance(node, Mapping) else None
    branches = list(listed) if isinstance(listed, list) else []
    for n, branch in enumerate(branches):
        if isinstance(branch, Mapping) and dumps(branch.get("if")) == dumps(where):
            branches[n] = {**branch, "then": joined(branch.get("then", {}), inner)}
            break
    else:
        branches.append({"if": dict(where), "then": dict(inner)})
    return with_at(document, (*place, "allOf"), branches)  # type: ignore[no-any-return]


def joined(one: Any, other: Any) -> Any:
    """Two schemas of one place that do not meet, as one."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {**one, **{k: joined(one[k], v) if k in one else v for k, v in other.items()}}
    if isinstance(one, list) and isinstance(other, list):
        return [*one, *(v for v in other if v not in one)]
    return other


def nested(steps: tuple[str, ...], inner: Mapping[str, Any], *, needed: bool) -> dict[str, Any]:
    """What holds of a member deep within an object, said of the object; with `needed` all on the way must be there."""
    if not steps:
        return dict(inner)
    step, rest = steps[0], steps[1:]
    if step == "*":
        return {"items": nested(rest, inner, needed=needed)}
    below = nested(rest, inner, needed=needed)
    found: dict[str, Any] = {"properties": {step: below}} if below else {}
    return {**found, "required": [step]} if needed else found


def without(document: Document, path: Steps) -> Document:
    """The document without what stands at a path; branches and bearers that say nothing then go too."""
    document = with_at(document, path, MISSING)
    places = list(roles(path))
    for n in range(len(path) - 1, 0, -1):
        here = path[:n]
        _n, role, step = places[n - 1]
        left = at(document, here)
        if (left is not MISSING and left not in ({}, [])) or not _is_conditional(here):
            continue
        if role == "keyword" and step in ("then", "else"):
            document = _pruned(document, path[: n - 1], str(step))
        elif role == "name" and path[n - 2] == "properties":
            document = _unasked(with_at(document, here, MISSING), path[: n - 2], str(step))
        elif role != "list":
            document = with_at(document, here, MISSING)
    return document


def _is_conditional(path: Steps) -> bool:
    return any(
        role == "keyword" and step in ("then", "else", "dependentSchemas")
        for _n, role, step in roles(path)
    )


def _unasked(document: Document, place: Steps, name: str) -> Document:
    """A bearer that is gone is no longer needed where it stood."""
    names = at(document, (*place, "required"))
    if not isinstance(names, list) or name not in names:
        return document
    left = [one for one in names if one != name]
    return with_at(document, (*place, "required"), left or MISSING)  # type: ignore[no-any-return]


def _pruned(document: Document, place: Steps, keyword: str) -> Document:
    """A condition whose branches are empty goes; with it the list in which it stood alone."""
    found = at(document, place)
    if not isinstance(found, Mapping):
        return document
    node = {k: v for k, v in found.items() if k != keyword}
    if "then" not in node and "else" not in node:
        node.pop("if", None)
    if place and isinstance(place[-1], int) and not node:
        listed = [b for n, b in enumerate(at(document, place[:-1])) if n != place[-1]]
        return with_at(document, place[:-1], listed or MISSING)  # type: ignore[no-any-return]
    return with_at(document, place, node)  # type: ignore[no-any-return]

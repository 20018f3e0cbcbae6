"""When a cell is there: its condition found, set and taken away. Pure, and not for saying it in words.

A condition is `if` and `then` beside the object that holds the cell, or an object around it, with the cell in `then`.
"""

from __future__ import annotations

from builder.edits.branches import Term, Where, nested, terms_along, with_branch, without
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
from runtime.api import gettext as _


def conditions_of(document: Document, pointer: str) -> list[Term]:
    """All that must hold for a cell to be there, that of the groups around it included.

    Empty: it is always there. Raises `Refused` where the form has no such cell.
    """
    return terms_along(document, schema_path(document, pointer))


def own_conditions(document: Document, pointer: str) -> list[Term]:
    """What must hold for a cell to be there where that which holds it is. Raises `Refused`."""
    path = schema_path(document, pointer)
    return terms_along(document, path, _shared(path, _around(document, pointer)))


def homes(pointer: str) -> list[str]:
    """The objects whose members the condition of a cell may read: the form, and what is around it, outermost first."""
    steps = tokens(pointer)
    return [pointer_of(steps[:n]) for n in range(len(steps)) if steps[n] != "*"]


def show_when(document: Document, pointer: str, where: Where | None, home: str = "") -> Document:
    """The document with a cell that is there only when `where` holds of the object at `home`; None: always.

    It is needed as it was, where it is there. Raises `Refused`.
    """
    steps, above = tokens(pointer), tokens(home)
    if home not in homes(pointer):
        raise Refused(_("A condition must read what stands beside the cell or around it."))
    needed = is_required(document, pointer)
    schema = at(document, schema_path(document, pointer))
    document = require(document, pointer, needed=False)
    document = without(document, schema_path(document, pointer))
    if where is None:
        place = _around(document, pointer)
        document = with_at(document, (*place, "properties", steps[-1]), schema)
        return require(document, pointer, needed=needed)
    own = {"properties": {steps[-1]: schema}} | ({"required": [steps[-1]]} if needed else {})
    inner = nested(steps[len(above) : -1], own, needed=needed)
    return with_branch(document, schema_path(document, home), where, inner)


def _around(document: Document, pointer: str) -> Steps:
    """Where the schema of that which holds a cell stands."""
    return schema_path(document, pointer_of(tokens(pointer)[:-1]))


def _shared(one: Steps, other: Steps) -> int:
    """How many steps two paths go together."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))

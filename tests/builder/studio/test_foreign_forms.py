"""Schemas that others wrote: all that the screen asks for stands on the canvas, drawn at once or part by part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from builder.studio.canvas import Part, tree
from builder.studio.drawing import Drawing
from builder.studio.shapes import Shapes
from runtime.api import (
    MISSING,
    DefinitionError,
    Library,
    NotFound,
    Plan,
    compile_form,
    form_address,
    render,
)
from tests.corpus.test_corpus import GROUPS, forms
from tests.rig.profiles import FULL_MATRIX

ADDRESS = form_address("disabled-persons/foreign")
NAMED = re.compile(r' name="([/#][^"]*)"')


def _stood(part: Part, root: Part, drawing: Drawing) -> Iterator[str]:
    """The canvas from top to bottom, as its templates ask for it."""
    holds = part.kind in ("form", "section", "columns") or (part.kind == "part" and part.children)
    if not holds:
        html = drawing.html(part)
        assert html is not None, drawing.why_not(part)
        yield html
        return
    for child in part.children:
        yield from _stood(child, root, drawing)
    yield from drawing.besides(part, root)


def _opened(schema: Any) -> tuple[Library, Plan] | None:
    library = Library.read(()).with_document(ADDRESS, schema)
    try:
        return library, compile_form(ADDRESS, library=library)
    except (DefinitionError, NotFound):
        return None


def _canvases(group: str, *, alone: bool) -> Iterator[tuple[str, Plan, str]]:
    for name, schema, _data in forms(group):
        opened = _opened(schema) if isinstance(schema, dict) else None
        if opened is not None:
            library, plan = opened
            root = tree(schema, Shapes(library, ADDRESS).whole, library, ADDRESS)
            drawing = Drawing(library, ADDRESS, schema, None if alone else plan)
            yield name, plan, "".join(_stood(root, root, drawing))


@pytest.mark.parametrize("group", GROUPS if FULL_MATRIX else GROUPS[:2])
def test_all_that_the_screen_asks_for_is_on_the_canvas(group: str) -> None:
    seen = 0
    for name, plan, canvas in _canvases(group, alone=False):
        asked = set(NAMED.findall(render(plan, MISSING)))
        assert asked <= set(NAMED.findall(canvas)), name
        seen += len(asked)
    assert seen > 150


@pytest.mark.parametrize("group", GROUPS[:2])
def test_each_part_can_be_drawn_by_itself(group: str) -> None:
    assert sum(1 for _found in _canvases(group, alone=True)) > 20

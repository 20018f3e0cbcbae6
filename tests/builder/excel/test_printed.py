"""Sheets that nobody drew for this: every shipped form, printed blank by the runtime, read back in both languages.

When they were first tried: precision 0.965, recall 0.872. What is called wrong here are mostly cells of a form's own
that have the name of a field, such as the names of a family that staff write down.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from builder.excel.picture import Picture
from builder.excel.proposals import MEANT
from builder.excel.reading import picture_of
from builder.excel.recognise import recognise
from builder.excel.vocabulary import vocabulary_of
from runtime.definitions.address import resolve, tokens
from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.outputs.document import Document, Heading, document, values
from runtime.outputs.workbook import cell_name, workbook
from runtime.settings import Settings
from runtime.site import open_site

Meaning = tuple[str, tuple[str, ...]]
"""Address of a field or indicator, and the codes of it."""


@pytest.fixture(scope="module")
def library() -> Library:
    return open_site(
        Settings(home=Path(), database_url="sqlite://", secret_key="for tests only, not a secret")
    ).library


def _meaning(library: Library, form: str, pointer: str) -> Meaning | None:
    """What the cell of a form at a pointer refers to."""
    schema: Any = library.document(form)
    steps = list(tokens(pointer))
    while steps and isinstance(schema, dict):
        step = steps.pop(0)
        schema = (
            schema.get("items") if step.isdigit() and "items" in schema else _inside(schema, step)
        )
        if isinstance(schema, dict) and "$ref" in schema:
            home, place = resolve(form, schema["$ref"])
            found = f"{home}#{place}"
            return (found, tuple(steps)) if "/code-lists/" not in found else None
    return None


def _inside(schema: dict[str, Any], step: str) -> Any:
    """The property of that name, wherever a form may say it: also in branches and under conditions."""
    here = schema.get("properties", {}).get(step)
    deeper = [schema.get(key) for key in ("then", "else")]
    deeper += [b for key in ("oneOf", "allOf") for b in schema.get(key, ())]
    found = (_inside(one, step) for one in deeper if isinstance(one, dict))
    return here if here is not None else next((one for one in found if one is not None), None)


def _printed(library: Library) -> Iterator[tuple[str, Document]]:
    for form in library.addresses("form"):
        plan = compile_form(form, library=library)
        for language in ("en", "zh-CN"):
            yield form, document(plan, {}, language=language, heading=Heading(), blank=True)


def _places(content: bytes, paper: Document) -> dict[tuple[int, int], str]:
    """Where each cell stands that is to be filled: row and column -> pointer."""
    book = load_workbook(BytesIO(content))
    sheet, found = book.worksheets[0], {}
    for value in values(paper.blocks):
        defined = book.defined_names.get(cell_name(value.pointer))
        if defined is not None:
            cell = sheet[defined.attr_text.rpartition("!")[2].replace("$", "")]
            if cell.data_type != "f":
                found[cell.row, cell.column] = value.pointer
    return found


@pytest.mark.full
def test_what_the_runtime_prints_is_read_back(library: Library) -> None:
    known = vocabulary_of(library)
    expected = sure = right = there = found = 0
    for form, paper in _printed(library):
        content = workbook(paper)
        picture: Picture = picture_of(content)
        places = _places(content, paper)
        wanted = {place: _meaning(library, form, pointer) for place, pointer in places.items()}
        got = recognise(picture, known)
        expected += sum(one is not None for one in wanted.values())
        there += len(wanted)
        for slot, proposal in zip(got.read.slots, got.proposals, strict=True):
            place = slot.row, slot.column
            found += place in wanted
            if proposal.what == MEANT and proposal.sure:
                sure += 1
                right += wanted.get(place) == (proposal.address, proposal.path)
    print(
        f"printed: precision {right / sure:.3f} ({right} of {sure}), recall {right / expected:.3f}"
        f" ({right} of {expected}), cells to fill {found / there:.3f}"
    )
    assert found == there
    assert right / sure >= 0.95
    assert right / expected >= 0.85

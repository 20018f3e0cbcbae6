"""The shipped set as a whole: nothing wrong with it, and each form compiles with all its parts in place."""

import json

import pytest

from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.plan import Choice, Columns, CrossTable, Group, Locked, Rows, Section
from runtime.definitions.publish import decode_plan, encode_plan
from tests.form_defs.conftest import TREES, files

FORMS = [
    f"{file.parent.name}/{file.stem}" for file in files("forms") if file.name != "department.json"
]


def parts(node, *, rows=True):
    yield node
    if isinstance(node, Group | Section | Columns):
        for child in node.children:
            yield from parts(child, rows=rows)
    elif isinstance(node, Rows):
        yield from parts(node.item) if rows else ()
    elif isinstance(node, Choice):
        for branch in node.branches:
            yield from parts(branch.node, rows=rows)
    elif isinstance(node, CrossTable):
        yield from (cell for row in node.cells for cell in row if cell is not None)


@pytest.fixture(params=FORMS)
def plan(request, library):
    address = f"https://yibiao.example/defs/forms/{request.param}.json"
    return compile_form(address, library=library)


def wrong(library):
    return [(p.severity, p.address, p.pointer, p.message) for p in check(library)]


def test_nothing_is_wrong_with_it(library):
    assert library.problems == ()
    assert wrong(library) == []


def test_without_departments_nothing_is_missing(library):
    """What is shipped in form_defs/ refers to no department's own tree."""
    assert wrong(type(library).read(TREES[:1])) == []


def test_each_figure_of_a_report_is_defined_once(plan):
    """A number that is reported by period comes from the dictionary, or is a sum of such."""
    if not plan.form.frequency:
        return
    own = [
        part.path
        for part in parts(plan.root, rows=False)
        if getattr(part, "field", "") in {"integer", "decimal", "money"}
        if not part.definition and part.fill is None
    ]
    assert own == []


def test_no_part_of_a_form_is_locked(plan):
    assert [part.path for part in parts(plan.root) if isinstance(part, Locked)] == []


def test_a_form_has_cells_in_both_languages(plan):
    cells = [part for part in parts(plan.root) if hasattr(part, "field")]
    assert len(cells) >= 10
    for cell in cells:
        if cell.path:  # an element of a plain list is named by its list
            assert {"en", "zh-CN"} <= set(cell.words.title), cell.path
    assert {"en", "zh-CN"} <= set(plan.words.title)


def test_a_plan_is_data(plan):
    assert decode_plan(encode_plan(plan)) == plan
    json.dumps(plan.bundle, default=str)

"""A cell is there when its condition holds, needed as it was; and always again when the condition is taken away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.edits.conditions import conditions_of, own_conditions, show_when
from builder.edits.needs import need_when, needs_of
from builder.edits.spots import Refused, schema_at
from runtime.api import Plan, compile_form
from runtime.definitions.plan import Cell, Group, Rows
from tests.builder.rules.shipped import shipped_library

TEXT = {"type": "string"}
FORM: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "met": {"type": "boolean"},
        "age": {"type": "integer"},
        "help": {
            "type": "object",
            "properties": {"wanted": {"type": "boolean"}, "what": TEXT, "where": TEXT},
            "required": ["what"],
        },
        "people": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": TEXT, "safe": {"type": "boolean"}, "measure": TEXT},
                "required": ["name", "measure"],
            },
        },
    },
    "required": ["met", "help", "people"],
}
MET = {"properties": {"met": {"const": True}}, "required": ["met"]}
OLD = {"properties": {"age": {"minimum": 60}}, "required": ["age"]}
SAFE = {"properties": {"safe": {"const": False}}, "required": ["safe"]}
PLACES = [
    ("/age", "", MET),
    ("/help", "", MET),
    ("/people", "", OLD),
    ("/help/what", "/help", {"required": ["wanted"]}),
    ("/help/what", "", MET),
    ("/help/where", "", OLD),
    ("/people/*/measure", "/people/*", SAFE),
    ("/people/*/measure", "", MET),
    ("/people/*/name", "", OLD),
    ("/help/wanted", "", MET),
]


def plain(value: Any) -> Any:
    """The same without the order of members."""
    if isinstance(value, dict):
        return {k: plain(value[k]) for k in sorted(value)}
    if isinstance(value, list):
        return sorted(map(plain, value), key=repr)
    return value


def nodes(plan: Plan) -> dict[str, Any]:
    """All parts of a plan by their pointers."""
    found: dict[str, Any] = {}

    def visit(node: Any, above: str) -> None:
        here = above + "".join(f"/{step}" for step in node.path)
        if isinstance(node, Cell | Group | Rows):
            found.setdefault(here, node)
        for child in getattr(node, "children", ()):
            visit(child, here)
        if isinstance(node, Rows):
            visit(node.item, here + "/*")

    visit(plan.root, "")
    return found


@pytest.mark.parametrize(("pointer", "home", "where"), PLACES)
def test_the_plan_has_the_cell_under_the_condition(pointer: str, home: str, where: Any) -> None:
    shown = show_when(FORM, pointer, where, home)
    assert [term.schema for term in own_conditions(shown, pointer)] == [where]
    node = nodes(compile_form(shown))[pointer]
    assert node.when
    before = nodes(compile_form(FORM))[pointer]
    assert not before.when
    assert node.required == before.required


@given(st.lists(st.sampled_from(PLACES), max_size=5))
def test_what_is_set_and_taken_away_again_leaves_nothing(places: list[Any]) -> None:
    document = FORM
    for pointer, home, where in places:
        document = show_when(document, pointer, where, home)
    compile_form(document)
    for pointer, _home, _where in places:
        document = show_when(document, pointer, None)
    assert plain(document) == plain(FORM)


@given(st.lists(st.sampled_from(PLACES), max_size=5))
def test_what_is_needed_under_conditions_is_so_until_it_is_said_otherwise(
    places: list[Any],
) -> None:
    document = FORM
    for pointer, home, where in places:
        document = need_when(document, pointer, where, home)
        assert [[t.schema for t in n.terms] for n in needs_of(document, pointer)] == [[where]]
        assert nodes(compile_form(document))[pointer].required_when
    for pointer, _home, _where in places:
        document = need_when(document, pointer, None)
        assert needs_of(document, pointer) == []
    bare = FORM
    for pointer, _home, _where in places:
        bare = need_when(bare, pointer, None)
    assert plain(document) == plain(bare)


def test_cells_on_one_condition_share_a_branch_also_that_of_the_form_itself() -> None:
    once = show_when(FORM, "/age", MET)
    twice = show_when(once, "/people", MET)
    assert len(twice["allOf"]) == 1
    own = {**FORM, "if": MET, "then": {"properties": {"more": TEXT}}}
    assert show_when(own, "/age", MET)["then"]["properties"].keys() == {"more", "age"}


def test_a_condition_reads_what_is_around() -> None:
    for home in ("/help", "/people"):
        with pytest.raises(Refused, match="beside the cell or around it"):
            show_when(FORM, "/people/*/name", MET, home)
    with pytest.raises(Refused):
        show_when(FORM, "/gone", MET)


def test_a_cell_within_a_conditional_group_has_its_own_condition() -> None:
    shown = show_when(
        show_when(FORM, "/help/what", {"required": ["wanted"]}, "/help"), "/help", MET
    )
    assert [t.schema for t in conditions_of(shown, "/help/what")] == [MET, {"required": ["wanted"]}]
    assert [t.schema for t in own_conditions(shown, "/help/what")] == [{"required": ["wanted"]}]
    again = show_when(shown, "/help/what", None)
    assert own_conditions(again, "/help/what") == []
    assert conditions_of(again, "/help/what") != []


def test_what_another_cell_asks_for_is_told() -> None:
    hanging = {**FORM, "dependentRequired": {"met": ["age"]}}
    assert [t.schema for t in needs_of(hanging, "/age")[0].terms] == [{"required": ["met"]}]
    assert "dependentRequired" not in need_when(hanging, "/age", None)


def test_conditions_of_the_shipped_forms_are_taken_away_and_the_forms_compile() -> None:
    library = shipped_library()
    for address in library.addresses("form"):
        document = dict(library.source(address))
        for pointer in nodes(compile_form(address, library=library)):
            try:
                found = own_conditions(document, pointer)
            except Refused:  # what the dictionary defines
                continue
            if found:
                bare = show_when(document, pointer, None)
                assert own_conditions(bare, pointer) == []
                assert schema_at(bare, pointer) == schema_at(document, pointer)
                compile_form(address, library=library.with_document(address, bare))

"""Schemas to plans: what is drawn, what is locked and why, and what is refused with a clear sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from runtime.definitions.compile import compile_form
from runtime.definitions.place import place, walk
from runtime.definitions.publish import decode_plan, encode_plan
from runtime.definitions.verdict import annotations, is_valid, problems
from runtime.errors import DefinitionError
from tests.definitions.schemas import ANYTHING, JSON

CASES = json.loads((Path(__file__).parent / "data" / "compile.json").read_text("utf-8"))
REFUSED = json.loads((Path(__file__).parent / "data" / "refused.json").read_text("utf-8"))


def shape(node: Any) -> Any:
    """A part of a plan in few words: kind, place, and what it holds."""
    kind = type(node).__name__
    place_of = "/".join(node.path)
    if kind == "Cell":
        marks = "*" * node.required + "?" * bool(node.when) + "!" * bool(node.required_when)
        return f"{place_of}{marks}: {node.field}" + (" (read only)" if node.read_only else "")
    if kind == "Locked":
        return f"{place_of}: locked {node.reason}"
    if kind == "Recursion":
        return f"{place_of}: again"
    name = f"{place_of}: {kind}" + ("?" if node.when else "")
    if kind == "Rows":
        return {name: shape(node.item)}
    if kind == "Choice":
        return {
            f"{name} {node.keyword}": {b.words.title["en"]: shape(b.node) for b in node.branches}
        }
    return {name: [shape(child) for child in getattr(node, "children", ())]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_shape(case):
    plan = compile_form(case["schema"])
    assert shape(plan.root) == case["shape"]
    for data, drawn in case.get("drawn", []):
        found = [part.pointer for part in walk(place(plan, data)) if not part.children]
        assert found == drawn
    assert decode_plan(encode_plan(plan)) == plan


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])
def test_what_is_no_schema_is_refused_with_a_sentence(case):
    with pytest.raises(DefinitionError, match=case["says"]) as refused:
        compile_form(case["schema"])
    assert "\n" not in str(refused.value)


def test_nesting_beyond_all_bounds_is_refused():
    schema: dict[str, Any] = {}
    inner = schema
    for _level in range(10_000):
        inner["properties"] = {"a": {}}
        inner = inner["properties"]["a"]
    with pytest.raises(DefinitionError, match="200 levels"):
        compile_form(schema)


@pytest.mark.parametrize("levels", [20, 90])
def test_deep_nesting_is_drawn_and_opened_level_by_level(levels):
    schema: dict[str, Any] = {"type": "string"}
    data: Any = "x"
    for _level in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
        data = {"a": data}
    plan = compile_form(schema)
    leaf = list(walk(place(plan, data)))[-1]
    assert leaf.pointer == "/a" * levels
    assert leaf.value == "x"


def test_a_registry_gives_what_is_elsewhere():
    elsewhere = {"$defs": {"size": {"type": "integer", "title": "Size"}}}
    registry = Registry().with_resource(
        "https://example.org/parts", Resource(elsewhere, DRAFT202012)
    )
    schema = {
        "type": "object",
        "properties": {
            "s": {"$ref": "https://example.org/parts#/$defs/size", "title": "Your size"}
        },
    }
    plan = compile_form(schema, registry)
    assert plan.root.children[0].words.title == {"en": "Your size"}
    assert not is_valid(plan, {"s": "x"})
    assert decode_plan(encode_plan(plan)) == plan
    with pytest.raises(DefinitionError, match=r"example\.org/parts"):
        compile_form(schema)


def test_the_same_schema_has_the_same_digest_and_another_a_different_one():
    one = compile_form({"type": "object", "properties": {"a": {"type": "string"}, "b": {}}})
    two = compile_form({"properties": {"a": {"type": "string"}, "b": {}}, "type": "object"})
    three = compile_form({"type": "object", "properties": {"a": {"type": "integer"}, "b": {}}})
    assert one.digest == two.digest != three.digest


def test_a_wide_mesh_of_references_stays_small():
    names = [f"n{i}" for i in range(40)]
    refs = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    mesh = {name: {"type": "object", "properties": refs} for name in names}
    plan = compile_form({"type": "object", "properties": refs, "$defs": mesh})
    assert len(encode_plan(plan)) < 30_000_000
    assert place(plan, {"n1": {"n2": {"n3": {"n1": {"n1": {}}}}}}).children


@given(ANYTHING, JSON)
def test_no_schema_whatever_makes_it_crash(schema, data):
    try:
        plan = compile_form(schema)
    except DefinitionError:
        return
    list(walk(place(plan, data)))
    assert (not problems(plan, data)) == is_valid(plan, data)
    annotations(plan, data)

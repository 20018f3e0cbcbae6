"""A cell's name changed: everything that spoke of it still does, and nothing else is touched."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.edits.renaming import rename
from builder.edits.spots import Refused, pointer_of
from builder.studio.canvas import tree, walk
from runtime.api import Library, check, form_address
from runtime.definitions.load import Library as Definitions

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "lent": {"type": "integer"},
        "all": {"type": "integer"},
        "share": {"type": "number", "fill": {"formula": '=ROUND(lent/all*100, 1)&"lent"'}},
        "far": {
            "type": "object",
            "properties": {
                "x": {"type": "number", "fill": {"formula": "=a", "cells": {"a": "2/lent"}}}
            },
        },
        "below": {"type": "integer", "fill": {"below": "sum", "of": "/lent"}},
        "list": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"lent": {"type": "string"}, "why": {"type": "string"}},
                "required": ["lent"],
            },
        },
        "late": {"type": "string"},
    },
    "required": ["lent", "late"],
    "dependentRequired": {"lent": ["late"]},
    "if": {"properties": {"lent": {"minimum": 1}}, "required": ["lent"]},
    "then": {"required": ["late"]},
    "layout": [
        {"id": "one", "kind": "cell", "at": "/lent"},
        {"id": "list", "kind": "rows", "at": "/list"},
    ],
}


def test_all_that_speaks_of_a_cell_follows_its_name() -> None:
    form = rename(FORM, "/lent", "given")
    assert next(iter(form["properties"])) == "given"
    assert form["required"] == ["given", "late"]
    assert form["dependentRequired"] == {"given": ["late"]}
    assert form["if"] == {"properties": {"given": {"minimum": 1}}, "required": ["given"]}
    assert form["layout"][0]["at"] == "/given"
    assert form["properties"]["share"]["fill"]["formula"] == '=ROUND(given/all*100, 1)&"lent"'
    assert form["properties"]["far"]["properties"]["x"]["fill"]["cells"] == {"a": "2/given"}
    assert form["properties"]["below"]["fill"]["of"] == "/given"
    assert form["properties"]["list"] == FORM["properties"]["list"]


def test_a_column_of_a_list_is_another_cell() -> None:
    form = rename(FORM, "/list/*/lent", "what")
    items = form["properties"]["list"]["items"]
    assert (list(items["properties"]), items["required"]) == (["what", "why"], ["what"])
    assert form["properties"]["lent"] == FORM["properties"]["lent"]


@pytest.mark.parametrize(
    ("pointer", "name"),
    [("/lent", "all"), ("/lent", "Not a name"), ("/none", "fresh"), ("", "fresh"), ("/lent", "")],
)
def test_a_name_that_cannot_be_is_refused(pointer: str, name: str) -> None:
    with pytest.raises(Refused):
        rename(FORM, pointer, name)


@cache
def library() -> Library:
    return Definitions.read([files("form_defs")])


@given(st.sampled_from(library().addresses("form")), st.data())
def test_any_cell_of_a_shipped_form_can_be_renamed_there_and_back(
    address: str, data: st.DataObject
) -> None:
    form = library().source(address)
    known = [
        p.pointer
        for p in walk(tree(form, lambda schema: schema, library(), address))
        if p.schema is not None
    ]
    pointer = data.draw(st.sampled_from([p for p in known if p]))
    try:
        renamed = rename(form, pointer, "quite_new")
    except Refused:
        return
    draft = library().with_document(address, json.loads(json.dumps(renamed, default=str)))
    assert {p.code for p in check(draft, [address])} == {
        p.code for p in check(library(), [address])
    }
    *above, old = pointer.split("/")
    back = rename(renamed, "/".join([*above, "quite_new"]), old)
    assert json.dumps(back, default=str) == json.dumps(form, default=str)


def test_the_headings_of_an_own_table_follow() -> None:
    address = form_address("housing/rented-homes-quarterly")
    form = library().source(address)
    tables = [i for s in form["layout"] for i in s.get("items", [s]) if i["kind"] == "crossTable"]
    table = next(t for t in tables if "items" in t["rows"])
    steps = [s for s in table["at"].split("/") if s]
    keys = [key for key in _keys(table["rows"]["items"]) if key]
    path = [*steps, *keys[0].split("/")]
    renamed = rename(form, pointer_of(path[: len(steps) + 1]), "quite_new")
    draft = library().with_document(address, renamed)
    assert [p.code for p in check(draft, [address])] == [
        p.code for p in check(library(), [address])
    ]


def _keys(items: list[Any]) -> list[str]:
    found = []
    for item in items:
        found += _keys(item["items"]) if "items" in item else [item.get("key", "")]
    return found

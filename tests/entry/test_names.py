"""Every control has a name that browsers post, also that of a form which is one plain value."""

import re

import pytest

from runtime.definitions.compile import compile_form
from runtime.entry.decode import decode
from runtime.entry.names import is_of_entry
from runtime.entry.screen import render

NAMES = re.compile(r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]*)"')


@pytest.mark.parametrize(
    ("schema", "value", "posted", "expected"),
    [
        ({"type": "string"}, "a", ["b"], "b"),
        ({"type": "string", "maxLength": 5000}, "a\nb", ["a\r\nb\r\nc"], "a\nb\nc"),
        ({"type": "integer"}, 3, ["4"], 4),
        ({"type": "boolean"}, True, ["false"], False),
        ({"enum": ["p", "q"]}, "p", ['q'], "q"),
        ({"type": "array", "items": {"enum": ["p", "q"]}, "uniqueItems": True}, ["p"], ["", "q"], ["q"]),
        ({"type": "string", "format": "date"}, "2026-11-22", ["2026-11-23"], "2026-11-23"),
    ],
)  # fmt: skip
def test_a_form_of_one_value_is_posted_by_a_name(schema, value, posted, expected):
    plan = compile_form(schema)
    names = set(NAMES.findall(str(render(plan, value))))
    assert names == {"#"}
    assert decode(plan, {"#": posted}, value).data == expected


def test_a_plain_value_in_a_choice_has_that_name_beside_the_choice():
    plan = compile_form({"oneOf": [{"type": "string", "title": "S"}, {"type": "integer"}]})
    drawn = str(render(plan, "a", choices={"#oneOf": "0"}))
    assert {n for n in NAMES.findall(drawn) if is_of_entry(n)} == {"#oneOf", "#"}
    assert decode(plan, {"#oneOf": ["0"], "#": ["b"]}, "a", {"#oneOf": "0"}).data == "b"


def test_input_that_is_wrong_is_shown_again_there():
    plan = compile_form({"type": "integer"})
    decoded = decode(plan, {"#": ["x"]}, 3)
    assert decoded.data == 3
    assert [(p.code, p.pointer) for p in decoded.problems] == [("input", "")]
    assert decoded.raw == {"": ["x"]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("/a", True), ("#", True), ("#oneOf", True), ("/a#oneOf", True), ("_do", False), ("", False)],
)
def test_what_names_a_part_of_the_entry(name, expected):
    assert is_of_entry(name) is expected

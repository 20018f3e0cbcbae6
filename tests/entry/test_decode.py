"""A post read back: what changes, what stays, what is said of wrong input, and what cannot be forged."""

from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict

from runtime.definitions.compile import compile_form
from runtime.entry.decode import decode, same_strings

FORM = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "Name"},
        "note": {"type": "string", "format": "long-text"},
        "count": {"type": "integer", "title": "Count"},
        "rent": {"type": "number", "digits": 2, "title": "Rent"},
        "sure": {"type": "boolean"},
        "kind": {"enum": ["a", "b"]},
        "tags": {"type": "array", "uniqueItems": True, "items": {"enum": ["x", "y"]}},
        "home": {
            "type": "object",
            "properties": {"street": {"type": "string"}, "flat": {"type": "integer"}},
        },
        "must": {"type": "object", "properties": {"a": {"type": "string"}}},
        "maybe": {"type": ["string", "null"]},
        "rows": {
            "type": "array",
            "items": {"type": "object", "properties": {"n": {"type": "integer"}}},
        },
        "names": {"type": "array", "items": {"type": "string"}},
        "fixed": {"type": "string", "readOnly": True},
        "sum": {"type": "integer", "totalOf": ["1/count", "1/rows/*/n"]},
        "any": {},
    },
    "required": ["must"],
    "if": {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
    "then": {
        "properties": {
            "more": {"type": "string"},
            "gone": {"type": "string", "whenHidden": "dropAtOnce"},
        }
    },
}
PLAN = compile_form(FORM)


@pytest.mark.parametrize(
    ("post", "base", "data"),
    [
        pytest.param({"/name": ["Li"]}, {}, {"name": "Li"}, id="typed"),
        pytest.param({"/name": [""]}, {}, {}, id="left empty stays absent"),
        pytest.param({"/name": [""]}, {"name": ""}, {"name": ""}, id="an empty text stays one"),
        pytest.param({"/name": [""]}, {"name": "Li"}, {}, id="emptied"),
        pytest.param({"/maybe": [""]}, {"maybe": None}, {"maybe": None}, id="null stays null"),
        pytest.param({"/maybe": ["x"]}, {"maybe": None}, {"maybe": "x"}, id="null typed over"),
        pytest.param({}, {"name": "Li"}, {"name": "Li"}, id="not posted"),
        pytest.param({"/note": ["a\r\nb"]}, {}, {"note": "a\nb"}, id="line ends"),
        pytest.param(
            {"/note": ["a\r\nb"]}, {"note": "a\rb"}, {"note": "a\rb"}, id="old line ends kept"
        ),
        pytest.param({"/note": ["a"]}, {"note": "\na"}, {"note": "\na"}, id="leading newline kept"),
        pytest.param({"/count": ["１,234"]}, {}, {"count": 1234, "sum": 1234}, id="full width"),
        pytest.param(
            {"/count": ["3"]}, {"count": 3.0}, {"count": 3.0, "sum": Decimal("3.0")}, id="3.0"
        ),
        pytest.param({"/rent": ["12.5"]}, {}, {"rent": Decimal("12.5")}, id="decimal"),
        pytest.param({"/sure": ["false"]}, {}, {"sure": False}, id="no"),
        pytest.param({"/tags": [""]}, {"tags": []}, {"tags": []}, id="an empty list stays one"),
        pytest.param({"/tags": [""]}, {"tags": ["x"]}, {}, id="unticked"),
        pytest.param({"/tags": ["", "y", "x"]}, {}, {"tags": ["x", "y"]}, id="ticked"),
        pytest.param(
            {"/tags": ["", "x", "y"]}, {"tags": ["y", "x"]}, {"tags": ["y", "x"]}, id="own order"
        ),
        pytest.param({"/home/street": ["S"]}, {}, {"home": {"street": "S"}}, id="parents are made"),
        pytest.param(
            {"/home/street": [""]}, {"home": {"street": "S"}}, {}, id="emptied parents go"
        ),
        pytest.param(
            {"/home/flat": [""]}, {"home": {}}, {"home": {}}, id="an empty object stays one"
        ),
        pytest.param(
            {"/must/a": [""]}, {"must": {"a": "x"}}, {"must": {}}, id="required parents stay"
        ),
        pytest.param({"/rows/0/n": [""]}, {"rows": [{"n": 1}]}, {"rows": [{}]}, id="rows stay"),
        pytest.param(
            {"/names/0": ["b"]}, {"names": ["a", None]}, {"names": ["b", None]}, id="row of values"
        ),
        pytest.param({"/names/0": [""]}, {"names": ["a"]}, {"names": [None]}, id="emptied row"),
        pytest.param(
            {"/rows/1/n": ["5"]}, {"rows": [{}]}, {"rows": [{}]}, id="a row that is not there"
        ),
        pytest.param({"/fixed": ["y"]}, {"fixed": "x"}, {"fixed": "x"}, id="read only"),
        pytest.param({"/sum": ["9"]}, {"count": 1}, {"count": 1, "sum": 1}, id="computed"),
        pytest.param({"/any": ["9"]}, {"any": [1]}, {"any": [1]}, id="locked"),
        pytest.param(
            {"/name": ["x"]}, {"name": 5}, {"name": 5}, id="a value its control cannot carry"
        ),
        pytest.param({"/else": ["9"]}, {"else": 1}, {"else": 1}, id="unknown"),
        pytest.param({"/more": ["m"]}, {}, {}, id="hidden"),
        pytest.param(
            {"/kind": ["b"], "/more": ["m"]},
            {},
            {"kind": "b", "more": "m"},
            id="appears by this post",
        ),
        pytest.param(
            {"/kind": ["a"], "/more": ["n"], "/gone": ["g"]},
            {"kind": "b", "more": "m", "gone": "g"},
            {"kind": "a", "more": "n"},
            id="hidden by this post",
        ),
    ],
)
def test_data(post, base, data):
    found = decode(PLAN, post, base)
    assert repr(found.data) == repr(data)
    assert found.problems == []


def test_wrong_input_keeps_the_base_and_what_was_typed():
    found = decode(
        PLAN, MultiDict([("/count", "many"), ("/name", "Li"), ("/rent", "1.234")]), {"count": 4}
    )
    assert found.data == {"count": 4, "name": "Li", "sum": 4}
    assert found.raw == {"/count": ["many"], "/rent": ["1.234"]}
    assert [(p.pointer, p.message) for p in found.problems] == [
        ("/count", "Count: “many” is not a number. Use digits, such as 1234."),
        ("/rent", "Rent: may have 2 decimal places at most; you typed 1.234"),
    ]


CHOICE = compile_form(
    {
        "type": "object",
        "properties": {"v": {"oneOf": [{"type": "string"}, {"type": "integer"}]}},
        "oneOf": [
            {
                "title": "Card",
                "properties": {"kind": {"const": "card"}, "number": {"type": "string"}},
                "required": ["kind"],
            },
            {"title": "Cash", "properties": {"coins": {"type": "integer"}}},
        ],
    }
)


@pytest.mark.parametrize(
    ("post", "base", "choices", "data", "after"),
    [
        pytest.param({"#oneOf": ["0"]}, {}, {}, {"kind": "card"}, {"#oneOf": "0"}, id="picked, with its constant"),
        pytest.param({"#oneOf": ["1"], "/coins": ["3"]}, {}, {}, {"coins": 3}, {"#oneOf": "1"}, id="with a cell"),
        pytest.param({"#oneOf": ["9"]}, {}, {"#oneOf": "1"}, {}, {"#oneOf": "1"}, id="no such branch"),
        pytest.param({"#oneOf": [""]}, {}, {"#oneOf": "1"}, {}, {}, id="unpicked"),
        pytest.param({}, {"coins": 3}, {}, {"coins": 3}, {}, id="never guessed"),
        pytest.param(
            {"#oneOf": ["1"]}, {"number": "7"}, {"#oneOf": "0"}, {"number": "7"}, {"#oneOf": "1"}, id="left is kept"
        ),
        pytest.param(
            {"/v#oneOf": ["1"], "/v": ["x"]}, {"v": "x"}, {"/v#oneOf": "0"}, {}, {"/v#oneOf": "1"}, id="other type"
        ),
        pytest.param(
            {"/v#oneOf": ["1"], "/v": ["5"]}, {"v": "x"}, {"/v#oneOf": "0"}, {"v": 5}, {"/v#oneOf": "1"}, id="anew"
        ),
    ],
)  # fmt: skip
def test_choices(post, base, choices, data, after):
    found = decode(CHOICE, post, base, choices)
    assert (found.data, found.choices, found.problems) == (data, after, [])


def test_a_part_within_itself_is_read_where_it_stood_open():
    plan = compile_form({"properties": {"name": {"type": "string"}, "child": {"$ref": "#"}}})
    found = decode(plan, {"/child/child/name": ["x"], "/name": [""]}, {})
    assert found.data == {"child": {"child": {"name": "x"}}}


@pytest.mark.parametrize(
    ("posted", "untouched", "same"),
    [
        (["a"], ["a"], True), (["a\r\nb"], ["a\nb"], True), (["b"], ["\nb"], True), ([], [], True),
        ([""], [], True), (["ab"], ["a\nb"], True), (["a"], ["b"], False), ([], ["a"], False),
        (["x"], [], False), (["", "a"], ["a"], False),
    ],
)  # fmt: skip
def test_what_browsers_do_to_strings(posted, untouched, same):
    assert same_strings(posted, untouched) is same

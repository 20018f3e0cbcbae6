from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import DefinitionError
from runtime.rules.where import KEYWORDS, compile_where

NUMBERS = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([10**20, -(10**20), 2**53 + 1]),
    st.decimals(-3, 3, places=1),
    st.sampled_from([Decimal("1.0"), Decimal("1E+2"), Decimal("-0.0"), Decimal("0.10"), 0.1, 2.0]),
)
TEXTS = st.sampled_from(["", "1", "2", "a", "汉", "𝒳y", "2000-02-29"])
SCALARS = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
FIELDS = st.sampled_from(["a", "b", "c", ""])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(FIELDS, inner, max_size=3)
    ),
    max_leaves=6,
)
TYPES = st.sampled_from(["null", "boolean", "string", "number", "integer", "array", "object"])


def schemas(inner):
    parts = st.lists(inner, min_size=1, max_size=2)
    keywords = {
        "type": st.one_of(TYPES, st.lists(TYPES, min_size=1, max_size=2, unique=True)),
        "const": VALUES,
        "enum": st.lists(VALUES, min_size=1, max_size=3),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "exclusiveMinimum": NUMBERS,
        "exclusiveMaximum": NUMBERS,
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "required": st.lists(FIELDS, max_size=2, unique=True),
        "properties": st.dictionaries(FIELDS, inner, max_size=2),
        "allOf": parts,
        "anyOf": parts,
        "not": inner,
    }
    assert set(keywords) | {"$ref"} == KEYWORDS
    return st.fixed_dictionaries({}, optional=keywords)


WHERES = st.recursive(st.booleans(), schemas, max_leaves=6)


@given(WHERES, VALUES)
def test_holds_exactly_where_the_validator_says_so(where, document):
    assert compile_where(where)(document) == jsonschema_rs.Draft202012Validator(where).is_valid(
        document
    )


@pytest.mark.parametrize("asked", [1, 1.0, Decimal("1.0"), True, "1", None, [1], {"a": 1}])
@pytest.mark.parametrize("known", [1, 1.0, Decimal(1), True, "1", None, [1.0], {"a": True}])
def test_values_are_equal_as_in_json(asked, known):
    expected = jsonschema_rs.Draft202012Validator({"const": asked}).is_valid(known)
    assert compile_where({"const": asked})(known) is expected
    assert compile_where({"enum": [asked, "x"]})(known) is expected


def test_a_missing_field_matches_unless_it_is_required():
    grade = {"properties": {"grade": {"enum": ["1", "2"]}}}
    assert compile_where(grade)({})
    assert not compile_where({**grade, "required": ["grade"]})({})


def test_a_reference_is_followed_within_and_through_the_resolver():
    where = {"allOf": [{"required": ["a"]}, {"$ref": "#/allOf/0"}]}
    assert compile_where(where)({"a": 1})
    outside = compile_where({"$ref": "adult"}, {"adult": {"minimum": 18}}.__getitem__)
    assert outside(18)
    assert not outside(17)


@pytest.mark.parametrize(
    ("where", "pointer"),
    [
        ({"pattern": "a"}, "/pattern"),
        ({"properties": {"a": {"format": "date"}}}, "/properties/a/format"),
        ({"anyOf": [{"oneOf": []}]}, "/anyOf/0/oneOf"),
        ({"minimum": "1"}, "/minimum"),
        ({"minLength": True}, "/minLength"),
        ({"enum": "ab"}, "/enum"),
        ({"required": "ab"}, "/required"),
        ({"type": "date"}, "/type"),
        ({"allOf": []}, "/allOf"),
        ({"not": 1}, "/not"),
        ({"$ref": "#/nowhere"}, "/$ref"),
        ({"$ref": "#"}, "/$ref/$ref"),
        ({"$ref": 1}, "/$ref"),
        ({"$ref": "other.json"}, "/$ref"),
    ],
)
def test_anything_else_is_refused_with_its_place(where, pointer):
    with pytest.raises(DefinitionError) as refused:
        compile_where(where)
    assert [problem.pointer for problem in refused.value.problems] == [pointer]

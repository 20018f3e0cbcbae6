"""What an expression asks, as a schema: the same answers pass both, for all expressions and answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.exchange.conditions import Asked, schema_of
from builder.exchange.constraints import constrain
from builder.exchange.xpath import NotRead, conjuncts, names, read
from runtime.api import compile_form, is_valid
from tests.builder.exchange.xpaths import holds

KINDS = {"a": "one", "m": "many", "n": "integer", "t": "text"}


def _find(name: str) -> Asked:
    return Asked(("g", name) if name == "t" else (name,), KINDS[name])


_TEXTS = st.sampled_from(["x", "y", "", "long text"])
_SIGNS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_ATOMS = st.one_of(
    st.builds("${{n}} {} {}".format, _SIGNS, st.integers(-3, 3)),
    st.builds("{1} {0} ${{n}}".format, _SIGNS, st.integers(-3, 3)),
    st.builds("${{a}} {} '{}'".format, st.sampled_from(["=", "!="]), _TEXTS),
    st.builds("${{t}} {} '{}'".format, st.sampled_from(["=", "!="]), _TEXTS),
    st.builds("selected(${{m}}, '{}')".format, st.sampled_from("xy")),
    st.builds("selected(${{a}}, '{}')".format, st.sampled_from("xy")),
    st.builds("count-selected(${{m}}) {} {}".format, _SIGNS, st.integers(0, 3)),
    st.builds("string-length(${{t}}) {} {}".format, _SIGNS, st.integers(0, 9)),
    st.sampled_from(["true()", "false()", "${n} != ''", "${m} != ''", "${t} = ''"]),
)
EXPRESSIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not({})".format, inner),
    ),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from("xy"),
        "m": st.sampled_from([["x"], ["y"], ["x", "y"]]),
        "n": st.integers(-3, 3),
        "t": st.sampled_from(["x", "y", "long text"]),
    },
)


@given(EXPRESSIONS, ANSWERS)
def test_both_judge_alike(text, answers):
    node = read(text)
    schema = schema_of(node, _find)
    data = {name: value for name, value in answers.items() if name != "t"}
    data |= {"g": {"t": answers["t"]}} if "t" in answers else {}
    assert is_valid(compile_form(schema), data) is holds(node, answers)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("${n} > ${n}", "two questions"),
        ("today() = ''", "today()"),
        ("${t} > 'a'", "only numbers"),
        ("${n} = 'many'", "a number is compared with a text"),
        ("selected(${n}, 'x')", "no choice"),
        ("${m} = 'x'", "cannot be compared"),
        ("${n} + 1 > 2", "cannot be compared"),
        ("coalesce(${n}, 0) > 2", "coalesce()"),
        ("string-length(${n}) > 1", "cannot be compared"),
    ],
)
def test_what_cannot_be_said_is_named(text, why):
    with pytest.raises(NotRead) as error:
        schema_of(read(text), _find)
    assert why in str(error.value)


@pytest.mark.parametrize(
    "text", ["../a = 1", "${a} =", "concat('a' 'b')", "(" * 90, "$a", "a = 1", ""]
)
def test_what_is_none_of_our_expressions_is_not_read(text):
    with pytest.raises(NotRead):
        read(text)


def test_an_expression_comes_apart():
    node = read("${a} = 'x' and (${n} > 1 or . = 2) and not(${b})")
    assert len(conjuncts(node)) == 3
    assert names(node) == ("b", "", "n", "a") or set(names(node)) == {"a", "b", "n", ""}


@pytest.mark.parametrize(
    ("kind", "text", "schema"),
    [
        ("integer", ". >= 0 and . <= 120", {"minimum": 0, "maximum": 120}),
        ("decimal", "0 < . and . < 1.5", {"exclusiveMinimum": 0, "exclusiveMaximum": 1.5}),
        ("text", "string-length(.) = 18", {"minLength": 18, "maxLength": 18}),
        ("text", "regex(., '^[0-9]+$')", {"pattern": "^[0-9]+$"}),
        ("text", "regex(., 'a|b')", {"pattern": "^(a|b)$"}),
        ("text", ". = 'a' or . = 'b'", {"enum": ["a", "b"]}),
        ("integer", ". != 7", {"not": {"const": 7}}),
        ("many", "count-selected(.) <= 2", {"maxItems": 2}),
        ("date", ". <= today()", {"latest": "today"}),
        ("integer", ". >= 1 and . >= 3", {"minimum": 3}),
    ],
)
def test_a_limit_becomes_keywords(kind, text, schema):
    found = {}
    assert constrain(found, text, kind) == []
    assert (
        {k: float(v) if isinstance(v, float) else v for k, v in found.items()}
        == pytest.approx(schema)
        if all(isinstance(v, int | float) for v in schema.values())
        else found == schema
    )


@pytest.mark.parametrize("text", [". > ${b}", ". > today()", "nonsense", "${b} > 1"])
def test_a_limit_that_cannot_be_said_is_told(text):
    found = {}
    assert len(constrain(found, text, "integer")) == 1
    assert found == {}

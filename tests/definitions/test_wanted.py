"""What must be among the rows of a list, and which names may be, in words."""

import pytest

from runtime.definitions.compile import compile_form
from runtime.definitions.plan import Group, Rows
from runtime.definitions.verdict import problems
from runtime.definitions.wanted import told
from runtime.language import using


def listed(contains, **more):
    """A plan of helpers, and the list in it."""
    item = {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "duty": {"title": "Duty", "oneOf": [{"const": "h", "title": "Head"}, {"const": "m"}]},
        },
    }
    helpers = {"title": "Helpers", "type": "array", "items": item, "contains": contains, **more}
    plan = compile_form({"type": "object", "properties": {"helpers": helpers}})
    assert isinstance(plan.root, Group)
    rows = plan.root.children[0]
    assert isinstance(rows, Rows)
    return plan, rows


HEAD = {"properties": {"duty": {"oneOf": [{"const": "h", "title": "Head"}]}}, "required": ["duty"]}


@pytest.mark.parametrize(
    ("contains", "more", "says"),
    [
        (HEAD, {}, "At least 1 row must be Duty “Head”."),
        (HEAD, {"minContains": 2}, "At least 2 rows must be Duty “Head”."),
        (HEAD, {"maxContains": 1}, "Exactly 1 row must be Duty “Head”."),
        (HEAD, {"maxContains": 3}, "From 1 to 3 rows must be Duty “Head”."),
        (HEAD, {"minContains": 0, "maxContains": 2}, "At most 2 rows may be Duty “Head”."),
        (HEAD, {"minContains": 0, "maxContains": 0}, "No row may be Duty “Head”."),
        ({**HEAD, "title": "a head"}, {}, "At least 1 row must be a head."),
        ({"minProperties": 2}, {}, "At least 1 row must be as the form asks for it."),
        ({"enum": [1, "x"]}, {}, "At least 1 row must be “1” or “x”."),
    ],
)
def test_the_demand_is_a_sentence(contains, more, says):
    assert [told(one) for one in listed(contains, **more)[1].wanted] == [says]


def test_a_demand_of_nothing_is_none():
    assert listed(HEAD, minContains=0)[1].wanted == ()


def test_what_is_missing_is_counted():
    plan, _rows = listed(HEAD, minContains=1, maxContains=2)
    for count, says in ((0, "There are 0."), (3, "There are 3.")):
        found = problems(plan, {"helpers": [{"duty": "h"}] * count + [{"duty": "m"}]})
        assert [(p.code, p.pointer) for p in found] == [("contains", "/helpers")]
        assert found[0].message == f"Helpers: From 1 to 2 rows must be Duty “Head”. {says}"
    assert not problems(plan, {"helpers": [{"duty": "h"}]})


def test_in_chinese():
    with using("zh-CN"):
        plan, rows = listed(HEAD)
        assert told(rows.wanted[0]) == "至少要有 1 行是：Duty 为 “Head”。"
        assert "现有 0 行" in problems(plan, {"helpers": []})[0].message


def test_a_name_that_may_not_be_is_told_at_its_row():
    plan = compile_form(
        {
            "title": "Lines",
            "type": "object",
            "properties": {
                "lines": {
                    "title": "Lines",
                    "type": "object",
                    "additionalProperties": {"type": "integer", "title": "Number"},
                    "propertyNames": {"maxLength": 3},
                }
            },
        }
    )
    found = problems(plan, {"lines": {"long one": 1, "b": "x"}})
    assert {(p.pointer, p.message) for p in found} == {
        ("/lines/long one", "Lines, “long one”: the name “long one” is not allowed here"),
        ("/lines/b", "Lines, “b”: must be a whole number; you typed x"),
    }

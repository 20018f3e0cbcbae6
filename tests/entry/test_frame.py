"""What is kept of a cell never carries anything from one entry into another, and stays escaped."""

from runtime.definitions.compile import compile_form
from runtime.entry.screen import render
from runtime.errors import Problem

PLAN = compile_form(
    {
        "type": "object",
        "title": "Kept",
        "properties": {
            "name": {"type": "string", "title": 'Name <b> & "co"'},
            "grade": {"type": "string", "title": "Grade", "enum": ["one", "two"]},
            "rows": {
                "type": "array",
                "title": "Rows",
                "items": {"type": "object", "properties": {"n": {"type": "integer", "title": "N"}}},
            },
        },
    }
)


def test_drawn_again_it_is_the_same():
    data = {"name": "<i>", "grade": "two", "rows": [{"n": 1}, {"n": 2}]}
    assert render(PLAN, data) == render(PLAN, data)


def test_each_entry_has_its_own_value():
    first, second = render(PLAN, {"name": '"><script>'}), render(PLAN, {"name": "Li"})
    assert 'value="&#34;&gt;&lt;script&gt;"' in first
    assert 'value="Li"' in second
    assert "script" not in second


def test_each_entry_has_its_own_choice():
    for picked in ("one", "two", "one"):
        drawn = render(PLAN, {"grade": picked})
        assert drawn.count(" checked") == 1
        assert f'value="{picked}" checked' in drawn


def test_each_entry_has_its_own_message():
    wrong = render(PLAN, {"name": "Li"}, [Problem("x", "not <so>", "/name")])
    assert "not &lt;so&gt;" in wrong
    assert 'aria-invalid="true"' in wrong
    right = render(PLAN, {"name": "Li"})
    assert "not &lt;so&gt;" not in right
    assert "aria-invalid" not in right


def test_a_known_value_leads_to_why_it_is_so():
    told = {"/name": {"kind": "register", "state": ""}}
    for _again in range(2):
        assert "register" in render(PLAN, {"name": "Li"}, provenance=told)


def test_rows_that_come_and_go_keep_their_own_numbers():
    for count in (1, 3, 2):
        drawn = render(PLAN, {"rows": [{"n": n * 11} for n in range(count)]})
        assert [f'value="{n * 11}"' in drawn for n in range(3)] == [n < count for n in range(3)]


def test_reading_and_filling_are_told_apart():
    assert "<input" not in render(PLAN, {"name": "Li"}, reading=True)
    assert "<input" in render(PLAN, {"name": "Li"})
    assert "<input" not in render(PLAN, {"name": "Li"}, reading=True)

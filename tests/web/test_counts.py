"""What the inbox promises of a report that nobody has opened is kept when somebody does."""

import re

import pytest

from runtime.definitions.compile import compile_form
from runtime.web.counts import Counts, expected

pytestmark = pytest.mark.databases("sqlite")

NUMBER = {"type": "integer", "title": "Number"}
CARRIED = NUMBER | {"fill": {"carry": True}}


def form(properties, **more):
    return compile_form(
        {
            "$schema": "https://yibiao.example/defs/schemas/form.json",
            "title": "Form",
            "number": "X-1",
            "department": "x",
            "frequency": "monthly",
            "level": ["community"],
            "type": "object",
            "properties": properties,
            "required": list(properties),
            **more,
        }
    )


def test_what_is_typed_is_told_whole():
    assert expected(form({"a": NUMBER, "b": NUMBER})) == Counts(2, 0, 2, 0)


def test_what_earlier_reports_may_tell_is_left_out():
    """Nobody knows whether there was a report before."""
    assert expected(form({"a": NUMBER, "b": CARRIED})) == Counts(1, 0, 1, 0, least=True)


def test_a_list_and_a_choice_are_to_be_done_too():
    rows = {"type": "array", "title": "Rows", "minItems": 1, "items": NUMBER}
    one = {"type": "object", "title": "One", "properties": {"c": NUMBER}, "required": ["c"]}
    other = {"type": "object", "title": "Other", "properties": {"d": NUMBER}, "required": ["d"]}
    plan = form({"r": rows, "e": {"title": "Either", "oneOf": [one, other]}})
    assert expected(plan) == Counts(2, 0, 2, 0, least=True)


LINE = re.compile(
    r'name="form" value="[^"]+/forms/([^"]+).json".*?name="period" value="([^"]+)".*?'
    r"<small>([^<]*fills? [^<]*)</small>",
    re.DOTALL,
)


def test_what_is_promised_is_kept(staff):
    promises = LINE.findall(staff.get("/").text)
    assert len(promises) > 5
    for name, period, told in promises:
        opened = staff.get(staff.begin(name, period)).text
        filled = int(re.search(r"(\d+) filled", opened)[1])
        promised = int(re.search(r"\d+", told)[0])
        if told.startswith("at least"):
            assert filled >= promised, name
        else:
            assert filled == promised, name
            assert ("to type" in opened.partition('id="entry"')[0]) == (" of " in told), name

"""The choices of a cell: codes that stand stay, new ones are made of titles, or a code list of the dictionary."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.edits.choices import Choice, choices_of, set_choices
from builder.edits.spots import schema_at
from tests.builder.studio.test_filling import BASE, Desk
from tests.rig.city import City

FIRST = {"choice.0.was": '"1"', "choice.0.title.en": "Often", "choice.0.title.zh-CN": "经常"}
SECOND = {"choice.1.was": '"2"', "choice.1.title.en": "Never", "choice.1.title.zh-CN": "从不"}


@pytest.fixture
def desk(city: City) -> Desk:
    return Desk(city)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("what", ["type:choice", "type:multiple-choice"])
def test_choices_are_renamed_added_moved_and_taken_away(desk: Desk, what: str) -> None:
    key = desk.add(what)
    html = desk.client.get(f"{BASE}/part", query_string={"at": key, "tool": "choices"}).text
    assert html.count("choice.0.title") == 2
    third = {
        "choice.2.code": "",
        "choice.2.title.en": "Now and then",
        "choice.2.title.zh-CN": "偶尔",
    }
    post = {"do": "choices", "at": key, "rows": "1", **FIRST, **SECOND, **third}
    drawn = desk.send(**post, **{"choice.do": "up:2"}).text
    assert drawn.index("Now and then") < drawn.index("Never")
    desk.send(**post)
    schema = schema_at(desk.document, desk.pointer(key))
    listed = schema.get("items", schema)["oneOf"]
    assert [one["const"] for one in listed] == ["1", "2", "now-and-then"]
    assert listed[2]["translations"]["zh-CN"]["title"] == "偶尔"
    assert desk.problems() == []


@pytest.mark.databases("sqlite")
def test_a_code_list_of_the_dictionary_is_referred_to_and_left_again(desk: Desk) -> None:
    key = desk.add("type:choice")
    address = "https://yibiao.example/defs/code-lists/education.json"
    desk.send(do="choices", at=key, list=address)
    assert schema_at(desk.document, desk.pointer(key))["$ref"] == "../../code-lists/education.json"
    assert desk.problems() == []
    html = desk.client.get(f"{BASE}/part", query_string={"at": key, "tool": "choices"}).text
    assert f'<option value="{address}" selected>' in html
    desk.send(
        do="choices", at=key, list="", rows="1", **{"choice.0.code": "a", "choice.0.title.en": "A"}
    )
    schema = schema_at(desk.document, desk.pointer(key))
    assert "$ref" not in schema
    assert schema["oneOf"] == [{"const": "a", "title": "A"}]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({}, "leave one at least"),
        ({"choice.0.code": "a"}, "Each choice needs a title"),
        ({**FIRST, "choice.1.code": "1", "choice.1.title.en": "Twice"}, "stands twice"),
    ],
)
def test_what_is_wrong_is_said(desk: Desk, rows: dict[str, str], words: str) -> None:
    key = desk.add("type:choice")
    before = desk.document
    assert words in desk.send(do="choices", at=key, rows="1", **rows).text
    assert desk.document == before


@given(st.permutations(["1", "2", "3"]), st.sets(st.sampled_from(["1", "2", "3"]), max_size=2))
def test_codes_that_stand_stay_with_all_that_is_said_of_them(
    order: list[str], gone: set[str]
) -> None:
    listed: list[dict[str, Any]] = [
        {
            "const": n,
            "title": f"No. {n}",
            "deprecated": True,
            "translations": {"zh-CN": {"title": n}},
        }
        for n in ("1", "2", "3")
    ]
    form = {"properties": {"c": {"title": "C", "type": "string", "oneOf": listed}}}
    left = [code for code in order if code not in gone]
    known = {one.code: one for one in choices_of(form["properties"]["c"])}
    after = set_choices(form, "/c", [known[code] for code in left])
    assert after["properties"]["c"]["oneOf"] == [
        one for code in left for one in listed if one["const"] == code
    ]
    assert [c.code for c in choices_of(after["properties"]["c"])] == left
    more = set_choices(
        after, "/c", [*choices_of(after["properties"]["c"]), Choice("new", {"en": "New"})]
    )
    assert more["properties"]["c"]["oneOf"][-1] == {"const": "new", "title": "New"}

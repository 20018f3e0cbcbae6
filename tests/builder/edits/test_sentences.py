"""Each change is one sentence that names the thing as people know it."""

import pytest

from builder.edits.patch import difference
from builder.edits.sentences import sentences
from builder.edits.told import cell_path

FORM = {
    "title": "Form",
    "properties": {
        "a": {"title": "Amount"},
        "list": {"title": "People", "items": {"properties": {"n": {"title": "Name"}}}},
        "known": {"$ref": "x.json#/properties/sex"},
    },
    "required": ["a"],
    "layout": [
        {
            "id": "one",
            "kind": "section",
            "title": "Costs",
            "items": [{"id": "a", "kind": "cell", "at": "/a"}],
        },
        {"id": "two", "kind": "section", "title": "Notes", "items": []},
        {"id": "three", "kind": "cell", "at": "/known", "width": "wide"},
    ],
}


def told(**parts):
    after = {**FORM, **parts}
    return sentences(
        FORM, after, difference(FORM, after), lambda node: "Sex" if "$ref" in node else ""
    )


COSTS, NOTES, KNOWN = FORM["layout"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"required": []}, ["made “Amount” optional"]),
        ({"required": ["a", "known"]}, ["made “Sex” required"]),
        ({"layout": [NOTES, KNOWN, COSTS]}, ["moved “Costs” to the end"]),
        ({"layout": [COSTS, KNOWN, NOTES]}, ["moved “Sex” before “Notes”"]),
        (
            {"layout": [{**COSTS, "items": []}, {**NOTES, "items": COSTS["items"]}, KNOWN]},
            ["moved “Amount” to the end of “Notes”"],
        ),
        (
            {"layout": [COSTS, {**NOTES, "items": [{**KNOWN, "width": "full"}]}]},
            ["moved “Sex” to the end of “Notes”", "changed the width of “Sex” from “wide” to “full”"],
        ),
        ({"layout": [COSTS, NOTES]}, ["took “Sex” off the form"]),
        ({"layout": [COSTS, NOTES, {**KNOWN, "width": "full"}]}, ["changed the width of “Sex” from “wide” to “full”"]),
        ({"title": "Other"}, ["changed the title from “Form” to “Other”"]),
        ({"frequency": "monthly"}, ["set how often to “monthly”"]),
        (
            {"translations": {"zh-CN": {"title": "表", "help": "说明"}}},
            ["set the title (中文) to “表”", "set the help (中文) to “说明”"],
        ),
        (
            {"outputs": {"pdf": {"orientation": "landscape"}}, "due": {"days": 5}},
            ["set the orientation of the PDF to “landscape”", "set the days until it is due to 5"],
        ),
        ({"level": ["street"]}, ["“Street” is among those who owe it"]),
        (
            {
                "properties": {"sum": {"title": "Sum"}, **{k: v for k, v in FORM["properties"].items() if k != "a"}},
                "required": ["sum"],
                "layout": [{**COSTS, "items": [{"id": "a", "kind": "cell", "at": "/sum"}]}, NOTES, KNOWN],
            },
            ["changed the title of “Sum” from “Amount” to “Sum”", "“Sum” is named sum in the data"],
        ),
        (
            {"properties": {**FORM["properties"], "a": {"title": "Sum"}}},
            ["changed the title of “Sum” from “Amount” to “Sum”"],
        ),
        ({"properties": {k: v for k, v in FORM["properties"].items() if k != "a"}}, ["took out “Amount”"]),
    ],
)  # fmt: skip
def test_a_change_is_a_sentence(parts, said):
    assert told(**parts) == said


def test_no_document_is_too_odd():
    for after in (
        None,
        [],
        {"properties": 3},
        {"layout": [1, "x"]},
        {"layout": {"kind": 1, "id": 2}},
    ):
        assert sentences(FORM, after, difference(FORM, after), lambda _node: "")
        assert sentences(after, FORM, difference(after, FORM), lambda _node: "")


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/a", ("properties", "a")),
        ("/list/0/n", ("properties", "list", "items", "properties", "n")),
        ("/a~1b", ("properties", "a/b")),
        ("", ()),
    ],
)
def test_a_pointer_of_the_entry_leads_to_a_place_of_the_form(pointer, path):
    assert cell_path(pointer) == path


def test_choices_that_come_and_go_are_named():
    first = {"const": "1", "title": "Often"}
    second = {"const": "2", "title": "Never"}
    before = {"properties": {"c": {"title": "Visits", "oneOf": [first, second]}}}
    after = {
        "properties": {"c": {"title": "Visits", "oneOf": [second, {"const": "3", "title": "Once"}]}}
    }
    assert sentences(before, after, difference(before, after), lambda _node: "") == [
        "took the choice “Often” out of “Visits”",
        "added the choice “Once” to “Visits”",
    ]

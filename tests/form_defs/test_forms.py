"""The twelve forms and the one that extends: together they show every shape that occurs."""

import pytest

from tests.form_defs.conftest import files
from tests.form_defs.test_files import nodes, read

DEPARTMENTS = {
    "civil-affairs",
    "disabled-persons",
    "fire-emergency",
    "housing",
    "market-regulation",
    "veterans-affairs",
}
FORMS = [file for file in files("forms") if file.name != "department.json"]


def shapes(form):
    """The shapes of one form's file, by name."""
    found = {form.get("frequency", ""), *(["extends"] if "extends" in form else [])}
    found |= {"about one subject"} if "subject" in form else set()
    for place, node in nodes(form):
        found |= {key for key in node if isinstance(key, str)}
        for keyword in (
            "kind",
            "format",
            "whenHidden",
            "width",
            "currency",
            "orientation",
            "paper",
        ):
            if isinstance(node.get(keyword), str):
                found.add(f"{keyword} {node[keyword]}")
        if node.get("kind") == "crossTable":
            found |= {f"cross-table by {min(node[axis])}" for axis in ("rows", "columns")}
        if node.get("type") == "array":
            found |= {"list from a register"} if "fill" in node else set()
            typed = "fill" not in node and "properties" in node.get("items", {})
            found |= {"rows typed by hand"} if typed else set()
        if any("properties" in branch for branch in node.get("oneOf", ())):
            found.add("choice of objects")
        if place.count("/then/") > 1:
            found.add("condition within a condition")
        if "/derive/" in str(node.get("$ref")):
            found.add("derived field")
    return found


def test_twelve_forms_and_one_that_extends(library):
    own = [f for f in FORMS if "extends" not in read(f)]
    assert len(own) == 12
    assert len(FORMS) == 13
    assert len(library.addresses("form")) == 13


def test_six_departments_two_of_them_plugins(library):
    assert set(library.departments()) == DEPARTMENTS
    assert {read(f)["department"] for f in FORMS} == DEPARTMENTS
    assert {read(f)["department"] for f in FORMS if "plugins" in f.parts} == {
        "fire-emergency",
        "veterans-affairs",
    }


def test_a_form_lies_with_its_department():
    for file in FORMS:
        assert read(file)["department"] == file.parent.name


def test_numbers_are_given_once():
    numbers = [read(file)["number"] for file in FORMS]
    assert len(numbers) == len(set(numbers)) == 13


def test_periodic_or_about_one_subject():
    for file in FORMS:
        form = read(file)
        if "extends" not in form:
            assert ("subject" in form) != ("frequency" in form), file
            assert ("frequency" in form) == ("level" in form) == ("due" in form), file


@pytest.mark.parametrize(
    "shape",
    [
        "monthly", "quarterly", "about one subject", "extends", "remove", "place",
        "cross-table by by", "cross-table by items", "list from a register", "rows typed by hand",
        "choice of objects", "condition within a condition", "derived field",
        "if", "then", "else", "required", "dependentRequired", "dependentSchemas", "default", "const", "readOnly",
        "totalOf", "help", "minItems", "maxItems", "maximum", "maxLength",
        "kind section", "kind columns", "kind cell", "kind rows", "kind part", "kind note",
        "kind crossTable", "width narrow", "width full",
        "whenHidden keep", "whenHidden dropOnSubmit", "whenHidden dropAtOnce",
        "format attachment", "format date", "format local-time", "format month", "format phone",
        "format long-text", "currency CNY", "digits",
        "orientation portrait", "orientation landscape", "paper A4", "paper A3", "template",
    ],
)  # fmt: skip
def test_every_shape_occurs(shape):
    assert any(shape in shapes(read(file)) for file in FORMS)


def test_the_extending_form_is_short_and_the_base_does_not_know_it(library):
    (file,) = (f for f in FORMS if "extends" in read(f))
    assert len(file.read_text("utf-8").splitlines()) <= 30
    own = library.form("fire-emergency/rented-homes-quarterly")
    base = library.form("housing/rented-homes-quarterly")
    assert set(own["properties"]) - set(base["properties"]) == {"fire"}
    assert set(base["properties"]["rents"]["properties"]) - set(
        own["properties"]["rents"]["properties"]
    ) == {"asking_rent", "waiting"}
    assert own["department"] == "fire-emergency"


def test_layout_ids_are_unique_within_a_form(library):
    for address in library.addresses("form"):
        ids = [n["id"] for _, n in nodes(library.document(address)["layout"]) if "id" in n]
        assert len(ids) == len(set(ids)), address

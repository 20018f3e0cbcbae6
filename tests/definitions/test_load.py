"""The library: addresses, documents in full, drafts."""

from __future__ import annotations

import time

import pytest

from runtime.definitions.address import BASE
from runtime.definitions.check import check
from runtime.definitions.load import Library
from runtime.errors import NotFound
from runtime.language import using
from tests.definitions.library import changed, good


def test_addresses_and_kinds() -> None:
    library = good()
    assert library.addresses("form") == [
        BASE + "forms/housing/monthly.json",
        BASE + "forms/welfare/monthly.json",
        BASE + "forms/welfare/visit.json",
    ]
    assert library.kind("forms/welfare/department.json") == "department"
    assert "dictionary/person.json" in library
    assert "dictionary/nobody.json" not in library
    assert library.departments() == {
        "housing": {"en": "Housing", "zh-CN": "住建"},
        "welfare": {"en": "Welfare", "zh-CN": "民政"},
    }


@pytest.mark.parametrize("ask", [good().document, good().source, good().form, good().register])
def test_what_is_not_there_is_not_found(ask: object) -> None:
    with pytest.raises(NotFound):
        ask("nobody/none")  # type: ignore[operator]


def test_a_document_has_its_address() -> None:
    assert good().register("person")["$id"] == BASE + "dictionary/person.json"
    assert "$id" not in good().source("dictionary/person.json")


def test_references_lead_to_the_same_place_from_anywhere() -> None:
    form = good().form("housing/monthly")
    assert form["properties"]["holders"]["$ref"] == (
        BASE + "indicators/people.json#/properties/by_grade"
    )


def test_the_registry_resolves_into_what_by_was_written_out_to() -> None:
    resolver = good().registry.resolver(BASE + "forms/welfare/monthly.json")
    found = resolver.lookup(
        "../../indicators/people.json#/properties/by_grade/properties/1/properties/60+"
    )
    assert set(found.contents["properties"]) == {"1", "2", "total"}


def test_a_draft_changes_what_is_made_from_it_and_nothing_else() -> None:
    library = good()
    before = library.form("housing/monthly")
    _ = library.registry
    draft = changed("code-lists/sex.json", {"/oneOf/0/const": "M"}, [])
    table = draft.document("indicators/people.json")["properties"]["paid_by_sex"]["properties"]
    assert list(table) == ["M", "2", "total"]
    assert draft.form("housing/monthly") is before
    resolver = draft.registry.resolver(BASE)
    assert (
        "M" in resolver.lookup("indicators/people.json#/properties/paid_by_sex/properties").contents
    )
    assert (
        "M"
        not in library.document("indicators/people.json")["properties"]["paid_by_sex"]["properties"]
    )


def test_a_draft_of_a_base_form_reaches_those_that_extend_it() -> None:
    draft = changed("forms/welfare/monthly.json", {"/due/days": 9}, [])
    assert draft.form("housing/monthly")["due"] == {"days": 9}
    assert good().form("housing/monthly")["due"] == {"days": 5}


def test_a_new_draft_and_one_that_is_no_definition() -> None:
    draft = good().with_document("forms/welfare/new.json", {"title": "New", "type": "object"})
    assert draft.form("welfare/new")["title"] == "New"
    broken = draft.with_document("forms/welfare/new.json", [1])
    assert [p.code for p in broken.problems] == ["not-object"]
    assert "forms/welfare/new.json" not in broken
    mended = broken.with_document("forms/welfare/new.json", {"title": "Newer", "type": "object"})
    assert mended.problems == ()


def test_a_draft_costs_little() -> None:
    library = good()
    _ = library.registry
    document = library.source("forms/welfare/monthly.json")
    start = time.perf_counter()
    for _n in range(20):
        _ = library.with_document("forms/welfare/monthly.json", document).registry
    assert (time.perf_counter() - start) / 20 < 0.05  # 0.001 where the machine is idle


def test_problems_on_the_way_are_told_in_the_reader_s_language() -> None:
    draft = changed("forms/housing/monthly.json", {"/remove/0": "/none"}, [])
    english = draft.derived_problems("forms/housing/monthly.json")
    with using("zh-CN"):
        chinese = draft.derived_problems("forms/housing/monthly.json")
    assert english[0].message != chinese[0].message


def test_parts_of_wrong_types_are_no_obstacle() -> None:
    library = Library.of(
        {
            "forms/a/odd.json": {"properties": 3, "$defs": [1], "allOf": {"x": 1}, "$anchor": 7},
            "indicators/odd.json": {"properties": {"a": {"by": 3, "fill": []}, "b": 7}},
            "dictionary/odd.json": {"properties": {"a": {"$ref": 5}}, "derive": []},
            "forms/a/other.json": {"extends": "odd.json", "properties": {"x": None}, "remove": 3},
        }
    )
    _ = library.registry
    assert list(check(library))

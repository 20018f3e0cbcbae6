"""A site is made ready again after its dictionary was changed: nothing is published for that, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from builder.dictionary.keeping import carry_out
from builder.dictionary.making import free_name, make, with_changed
from builder.dictionary.places import Spot, at
from runtime.api import BASE, DefinitionError, EntryError, compile_form, drafts, form_address
from runtime.site import initialise, open_site
from runtime.storage.engine import reading
from tests.rig.city import City

pytestmark = pytest.mark.databases("sqlite")
GRADE = Spot("registers", "resident", "properties", "disability_grade")
FORM = form_address("disabled-persons/residents-monthly")
ACTOR = 1


def _retitle(city: City, where: Spot, title: str) -> None:
    def step(library: Any) -> Any:
        return with_changed(library, where, {**at(library, where), "title": title})

    carry_out(city.site, step, 999, ACTOR)


def test_a_change_of_the_dictionary_publishes_nothing_by_itself(city: City) -> None:
    before = compile_form(FORM, library=city.site.library).digest
    _retitle(city, GRADE, "Grade of disability")
    assert compile_form(FORM, library=city.site.library).digest != before
    assert initialise(city.site).published == ()


def test_a_shipped_update_of_a_form_comes_with_the_dictionary_of_here(city: City) -> None:
    _retitle(city, GRADE, "Grade of disability")
    other = open_site(city.site.settings)
    try:
        newer = {**other.files.source(FORM), "number": "DPF-99"}
        other.__dict__["files"] = other.files.with_document(FORM, newer)
        assert initialise(other).published == (FORM,)
        with reading(other.engine) as session:
            (latest, *_older) = drafts.versions(session, FORM)
            assert "Grade of disability" in latest.plan
    finally:
        other.close()


def test_what_others_call_to_make_something(city: City) -> None:
    where = Spot(
        "registers",
        "resident",
        "properties",
        free_name(city.site.library, Spot("registers", "resident"), "Blood group"),
    )
    schema = {
        "title": "Blood group", "definition": "As on the card", "type": "string", "steward": "civil-affairs",
        "sensitivity": "internal", "translations": {"zh-CN": {"title": "血型", "definition": "证件所载"}},
    }  # fmt: skip
    address = make(city.site, where, schema, ACTOR, reason="New", like=["x"])
    assert address == f"{BASE}dictionary/resident.json#/properties/blood_group"
    assert at(city.site.library, where) == schema
    with pytest.raises(EntryError):
        make(city.site, where, schema, ACTOR)
    bad = Spot("registers", "resident", "properties", "bad_one")
    with pytest.raises(DefinitionError):
        make(city.site, bad, {"title": "Bad", "steward": "nobody"}, ACTOR)
    assert "bad_one" not in city.site.library.register("resident")["properties"]
    assert (
        free_name(city.site.library, Spot("registers", "resident"), "Blood group")
        == "blood_group_2"
    )
    assert free_name(city.site.library, Spot("registers", "resident"), "血型") == "field"

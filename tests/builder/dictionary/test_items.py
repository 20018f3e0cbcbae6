"""The dictionary with where-used, over the shipped definitions."""

from __future__ import annotations

import pytest

from builder.dictionary import found, grouped, items
from runtime.api import BASE, Library
from runtime.built_in import definitions_folder
from runtime.language import using
from runtime.plugins import shipped_folder


@pytest.fixture(scope="module")
def library() -> Library:
    departments = [
        f / "form_defs" for f in shipped_folder().iterdir() if (f / "form_defs").is_dir()
    ]
    return Library.read([definitions_folder(), *departments])


def test_every_field_and_indicator_is_listed_once(library: Library) -> None:
    listed = [item.address for item in items(library)]
    assert len(listed) == len(set(listed))
    resident = library.register("resident")
    assert len([a for a in listed if "/resident.json#/properties/" in a]) == len(
        resident["properties"]
    )


def test_forms_that_use_a_field_are_named(library: Library) -> None:
    holders = next(
        i for i in items(library) if i.address.endswith("disability.json#/properties/holders")
    )
    assert "disabled-persons/residents-monthly" in holders.uses


def test_indicators_that_read_a_field_are_named(library: Library) -> None:
    by_address = {i.address: i for i in items(library)}
    grade = by_address[f"{BASE}dictionary/resident.json#/properties/disability_grade"]
    age = by_address[f"{BASE}dictionary/resident.json#/derive/age"]
    assert "disability.holders" in grade.figures
    assert "disability.holders" in age.figures


@pytest.mark.parametrize("query", ["disability grade", "残疾等级", "cjdj", "disability_grade"])
def test_a_field_is_found_by_each_of_its_names(library: Library, query: str) -> None:
    assert "disability_grade" in {item.name for item in found(library, query)}


def test_groups_are_named_in_the_language_in_force(library: Library) -> None:
    with using("zh-CN"):
        assert [home for home, _ in grouped(found(library, "cjdj"))] == ["居民台账"]

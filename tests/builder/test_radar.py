"""What already means the same is found by each of its names, and what only looks alike is not called a duplicate."""

from __future__ import annotations

import pytest

from builder.dictionary.items import items
from builder.radar import NEEDS_REASON, Index, Wanted, index_of, pairs, similar
from builder.radar.index import entry_of
from builder.radar.names import plain, sound
from runtime.api import BASE, Library
from tests.builder.rules.shipped import shipped_library

RESIDENT = f"{BASE}dictionary/resident.json"


@pytest.fixture(scope="module")
def index() -> Index:
    return index_of(shipped_library())


def _found(index: Index, name: str, **more: object) -> dict[str, int]:
    some = similar(index, Wanted((name,), **more))  # type: ignore[arg-type]
    return {one.entry.address.removeprefix(BASE): one.score for one in some}


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("Telephone", "dictionary/resident.json#/properties/phone"),
        ("Mobile", "dictionary/resident.json#/properties/phone"),
        ("手机号", "dictionary/resident.json#/properties/phone"),
        ("birth date", "dictionary/resident.json#/properties/birth_date"),
        ("Birthday", "dictionary/resident.json#/properties/birth_date"),
        ("出生日期", "dictionary/resident.json#/properties/birth_date"),
        ("chushengriqi", "dictionary/resident.json#/properties/birth_date"),
        ("disability_grade", "dictionary/resident.json#/properties/disability_grade"),
        ("Disabilty grade", "dictionary/resident.json#/properties/disability_grade"),
    ],
)
def test_each_name_finds_it(index: Index, name: str, there: str) -> None:
    assert there in _found(index, name, home=RESIDENT)


def test_a_synonym_in_the_same_register_needs_a_reason(index: Index) -> None:
    assert (
        _found(index, "Telephone", home=RESIDENT)["dictionary/resident.json#/properties/phone"]
        >= NEEDS_REASON
    )


def test_the_same_word_of_another_kind_of_subject_does_not(index: Index) -> None:
    found = _found(index, "Name", home=f"{BASE}dictionary/sample.json")
    assert found
    assert all(score < NEEDS_REASON for score in found.values())


@pytest.mark.parametrize("name", ["", "x", "Favourite colour of the cat", "，。"])
def test_what_nobody_has_is_like_nothing(index: Index, name: str) -> None:
    assert _found(index, name, home=RESIDENT) == {}


def test_it_is_not_like_itself(index: Index) -> None:
    phone = f"{RESIDENT}#/properties/phone"
    assert phone.removeprefix(BASE) not in _found(index, "Phone", home=RESIDENT, itself=phone)


def test_the_same_code_list_makes_it_likelier(index: Index) -> None:
    codes = f"{BASE}code-lists/disability-grade.json"
    plain_look = _found(index, "Degree of the disability", home=RESIDENT)
    with_codes = _found(index, "Degree of the disability", home=RESIDENT, codes=codes)
    place = "dictionary/resident.json#/properties/disability_grade"
    assert with_codes.get(place, 0) > plain_look.get(place, 0)


def test_reasons_are_given(index: Index) -> None:
    (first, *_rest) = similar(index, Wanted(("Telephone",), RESIDENT))
    assert first.reasons[0] == ("synonym", "Telephone")
    assert ("register", "") in first.reasons


def test_pairs_of_a_dictionary() -> None:
    fields = {
        "phone": {"title": "Phone", "type": "string"},
        "telephone": {"title": "Telephone", "synonyms": ["Phone"], "type": "string"},
        "name": {"title": "Name", "type": "string"},
        "grade_a": {"title": "等级", "type": "string"},
        "grade_b": {"title": "等極", "type": "string"},
    }
    library = Library.of(
        {
            RESIDENT: {"type": "object", "properties": fields},
            f"{BASE}dictionary/business.json": {
                "type": "object",
                "properties": {"name": fields["name"]},
            },
        }
    )
    found = {
        frozenset(a.rpartition("/")[2] for a in pair.key): pair.why
        for pair in pairs(index_of(library))
    }
    assert found[frozenset({"phone", "telephone"})] == "name"
    assert frozenset({"name"}) not in found
    assert found.get(frozenset({"grade_a", "grade_b"})) in ("pinyin", "spelling")


def test_every_field_of_what_shipped_has_a_name_to_be_found_by() -> None:
    for item in items(shipped_library()):
        entry = entry_of(item)
        assert entry.names
        assert all(plain(name) for _how, name in entry.names)


def test_names_are_compared_without_order_case_and_plural() -> None:
    assert plain("Dates of Birth") == plain("birth date")
    assert plain("ＰＨＯＮＥ") == "phone"
    assert sound("出生日期") == "chushengriqi"
    assert sound("Phone") == ""

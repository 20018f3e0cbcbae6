"""Registers as shipped: values are checked against their schema, and wrong ones named by field."""

from decimal import Decimal
from importlib.resources import files

import pytest

from runtime.definitions.load import Library
from runtime.errors import EntryError, NotFound
from runtime.facts.registers import register_of
from runtime.language import using


@pytest.fixture(scope="module")
def library():
    return Library.read([files("form_defs")])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("resident", {"name": "陈伟", "disability_grade": "2", "device_needs": ["walker"]}),
        ("resident", {"identity_number": "110000199001010013", "_unit": None}),
        ("household", {"floor_area": Decimal("85.50"), "persons": 3, "vacant": False}),
        ("aid", {"amount": Decimal("860.00"), "_unit": 3}),
    ],
)
def test_right_values_pass(library, name, values):
    register_of(library, name).require_valid(values)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"disability_grade": "5"}, "disability_grade"),
        ({"identity_number": "110000199001010014"}, "identity_number"),
        ({"birth_date": "2026-02-29"}, "birth_date"),
        ({"name": "陈伟", "phone": "none"}, "phone"),
        ({"name": None}, "name"),
        ({"device_needs": ["walker", "rocket"]}, "device_needs"),
        ({"age": 12}, "age"),
        ({"_unit": True}, "_unit"),
        ({"_other": 1}, "_other"),
    ],
)
def test_wrong_ones_are_named_in_either_language(library, values, field):
    register = register_of(library, "resident")
    for language in ("en", "zh-CN"):
        with using(language), pytest.raises(EntryError, match=f"“{field}”"):
            register.require_valid(values)


def test_an_unknown_register_is_not_found(library):
    with pytest.raises(NotFound):
        register_of(library, "dragons")

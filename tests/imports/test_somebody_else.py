"""A number under which a wholly different name is known."""

from datetime import date
from importlib.resources import files

import pytest

from runtime.definitions.load import Library
from runtime.fields.catalogue import field_types
from runtime.imports.decide import Sender
from runtime.imports.fields import fields_of
from runtime.imports.somebody_else import somebody_else


@pytest.fixture(scope="module")
def library():
    return Library.read([files("form_defs")])


@pytest.mark.parametrize(
    ("register", "name", "known", "told", "department", "other"),
    [
        ("resident", "name", "陈伟", "李娜", "housing", True),
        ("resident", "name", "陈伟", "陈娜", "housing", False),
        ("resident", "name", "陈伟", " 陈 伟", "housing", False),
        ("resident", "name", "陈伟", None, "housing", False),
        ("resident", "name", None, "李娜", "housing", False),
        ("resident", "name", "陈伟", "李娜", "civil-affairs", False),
        ("resident", "registered_place", "东", "西", "housing", False),
        ("household", "head_name", "陈伟", "李娜", "housing", False),
    ],
)
def test_who_is_called_wholly_otherwise(library, register, name, known, told, department, other):
    fields = fields_of(library, field_types, register)
    stewards = {one.name: one.steward for one in fields.fields.values()}
    sender = Sender(department=department, as_of=date(2026, 10, 1), steward_of=stewards)
    timeline = [["2026-01-01", {name: "先"}], ["2026-02-01", {name: known}]]
    found = somebody_else(fields, sender, {name: told}, timeline)
    assert found == ({name: known} if other else {})

"""Registers that belong together, and who is visited together."""

from datetime import date

import pytest

from runtime.definitions.load import Library
from runtime.facts.changes import record
from runtime.facts.groups import Group, groups_of, together
from runtime.facts.registers import Register
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Subject
from tests.fill.library import BASE

DAY = date(2026, 1, 1)


def register(identity, *fields):
    properties = {field: {"type": "string"} for field in fields}
    return {"type": "object", "identity": identity, "properties": properties}


LIBRARY = Library.of(
    {
        f"{BASE}dictionary/home.json": register([["number"]], "number", "rent"),
        f"{BASE}dictionary/resident.json": register([["card"], ["name"]], "card", "name", "number"),
        f"{BASE}dictionary/shop.json": register([["licence"]], "licence", "name"),
    }
)
HOMES = Group("home", "number", ("resident",))


def test_a_register_known_by_one_field_that_others_have_is_a_group():
    assert groups_of(LIBRARY) == (HOMES,)


@pytest.fixture
def street(world):
    fields = {"properties": {"number": {}, "name": {}}}
    told = {
        "h12": ("home", "A", {"number": "12"}),
        "an": ("resident", "A", {"number": "12", "name": "An"}),
        "bo": ("resident", "A", {"number": "12", "name": "Bo"}),
        "ci": ("resident", "A", {"number": "14", "name": "Ci"}),
        "du": ("resident", "B", {"number": "12", "name": "Du"}),
        "ed": ("resident", "A", {"name": "Ed"}),
        "no": ("shop", "A", {"name": "No. 12"}),
    }
    with writing(world.engine) as session:
        for key, (name, unit, values) in told.items():
            where = {"_unit": world.units[unit], **values}
            record(session, Register(name, fields), key, where, "set", DAY)
    return world


@pytest.mark.parametrize(
    ("who", "with_them"),
    [
        ("an", ["h12", "an", "bo"]),
        ("h12", ["h12", "an", "bo"]),
        ("ci", ["ci"]),
        ("du", ["du"]),
        ("ed", ["ed"]),
        ("no", ["no"]),
    ],
)
def test_who_is_visited_together(street, who, with_them):
    with reading(street.engine) as session:
        found = together(session, [HOMES], session.get(Subject, who))
        assert [one.id for one in found] == with_them

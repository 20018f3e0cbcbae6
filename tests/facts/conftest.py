"""A small world: a city of two streets with two communities each, and a register of a few fields."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from runtime.facts.registers import Register
from runtime.facts.units import add_unit
from runtime.storage.engine import make_engine, writing
from runtime.storage.migrate import upgrade

UNITS = [
    ("C", "city", None),
    ("S1", "street", "C"),
    ("S2", "street", "C"),
    ("A", "community", "S1"),
    ("B", "community", "S1"),
    ("D", "community", "S2"),
]


@dataclass
class World:
    """A database with the units above."""

    engine: Engine
    units: dict[str, int]
    people: Register


def found(address):
    engine = make_engine(address)
    upgrade(engine)
    with writing(engine) as session:
        ids = {}
        for code, level, above in UNITS:
            ids[code] = add_unit(session, code, level, {"en": code}, ids.get(above)).id
    engine.dispose()


@pytest.fixture
def world(prepared_database, fixed_now):
    engine = make_engine(prepared_database("small world", found))
    people = Register("resident", {"properties": {"name": {}, "grade": {}, "phone": {}}})
    yield World(engine, {code: n for n, (code, *_) in enumerate(UNITS, 1)}, people)
    engine.dispose()

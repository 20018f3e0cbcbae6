"""A small tree of units, and engines of both kinds of database."""

from datetime import date

import pytest

from runtime.accounts import users
from runtime.facts.units import add_unit, by_code
from runtime.storage.engine import make_engine, writing
from runtime.storage.migrate import upgrade
from tests.entry.town import prepare as prepare_town

FIRST = date(2020, 1, 1)


@pytest.fixture
def engine(prepared_database):
    engine = make_engine(prepared_database("units", prepare))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    """A writing session, rolled back by nobody: each test has a database of its own."""
    with writing(engine) as session:
        yield session


def prepare(address):
    engine = make_engine(address)
    upgrade(engine)
    with writing(engine) as session:
        city = add_unit(session, "city", "city", {"en": "City"}, None, FIRST)
        for d in ("a", "b"):
            district = add_unit(session, d, "district", {"en": d}, city.id, FIRST)
            for s in ("1", "2"):
                street = add_unit(session, d + s, "street", {"en": d + s}, district.id, FIRST)
                add_unit(session, d + s + "x", "community", {"en": d + s}, street.id, FIRST)
    engine.dispose()


@pytest.fixture
def town(prepared_database, fixed_now):
    """The small town with its forms published."""
    engine = make_engine(prepared_database("entries", prepare_town))
    yield engine
    engine.dispose()


@pytest.fixture
def chen(town):
    """`chen("staff lake", …)`: Chen Wei of the town with these roles."""

    def make(*grants):
        with writing(town) as session:
            user = users.by_name(session, "chen")
            for text in grants:
                role, code, *department = text.split()
                users.grant(session, user, role, by_code(session, code).id, *department)
            return user

    return make

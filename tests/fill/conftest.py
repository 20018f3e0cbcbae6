"""A small town on both kinds of database."""

import pytest

from runtime.facts.units import by_code
from runtime.storage.engine import make_engine, reading
from tests.fill.town import prepare


@pytest.fixture
def engine(prepared_database, fixed_now):
    engine = make_engine(prepared_database("town", prepare))
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    with reading(engine) as session:
        yield session


@pytest.fixture
def lake(session):
    return by_code(session, "lake").id


@pytest.fixture
def town(session):
    return by_code(session, "town").id

"""Entries of a small town, on both kinds of database."""

import pytest
from sqlalchemy import select

from runtime.entry import apart
from runtime.facts.units import by_code
from runtime.storage.engine import make_engine, reading
from runtime.storage.tables import User
from tests.entry.town import OCTOBER, prepare
from tests.fill.library import REPORT


@pytest.fixture
def engine(prepared_database, fixed_now):
    engine = make_engine(prepared_database("entries", prepare))
    yield engine
    engine.dispose()


@pytest.fixture
def lake(engine):
    with reading(engine) as session:
        return by_code(session, "lake").id


@pytest.fixture
def people(engine):
    with reading(engine) as session:
        return {user.name: user.id for user in session.scalars(select(User))}


@pytest.fixture
def report(engine, lake, people):
    return apart.start(engine, REPORT, lake, OCTOBER, actor=people["chen"])

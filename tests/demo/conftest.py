"""A small sample city on each database, built once per run and copied for each test."""

from importlib.resources import files

import pytest

from runtime.definitions.load import Library
from runtime.demo.city import build_city
from runtime.storage.engine import make_engine
from runtime.storage.migrate import upgrade

RESIDENTS = 1_500


@pytest.fixture(scope="session")
def library():
    return Library.read([files("form_defs")])


@pytest.fixture
def city(prepared_database, library, fixed_now):
    """An engine of a database with the sample city."""

    def build(address):
        engine = make_engine(address)
        upgrade(engine)
        build_city(engine, library, RESIDENTS)
        engine.dispose()

    engine = make_engine(prepared_database("sample city", build))
    yield engine
    engine.dispose()


@pytest.fixture
def nobody(prepared_database):
    """An engine of a database with all tables and nothing in them."""

    def migrate(address):
        engine = make_engine(address)
        upgrade(engine)
        engine.dispose()

    engine = make_engine(prepared_database("migrated", migrate))
    yield engine
    engine.dispose()

"""Engines of both kinds of database, closed again after the test."""

import pytest

from runtime.storage.engine import make_engine
from runtime.storage.migrate import upgrade


def migrate(address):
    engine = make_engine(address)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def empty(database_url):
    """An engine of a database in which nothing is yet."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(prepared_database):
    """An engine of a database with all tables."""
    engine = make_engine(prepared_database("migrated", migrate))
    yield engine
    engine.dispose()

"""A site with a database in which jobs may be started, and kinds of jobs that only tests know."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from runtime.definitions.load import Library
from runtime.jobs import registry, store
from runtime.jobs.registry import handler
from runtime.settings import Settings
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.migrate import upgrade


@dataclass
class Site:
    """As much of a site as a job needs."""

    engine: Engine
    settings: Settings
    library: Library = field(default_factory=lambda: Library.read([]))

    def start(self, kind, arguments=(), **options):
        given = {"actor": None, "title": {"en": kind}, **options}
        with writing(self.engine) as session:
            return store.start(session, kind, dict(arguments), **given)

    def job(self, job_id):
        with reading(self.engine) as session:
            return store.load(session, job_id)

    def cancel(self, job_id):
        with writing(self.engine) as session:
            return store.cancel(session, job_id)


def migrate(address):
    engine = make_engine(address)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def site(prepared_database, tmp_path):
    address = prepared_database("migrated", migrate)
    found = Site(make_engine(address), Settings(tmp_path / "home", address))
    yield found
    found.engine.dispose()


@pytest.fixture
def does(monkeypatch):
    """`does(kind)`: the decorated function does these jobs within this test."""
    monkeypatch.setattr(registry, "_kinds", {})
    return handler

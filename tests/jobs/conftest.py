"""A site with a database in which jobs may be started, and kinds of jobs that only tests know."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

from runtime.definitions.load import Library
from runtime.jobs import registry, store
from runtime.jobs.registry import handler
from runtime.settings import Settings
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.migrate import upgrade
from tests.jobs.living import PLUGIN

ROOT = Path(__file__).resolve().parents[2]
CODE = "from runtime.cli import main; main()"


@dataclass
class Site:
    """As much of a site as a job needs."""

    engine: Engine
    settings: Settings
    library: Library = field(default_factory=lambda: Library.read([]))

    def notice(self, session):
        """Its dictionary never changes."""

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


@pytest.fixture
def steps(tmp_path):
    """The folder in which a file allows a step."""
    (tmp_path / "plugins" / "stepwise").mkdir(parents=True)
    (tmp_path / "plugins" / "stepwise" / "plugin.py").write_text(PLUGIN)
    (tmp_path / "steps").mkdir()
    return tmp_path / "steps"


@pytest.fixture
def workers(site, tmp_path):
    """`workers()` starts a worker of the site; none is left after the test."""
    started = []

    def start():
        kept = {n: os.environ[n] for n in ("PATH", "HOME", "TMPDIR", "TZ") if n in os.environ}
        environment = {
            **kept,
            "PYTHONPATH": str(ROOT),
            "PYTHONWARNINGS": "error",
            "PYTHONUNBUFFERED": "1",
            "LANG": "C.UTF-8",
            "YIBIAO_HOME": str(site.settings.home),
            "YIBIAO_DATABASE_URL": site.engine.url.render_as_string(hide_password=False),
            "YIBIAO_PLUGINS": str(tmp_path / "plugins"),
            "YIBIAO_BROKER_URL": site.settings.broker_url,
        }
        pipe = subprocess.PIPE
        command = [sys.executable, "-P", "-c", CODE, "worker"]
        worker = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe, text=True
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.communicate()

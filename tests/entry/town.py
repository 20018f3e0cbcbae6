"""The small town with its forms published, and two people who fill them."""

import threading
from contextlib import contextmanager

from runtime import clock
from runtime.entry import audit, life
from runtime.entry.decode import decode
from runtime.entry.versions import publish_library
from runtime.periods import Period
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.migrate import upgrade
from runtime.storage.tables import User
from tests.fill.library import library
from tests.fill.town import build
from tests.rig import FIXED_NOW

OCTOBER = Period.parse("202610")


def prepare(address):
    engine = make_engine(address)
    upgrade(engine)
    with clock.fixed(FIXED_NOW):
        with writing(engine) as session:
            build(session)
            session.add(User(name="li", full_name="Li Na", password_hash="", created_at=FIXED_NOW))
        publish_library(engine, library())
    engine.dispose()


@contextmanager
def opened(engine, entry_id):
    with writing(engine) as session:
        yield session, life.load(session, entry_id)


def post(engine, entry_id, actor, posted, revision=None, reasons=None):
    """Save a post, decoded against the revision that its screen showed."""
    with opened(engine, entry_id) as (session, entry):
        revision = revision or entry.revision
        base = life.base_at(session, entry, revision)
        plan = life.plan_for(session, entry)
        strings = {name: [value] for name, value in posted.items()}
        decoded = decode(plan, strings, base.data, base.choices)
        assert decoded.problems == []
        saved = life.save(session, entry, decoded, revision, actor, reasons)
        return saved.revision


def stored(engine, entry_id):
    with reading(engine) as session:
        return life.load(session, entry_id)


def actions(engine, entry_id):
    with reading(engine) as session:
        return [event.action for event in audit.events(session, "entry", entry_id)]


def in_threads(count, work):
    failures = []

    def guarded(n):
        try:
            work(n)
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures

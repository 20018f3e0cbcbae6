"""A process that is killed at every point of an autosave or a submit in turn, and looks at what is left each time.

`python -m tests.entry.killed ADDRESS save|submit` prints one JSON line per point: `none` or `all` of it was there.
"""

import json
import os
import signal
import sys

from sqlalchemy import event, func, select

from runtime import clock
from runtime.entry import audit, life
from runtime.entry.submit import submit
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.tables import Entry, EntryRevision, Snapshot
from tests.entry.town import post
from tests.rig import FIXED_NOW

POINTS = ("before_cursor_execute", "after_cursor_execute", "commit")


def main(address, operation):
    done = False
    for point in range(200):
        before = state(address)
        child = os.fork()
        if child == 0:
            die_at(address, operation, point)
        _pid, status = os.waitpid(child, 0)
        done = os.WIFEXITED(status)
        if done and os.WEXITSTATUS(status):
            raise SystemExit(f"failed at point {point}")
        after = state(address)
        print(json.dumps({"killed": not done, "before": before, "after": after}))
        if done:
            return
    raise SystemExit("it never ends")


def state(address):
    """What there is of the entry, each part of it counted by itself."""
    engine = make_engine(address)
    with reading(engine) as session:
        entry = session.scalars(select(Entry)).one()
        found = [
            entry.state,
            entry.revision,
            entry.data.get("lent"),
            session.scalar(select(func.max(EntryRevision.revision))),
            session.scalar(select(func.count()).select_from(Snapshot)),
            [one.action for one in audit.events(session, "entry", entry.id)],
        ]
    engine.dispose()
    return found


def die_at(address, operation, point):
    """Do it, and be killed at the `point`-th thing that the database is asked or told; never returns."""
    engine = make_engine(address)
    passed = 0

    def count(*_args):
        nonlocal passed
        if passed == point:
            os.kill(os.getpid(), signal.SIGKILL)
        passed += 1

    with reading(engine) as session:
        entry_id = session.scalars(select(Entry.id)).one()
    for name in POINTS:
        event.listen(engine, name, count)
    try:
        with clock.fixed(FIXED_NOW):
            if operation == "save":
                post(engine, entry_id, None, {"/lent": "7"})
            else:
                with writing(engine) as session:
                    submit(session, life.load(session, entry_id), None)
    except BaseException as error:
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])

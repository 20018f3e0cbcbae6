"""An import of which nothing is recorded, thrown away with file and rows. Not for what gets old: `kept`."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from runtime.entry import audit
from runtime.errors import Conflict
from runtime.imports import kept, states
from runtime.imports.batches import load
from runtime.language import gettext as _
from runtime.storage.engine import writing
from runtime.storage.import_tables import Import


def may_go(session: Session, found: Import) -> bool:
    """Whether nothing of the import is recorded, and no job is at it."""
    return found.state in states.OPEN and not states.at_work(session, found)


def throw_away(engine: Engine, import_id: str, actor: int | None) -> None:
    """Delete the import with its file and rows, and note that in the log.

    Raises `Conflict` where something of it is recorded, its job has not ended, or somebody takes it further meanwhile.
    """
    begun = _taken(engine, import_id)
    mine = partial(states.require_mine, import_id=import_id, state="cancelled", begun=begun)
    kept.drop_rows(engine, import_id, guard=mine)
    kept.drop_file(engine, import_id, guard=mine)
    with writing(engine) as session:
        mine(session)
        found = load(session, import_id)
        details = {"register": found.register, "department": found.department}
        audit.log(
            session,
            "import.thrown_away",
            "import",
            import_id,
            actor=actor,
            unit_id=found.unit_id,
            details=details,
        )
        session.delete(found)


def _taken(engine: Engine, import_id: str) -> int:
    """Let nobody else go on with it; the number of this beginning."""
    with writing(engine) as session:
        found = load(session, import_id)
        session.refresh(found, with_for_update=True)  # a check may begin at this moment
        if not may_go(session, found):
            raise Conflict(
                _("It is being checked or recorded, or is recorded already; it is not thrown away.")
            )
        found.state, found.done = "cancelled", found.done + 1
        return found.done

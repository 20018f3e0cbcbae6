"""The two kinds of job that an import is made of: its dry run, and recording it. Not for how either is done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from runtime import clock
from runtime.accounts import access, users
from runtime.errors import NotAllowed
from runtime.imports import batches, kept
from runtime.imports.apply import apply
from runtime.imports.ended import put_right
from runtime.imports.prepare import dry_run
from runtime.jobs.daily import daily
from runtime.jobs.registry import handler
from runtime.jobs.run import Run
from runtime.jobs.store import start
from runtime.language import gettext as _
from runtime.storage.engine import reading
from runtime.storage.import_tables import Import

ACTION = "register.import"
CHECK, APPLY = "import.check", "import.apply"
KEPT_FOR = timedelta(days=30)
"""How long a file that was uploaded is kept, with the rows that were wrong."""


@handler(CHECK)
def check_job(run: Run) -> dict[str, Any]:
    """Weigh the rows of the import that the job names, with the rights of who started it."""
    found, allowed = _asked(run)
    dry_run(run.site, found.id, allowed=allowed, on_progress=run.progress)
    return {"url": f"/imports/{found.id}"}


@handler(APPLY)
def apply_job(run: Run) -> dict[str, Any]:
    """Record what the dry run prepared; a repetition goes on where the last one was killed."""
    found, allowed = _asked(run)
    apply(run.site, found.id, actor=run.actor, allowed=allowed, on_progress=run.progress)
    return {"url": f"/imports/{found.id}"}


def started(session: Session, found: Import, kind: str, actor: int | None) -> str:
    """Write the job down, in the session's transaction, and let the import know it; its id."""
    what = {
        CHECK: {"en": f"Check of {found.file_name}", "zh-CN": f"核对{found.file_name}"},
        APPLY: {"en": f"Import of {found.file_name}", "zh-CN": f"导入{found.file_name}"},
    }[kind]
    arguments = {"import": found.id}
    found.job_id = start(session, kind, arguments, actor=actor, title=what, unit_id=found.unit_id)
    return found.job_id


def follow(session: Session, job_id: str, next_id: str) -> None:
    """Let the import that a job minds, if there is one, be minded by the one that was started in its place."""
    minded = update(Import).where(Import.job_id == job_id)
    session.execute(minded.values(job_id=next_id))


def allowed_units(session: Session, actor: int | None, department: str) -> frozenset[int] | None:
    """The units in which this user may import for the department; None (the command line): all."""
    if actor is None:
        return None
    return access.units_where(session, users.get(session, actor), ACTION, department)


def _asked(run: Run) -> tuple[Import, frozenset[int] | None]:
    with reading(run.site.engine) as session:
        found = batches.load(session, str(run.arguments["import"]))
        allowed = allowed_units(session, run.actor, found.department)
    if allowed is not None and not allowed:
        raise NotAllowed(_("You have no right to do this here."))
    return found, allowed


@daily("imports", lambda: _("Tidying up imports"))
def forget_job(run: Run) -> dict[str, Any]:
    """Put right the imports that were broken off; delete the files and wrong rows of those older than `KEPT_FOR`."""
    put = put_right(run.site, clock.now() - timedelta(days=1))
    forgotten = kept.forget_before(run.site.engine, clock.now() - KEPT_FOR)
    return {"put_right": put, "forgotten": forgotten}

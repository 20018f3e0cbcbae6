"""What is due daily of departments' sheets: those that nobody makes a form of, or fills, are thrown away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from runtime import clock
from runtime.jobs.daily import daily
from runtime.jobs.run import Run
from runtime.language import gettext as _
from runtime.outputs.assets import LOCK
from runtime.outputs.named_assets import is_named, last_version, unnamed
from runtime.storage.asset_tables import ExcelSheet, FormAsset
from runtime.storage.engine import reading, writing
from runtime.storage.lock import take

KEPT_FOR = timedelta(days=60)
"""A sheet may be filled with what nobody should keep; a form that was made of it has its own, empty one."""


@daily("excel-sheets", lambda: _("Throwing away sheets that nobody makes a form of"))
def forget_sheets(run: Run) -> dict[str, Any]:
    """Throw away the sheets at which nobody has worked for so long."""
    return {"forgotten": forget_before(run, clock.now() - KEPT_FOR)}


def forget_before(run: Run, moment: datetime) -> int:
    """Throw away the sheets untouched since `moment`; how many."""
    with writing(run.site.engine) as session:
        old = session.scalars(select(ExcelSheet.id).where(ExcelSheet.updated_at < moment)).all()
        session.execute(delete(ExcelSheet).where(ExcelSheet.id.in_(old)))
    return len(old)


@daily("form-assets", lambda: _("Throwing away Excel templates that no form names"))
def forget_assets(run: Run) -> dict[str, Any]:
    """Throw away the kept sheets that no version, draft or step of a draft names."""
    with reading(run.site.engine) as session:
        since, digests = last_version(session), unnamed(session)
    return {"forgotten": sum(_forget(run, digest, since) for digest in digests)}


def _forget(run: Run, digest: str, since: int) -> bool:
    """Throw one away, unless a form has come to name it since it was looked for: the look is long, the write short."""
    with writing(run.site.engine) as session:
        take(session, LOCK)
        if is_named(session, digest, since):
            return False
        session.execute(delete(FormAsset).where(FormAsset.digest == digest))
    return True

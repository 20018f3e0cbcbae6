"""What is due daily of departments' sheets: those that nobody makes a form of are thrown away. Not for forms' own."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from runtime import clock
from runtime.jobs.daily import daily
from runtime.jobs.run import Run
from runtime.language import gettext as _
from runtime.storage.asset_tables import ExcelSheet
from runtime.storage.engine import writing

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

"""What entries and what they rest on want done every day: retention carried out. Not for what is due when."""

from __future__ import annotations

from typing import Any

from runtime import clock
from runtime.entry.retention import retain
from runtime.jobs.daily import daily
from runtime.jobs.run import Run
from runtime.language import gettext as _


@daily("retention", lambda: _("Erasing what has been kept long enough"))
def every_day(run: Run) -> dict[str, Any]:
    """Erase what is past its retention today."""
    return {"erased": len(retain(run.site.engine, run.site.library, clock.today()))}

"""One replay from its first day to its file. Not for where the file goes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from runtime.definitions.load import Library
from runtime.entry import submit
from runtime.replay.burden import about_form
from runtime.replay.months import OnProgress, live
from runtime.replay.rates import Rates, shipped
from runtime.replay.report import whole
from runtime.replay.start import City, begin

GOAL = 95
"""Of 100 cells of the last month, so many are to be filled without typing; the best published figure is 80."""
BEST_PUBLISHED = 80


def replay(
    library: Library,
    prepare: Callable[[str], None],
    residents: int,
    seed: int,
    *,
    sample: int | None = None,
    last: str = "202610",
    rates: Rates | None = None,
    checks: submit.Checks = lambda _plan, _data: (),
    on_progress: OnProgress | None = None,
) -> dict[str, Any]:
    """Live the sample city's months over again in databases of their own, and tell what its reports cost.

    `prepare`, `sample` and `checks` as in `start.begin`. The same seed, residents and rates give the same file.
    """
    rates = rates or shipped()
    with tempfile.TemporaryDirectory(prefix="yibiao-replay-") as folder:
        city = begin(Path(folder), library, prepare, rates, residents, seed, sample, checks)
        try:
            live(city, last=last, on_progress=on_progress)
        finally:
            city.close()
    return _told(city, residents, seed, sample)


def _told(city: City, residents: int, seed: int, sample: int | None) -> dict[str, Any]:
    lived = {address for by_form in city.months.values() for address in by_form}
    forms = {v.address: about_form(v, plan) for v, plan in city.forms if v.address in lived}
    return whole(
        city.months,
        forms,
        city.rates,
        {
            "residents": residents,
            "seed": seed,
            "unitsPerLevel": sample,
            "goal": GOAL,
            "bestPublished": BEST_PUBLISHED,
            "seconds": {
                name: getattr(city.rates.seconds, name)
                for name in ("typed", "confirmed", "corrected", "reviewed", "source")
            },
        },
        city.visits,
        city.recorded,
    )

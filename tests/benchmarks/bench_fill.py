"""Reports of a grid, a community and a city of a million residents, filled from tallies, beside the same by a scan.

The form has 67 cells, with stocks and flows of two registers. Each filling is a transaction of its own.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date

from runtime.definitions.address import form_address
from runtime.entry import life, many, versions
from runtime.facts.changes import Step, record_all
from runtime.facts.tallies.proof import verify
from runtime.facts.tallies.reading import figures
from runtime.facts.timeline import UNIT
from runtime.fill.scan import read, wanted_of
from runtime.periods import Period
from runtime.rules.figures import Counter
from runtime.storage.engine import reading, writing
from tests.benchmarks.large_city import City, large_city
from tests.benchmarks.measuring import Measure, milliseconds

FORM = form_address("fire-emergency/small-premises-monthly")
PERIOD = Period.parse("202609")


def measure() -> Iterator[Measure]:
    """Fill for a grid, a community, the city; flatness; the city after a change; every grid at once."""
    with large_city(10_000) as small, large_city(1_000_000, to_change=True) as city:
        grids = city.grids()
        assert not list(verify(city.site.engine, [grids[0], grids[9], grids[-1]]))
        for level, name in (("community", "report60"), ("grid", "grid60")):
            value, before = _side_by_side(level, city, small)
            scan = _scanned(city, city.first(level))
            yield Measure(f"fill.{name}.ms", value, "ms", "≤ 5", "by scan", scan)
            goal = "ratio ≤ 1.5"
            yield Measure(f"fill.flat.{level}", value, "ms", goal, "10,000 residents", before)
        scan = _scanned(city, city.first("district")) * city.shape[1]
        yield Measure("fill.city60.first.ms", _once(city), "ms", "", "district by scan × 9", scan)
        yield Measure(
            "fill.city60.ms", _filled(city, 1), "ms", "≤ 50", "district by scan × 9", scan
        )
        yield Measure("fill.city60.changed.ms", _changed(city), "ms", "≤ 50")
        start = time.perf_counter()
        begun = many.start_all(city.site.engine, FORM, grids, PERIOD)
        taken = time.perf_counter() - start
        assert begun.keys() == set(grids)
        yield Measure(f"fill.grids{len(grids)}.s", taken, "s", "≤ 5")


def _plan(city: City):
    with reading(city.site.engine) as session:
        return versions.plan_of(versions.require_latest(session, FORM))


def _filled(city: City, unit: int) -> float:
    return statistics.median(milliseconds(_filling(city, unit), 25, 3))


def _filling(city: City, unit: int) -> Callable[[], None]:
    plan = _plan(city)

    def run() -> None:
        with reading(city.site.engine) as session:
            life.prefilled(session, plan, unit, PERIOD)

    return run


def _side_by_side(level: str, *cities: City) -> list[float]:
    """The medians for the first unit of a level in each city, in turns: what else the machine does meets them all."""
    runs = [_filling(city, city.first(level)) for city in cities]
    taken: list[list[float]] = [[] for _run in runs]
    for _time in range(40):
        for run, own in zip(runs, taken, strict=True):
            own.extend(milliseconds(run, 1, 0))
    return [statistics.median(own[3:]) for own in taken]


def _once(city: City) -> float:
    """The city for the first time in this process."""
    plan = _plan(city)
    with reading(city.site.engine) as session:
        return milliseconds(lambda: life.prefilled(session, plan, 1, PERIOD), 1, 0)[0]


def _changed(city: City) -> float:
    """The city, each time after somebody has changed something in another grid."""
    plan, taken = _plan(city), []
    for n in range(15):
        _move_in(city, city.grids()[n * 170])
        with reading(city.site.engine) as session:
            start = time.perf_counter()
            life.prefilled(session, plan, 1, PERIOD)
            taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken)


def _move_in(city: City, grid: int) -> None:
    values = {UNIT: grid, "name": "Zhou Min"}
    step = Step(subject_id=f"moved-in-{grid}", values=values, effective=date(2026, 9, 3))
    with writing(city.site.engine) as session:
        record_all(session, city.site.register("resident"), [step])


def _scanned(city: City, unit: int) -> float:
    """How long a scan takes, whose figures are those of the tallies."""
    plan = _plan(city)
    with reading(city.site.engine) as session:
        start = time.perf_counter()
        counters = {n: Counter(rule, PERIOD.first, PERIOD.last) for n, rule in plan.rules.items()}
        wanted = wanted_of((one.rule, one) for one in counters.values())
        present = read(session, wanted, unit, PERIOD.last)
        taken = (time.perf_counter() - start) * 1_000
        found, belong = figures(session, plan.rules, unit, PERIOD.first, PERIOD.last)
    assert belong == present
    for name, one in counters.items():
        assert _told(found[name]) == _told(one.figures), name
    return taken


def _told(figures) -> dict:
    return {codes: (one.value, one.subjects) for codes, one in figures.cells.items()}

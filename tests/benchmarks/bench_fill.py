"""Reports filled from the tallies of a million residents, beside the same figures by a scan."""

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.definitions.address import form_address
from runtime.entry import life, versions
from runtime.facts.tallies.proof import verify
from runtime.fill.scan import read, wanted_of
from runtime.periods import Period
from runtime.rules.figures import Counter
from runtime.settings import from_environment
from runtime.site import initialise, open_site
from runtime.storage.engine import reading
from tests.benchmarks import large_city
from tests.benchmarks.measuring import Measure, milliseconds

FORM = "disabled-persons/residents-monthly"
PERIOD = Period.parse("202609")
SHAPES = {10_000: (1, 1, 2, 6, 26), 1_000_000: (1, 9, 92, 585, 2609)}


@contextmanager
def large(residents: int) -> Iterator[tuple]:
    """A site with so many residents, and the form's plan."""
    with tempfile.TemporaryDirectory() as folder:
        settings = from_environment({"YIBIAO_HOME": folder})
        site = open_site(settings)
        initialise(site)
        large_city.build(site, residents, SHAPES[residents])
        with reading(site.engine) as session:
            version = versions.require_latest(session, form_address(FORM))
            yield site, versions.plan_of(version), SHAPES[residents]
        site.close()


def _filled(site, plan, unit: int) -> float:
    def run() -> None:
        with reading(site.engine) as session:
            life.prefilled(session, plan, unit, PERIOD)

    return statistics.median(milliseconds(run, 7, 2))


def _scanned(site, plan, unit: int) -> float:
    start = time.perf_counter()
    with reading(site.engine) as session:
        counters = [Counter(rule, PERIOD.first, PERIOD.last) for rule in plan.rules.values()]
        read(session, wanted_of((one.rule, one) for one in counters), unit, PERIOD.last)
    return (time.perf_counter() - start) * 1_000


def measure() -> Iterator[Measure]:
    """Fill for a grid, a community and the city; flatness; every grid at once."""
    small = {}
    with large(10_000) as (site, plan, shape):
        community = sum(shape[:3]) + 1
        small["community"] = _filled(site, plan, community)
    with large(1_000_000) as (site, plan, shape):
        community, grid, district = sum(shape[:3]) + 1, sum(shape[:4]) + 1, 2
        assert not list(verify(site.engine, [grid, grid + 700]))
        value = _filled(site, plan, community)
        peer = _scanned(site, plan, community)
        yield Measure("fill.report60.ms", value, "ms", "≤ 5", "by scan", peer)
        yield Measure(
            "fill.flat", value, "ms", "ratio ≤ 1.5", "10,000 residents", small["community"]
        )
        peer = _scanned(site, plan, district) * 9
        yield Measure(
            "fill.city60.ms", _filled(site, plan, 1), "ms", "≤ 50", "scan (district × 9)", peer
        )

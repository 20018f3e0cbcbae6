"""A department's sheet from its bytes to the ledger, and how long somebody else waits to save meanwhile."""

import os
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import NamedTuple

from runtime import clock
from runtime.cli.site import settle
from runtime.demo.numbers import Numbers
from runtime.facts.changes import Step, record_all
from runtime.facts.registers import register_of
from runtime.facts.timeline import UNIT
from runtime.facts.units import add_unit
from runtime.imports import batches
from runtime.imports.apply import apply
from runtime.imports.batches import Upload
from runtime.imports.fields import fields_of
from runtime.imports.prepare import dry_run
from runtime.imports.read import open_file
from runtime.settings import Settings, from_environment
from runtime.site import Site, initialise, open_site
from runtime.storage.engine import writing
from tests.benchmarks.measuring import Measure

ROWS = int(os.environ.get("YIBIAO_BENCH_IMPORT_ROWS", "30000"))
GRID = 1_000_000 // 2_609
"""People of a grid; a sheet lists one grid after the other, as those who send it have them."""
HEADER = (
    "网格编号,姓名,身份证号,性别,出生日期,联系电话,现居住地址,户编号,与户主关系,居住类别,婚姻状况,文化程度,就业状况,"
    "基本医疗保险,低收入救助类别,救助认定日期,独居,志愿者,户籍地,监护人姓名,监护人电话"
)


def measure() -> Iterator[Measure]:
    small = _recorded(ROWS // 4)
    whole = _recorded(ROWS)
    yield Measure(
        "import.facts.per_s", whole.facts / (whole.checking + whole.applying), "facts/s", "≥ 50,000"
    )
    yield Measure("import.check.per_s", whole.facts / whole.checking, "facts/s", "")
    yield Measure("import.apply.per_s", whole.facts / whole.applying, "facts/s", "")
    yield Measure("import.autosave.ms", whole.worst * 1_000, "ms", "≤ 300")
    # Four times the rows in five times the time at most; processor time, since others may be at work beside it.
    yield Measure("import.linear", whole.processor / small.processor, "", "≤ 5")
    yield Measure("import.memory.ratio", whole.peak / small.peak, "", "≤ 1.2")


class Recorded(NamedTuple):
    """How long one sheet took (s), all facts of it, the longest save of somebody else (s), the most memory (kB)."""

    facts: int
    checking: float
    applying: float
    processor: float
    worst: float
    peak: int


def _recorded(rows: int) -> Recorded:
    """One sheet in a site and a process of their own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_record, rows).result()


def _record(rows: int) -> Recorded:
    with tempfile.TemporaryDirectory() as folder:
        settings = from_environment({"YIBIAO_HOME": str(Path(folder) / "home")})
        site = open_site(settings)
        initialise(site)
        with writing(site.engine) as session:
            unit = add_unit(session, "9901", "community", {"en": "Lakeside"}).id
            for n in range(-(-rows // GRID)):
                add_unit(session, f"9901{n:04}", "grid", {"en": f"Grid {n}"}, unit)
        settle()  # as a worker does when it has opened its site
        content = _sheet(rows)
        start, processor = time.perf_counter(), time.process_time()
        import_id = _checked(site, content, unit)
        checked = time.perf_counter()
        other = _Autosaves(settings, unit)
        other.start()
        begun = time.perf_counter()
        counts = apply(site, import_id, actor=None, allowed=None)
        end = time.perf_counter()
        worst = other.stop()
        processor = time.process_time() - processor
        site.close()
    assert counts["add"] == rows, counts
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Recorded(counts["facts"], checked - start, end - begun, processor, worst, peak)


def _checked(site: Site, content: bytes, unit: int) -> str:
    fields = fields_of(site.library, site.field_types, "resident")
    opened = open_file("people.csv", content, fields)
    upload = Upload(
        register="resident", department="civil-affairs", name="people.csv",
        content=content, as_of=clock.today(), unit_id=unit,
    )  # fmt: skip
    import_id = batches.begin(site.engine, upload, opened.columns())
    counts = dry_run(site, import_id, allowed=None)
    assert not counts["error"], counts
    return import_id


def _sheet(rows: int) -> bytes:
    """People with names as they are given, or what they are found by would be far more words than in life."""
    import random

    from faker import Faker

    numbers, names = Numbers(random.Random(7)), Faker("zh_CN")
    names.seed_instance(7)
    lines = [HEADER]
    for n in range(rows):
        born = date(1940, 1, 1) + timedelta(days=n % 25_000)
        sex = "12"[n % 2]
        lines.append(
            f"9901{n // GRID:04},{names.name()},"
            f"{numbers.identity(born, sex)},{'男女'[n % 2]},{born:%Y/%m/%d},1660000{n % 10_000:04},"
            f"星澜市湖滨路{n % 180}号{n}室,H{n // 3:07},户主,户在人在,已婚,高中,务农,职工医保,,,"
            f"{'是否'[n % 2]},否,星澜市湖滨区,{names.name()},17000001234"
        )
    return "\n".join(lines).encode()


class _Autosaves:
    """Somebody else, in a process of their own as the site's pages are, who saves one fact after the other."""

    def __init__(self, settings: Settings, unit: int) -> None:
        context = get_context("spawn")
        self._over, self._theirs, self._longest = context.Event(), *context.Pipe()
        arguments = (settings, unit, self._over, self._longest)
        self._process = context.Process(target=_autosave, args=arguments, daemon=True)

    def start(self) -> None:
        """Begin, and come back when the first one is saved."""
        self._process.start()
        self._theirs.recv()

    def stop(self) -> float:
        """End; the longest save in seconds."""
        self._over.set()
        longest: float = self._theirs.recv()
        self._process.join()
        return longest


def _autosave(settings: Settings, unit: int, over: Event, longest: Connection) -> None:
    site = open_site(settings)
    register = register_of(site.library, "resident")
    taken = []
    while not over.wait(0.05):
        start = time.perf_counter()
        with writing(site.engine) as session:
            record_all(session, register, [_step({UNIT: unit, "name": "somebody else"})])
        taken.append(time.perf_counter() - start)
        if len(taken) == 1:
            longest.send(0)
    longest.send(max(taken))
    site.close()


def _step(values: dict[str, object]) -> Step:
    return Step(subject_id="autosaved", values=values, effective=clock.today())

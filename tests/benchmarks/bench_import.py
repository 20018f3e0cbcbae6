"""A department's sheet from its bytes to the ledger, and how long somebody else waits to save meanwhile."""

import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from runtime import clock
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
from runtime.settings import from_environment
from runtime.site import Site, initialise, open_site
from runtime.storage.engine import writing
from tests.benchmarks.measuring import Measure

ROWS = int(os.environ.get("YIBIAO_BENCH_IMPORT_ROWS", "30000"))
HEADER = (
    "姓名,身份证号,性别,出生日期,联系电话,现居住地址,户编号,与户主关系,居住类别,婚姻状况,文化程度,就业状况,"
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
        site = open_site(from_environment({"YIBIAO_HOME": str(Path(folder) / "home")}))
        initialise(site)
        with writing(site.engine) as session:
            unit = add_unit(session, "9901", "community", {"en": "Lakeside"}).id
        content = _sheet(rows)
        start, processor = time.perf_counter(), time.process_time()
        import_id = _checked(site, content, unit)
        checked = time.perf_counter()
        other = _Autosaves(site, unit)
        other.start()
        counts = apply(site, import_id, actor=None, allowed=None)
        end = time.perf_counter()
        other.stop()
        processor = time.process_time() - processor
        site.close()
    assert counts["add"] == rows, counts
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Recorded(
        counts["facts"], checked - start, end - checked, processor, max(other.taken), peak
    )


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
    import random

    numbers = Numbers(random.Random(7))
    lines = [HEADER]
    for n in range(rows):
        born = date(1940, 1, 1) + timedelta(days=n % 25_000)
        sex = "12"[n % 2]
        lines.append(
            f"王{n},{numbers.identity(born, sex)},{'男女'[n % 2]},{born:%Y/%m/%d},1660000{n % 10_000:04},"
            f"星澜市湖滨路{n % 180}号{n}室,H{n // 3:07},户主,户在人在,已婚,高中,务农,职工医保,,,"
            f"{'是否'[n % 2]},否,星澜市湖滨区,赵{n},17000001234"
        )
    return "\n".join(lines).encode()


class _Autosaves(threading.Thread):
    """Somebody else who saves one fact after the other, each in a transaction of its own."""

    def __init__(self, site: Site, unit: int) -> None:
        super().__init__(daemon=True)
        self._site, self._unit = site, unit
        self._over = threading.Event()
        self.taken: list[float] = [0.0]

    def run(self) -> None:
        register = register_of(self._site.library, "resident")
        while not self._over.wait(0.05):
            start = time.perf_counter()
            with writing(self._site.engine) as session:
                values = {UNIT: self._unit, "name": "somebody else"}
                record_all(session, register, [_step(values)])
            self.taken.append(time.perf_counter() - start)

    def stop(self) -> None:
        self._over.set()
        self.join()


def _step(values: dict[str, object]) -> Step:
    return Step(subject_id="autosaved", values=values, effective=clock.today())

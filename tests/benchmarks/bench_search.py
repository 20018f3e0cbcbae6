"""Search in a community, a district and the whole city of a million residents (`YIBIAO_BENCH_SUBJECTS`).

Their names come from few parts, so that many are alike: each query stands for a kind of question, from a surname that
tens of thousands have to a name that nobody has. Of each the 95th of 100 searches counts, and of those the slowest.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Engine, insert, text

from runtime.facts.search import Searched, find, words
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.migrate import upgrade
from runtime.storage.tables import Subject
from runtime.storage.unit_tables import SearchWord
from tests.benchmarks import large_city
from tests.benchmarks.measuring import Measure, milliseconds, percentile

SUBJECTS = int(os.environ.get("YIBIAO_BENCH_SUBJECTS", "1000000"))
SHAPE = large_city.SHAPES[1_000_000]
FIELDS = Searched(names=("name",), numbers=("number", "phone"), texts=("address",))
TODAY = date(2026, 11, 1)
AT_ONCE = 20
"""Grids of one transaction."""
QUERIES = ("王", "王伟", "wangw", "ww", "张建国 湖滨路", "0018", "13900000", "龙泉路", "没有这个人")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰红"
ROADS = ("湖滨路", "河东路", "人民路", "建设路", "龙泉路", "解放路", "胜利街", "幸福巷")
LEVELS = {"search.unit.ms": "community", "search.district.ms": "district", "search.city.ms": "city"}


def measure() -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'search.db'}")
        build(engine)
        for name, level in LEVELS.items():
            yield Measure(name, max(taken(engine, level).values()), "ms", "≤ 20")
        engine.dispose()


def taken(engine: Engine, level: str) -> dict[str, float]:
    """How long each query takes in the first unit of a level, in ms."""
    unit = sum(SHAPE[: large_city.LEVELS.index(level)]) + 1
    return {
        query: percentile(milliseconds(lambda q=query: looked(engine, unit, q), 100), 0.95)
        for query in QUERIES
    }


def looked(engine: Engine, unit: int, query: str) -> list[str]:
    with reading(engine) as session:
        return find(session, "resident", unit, query, TODAY, 51)


def build(engine: Engine, subjects: int = SUBJECTS) -> None:
    """A city with so many residents to be found, grid by grid."""
    upgrade(engine)
    grids = large_city._units(engine, SHAPE)
    chance = random.Random(7)
    for first in range(0, len(grids), AT_ONCE):
        with writing(engine) as session:
            for n, grid in enumerate(grids[first : first + AT_ONCE], first):
                numbers = range(subjects * n // len(grids), subjects * (n + 1) // len(grids))
                people = {f"{number:032}": _resident(chance, number) for number in numbers}
                session.execute(insert(Subject.__table__), [_subject(id_, grid) for id_ in people])
                rows = sorted((w, id_) for id_, one in people.items() for w in _words(one))
                session.execute(insert(SearchWord.__table__), [_row(grid, *row) for row in rows])
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _resident(chance: random.Random, n: int) -> dict[str, str]:
    given = "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    return {
        "name": chance.choice(SURNAMES) + given,
        "number": f"9901011980{n % 10_000_000:07}X",
        "phone": f"139{n:08}",
        "address": f"{chance.choice(ROADS)}{n % 300}号{n % 20}栋{n % 4}单元{n % 30}01室",
    }


def _words(resident: dict[str, str]) -> set[str]:
    rest = {name: text for name, text in resident.items() if name != "name"}
    return words(FIELDS, rest) | _of_name(resident["name"])


@lru_cache(maxsize=100_000)
def _of_name(name: str) -> frozenset[str]:
    return frozenset(words(FIELDS, {"name": name}))


def _subject(subject_id: str, grid: int) -> dict[str, object]:
    empty = {"document": {}, "timeline": [], "revision": 1, "basis": 0}
    return {"id": subject_id, "register": "resident", "unit_id": grid, **empty}


def _row(grid: int, word: str, subject_id: str) -> dict[str, object]:
    return {"register": "resident", "unit_id": grid, "word": word, "subject_id": subject_id}

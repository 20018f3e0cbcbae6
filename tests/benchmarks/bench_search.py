"""Search within a community and in the whole city, among residents in 2,609 grids (`YIBIAO_BENCH_SUBJECTS`)."""

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, insert, text

from runtime.facts.search import Searched, find, words
from runtime.facts.units import FIRST_DAY
from runtime.storage.engine import make_engine, reading, writing
from runtime.storage.migrate import upgrade
from runtime.storage.tables import Subject, Unit, UnitParent
from runtime.storage.unit_tables import SearchWord
from tests.benchmarks.measuring import Measure, milliseconds, percentile

SUBJECTS = int(os.environ.get("YIBIAO_BENCH_SUBJECTS", "200000"))
GRIDS, PER_COMMUNITY = 2_609, 12
FIELDS = Searched(names=("name",), numbers=("number", "phone"), texts=("address",))
TODAY = date(2026, 11, 1)
QUERIES = ("王", "王伟", "wangw", "ww", "张建国 湖滨路", "0018", "13900000", "龙泉路", "没有这个人")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国志文玉兰红"
ROADS = ("湖滨路", "河东路", "人民路", "建设路", "龙泉路", "解放路", "胜利街", "幸福巷")


def measure() -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'search.db'}")
        city, community = build(engine)
        for name, unit in (("search.unit.ms", community), ("search.city.ms", city)):
            taken = sorted(
                percentile(milliseconds(lambda q=query, u=unit: looked(engine, u, q), 10), 0.95)
                for query in QUERIES
            )
            yield Measure(name, taken[-1], "ms", "≤ 20")
        engine.dispose()


def looked(engine: Engine, unit: int, query: str) -> list[str]:
    with reading(engine) as session:
        return find(session, "resident", unit, query, TODAY, 51)


def build(engine: Engine, subjects: int = SUBJECTS) -> tuple[int, int]:
    """A city, and one of its communities, with so many residents to be found."""
    upgrade(engine)
    communities = range(2, 2 + -(-GRIDS // PER_COMMUNITY))
    grids = [communities[-1] + 1 + n for n in range(GRIDS)]
    tree = [(1, "city", None), *((unit, "community", 1) for unit in communities)]
    tree += [(g, "grid", communities[n // PER_COMMUNITY]) for n, g in enumerate(grids)]
    with writing(engine) as session:
        units = [
            {"id": id_, "code": str(id_), "level": level, "title": {}} for id_, level, _ in tree
        ]
        session.execute(insert(Unit), units)
        hung = [
            {"unit_id": id_, "from_day": FIRST_DAY, "parent_id": above} for id_, _, above in tree
        ]
        session.execute(insert(UnitParent), hung)
    chance = random.Random(7)
    for first in range(0, subjects, 5_000):
        some = [(n, _resident(chance, n)) for n in range(first, min(first + 5_000, subjects))]
        with writing(engine) as session:
            session.execute(insert(Subject), [_subject(n, grids) for n, _document in some])
            session.execute(insert(SearchWord), [w for n, d in some for w in _words(n, d, grids)])
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return 1, communities[0]


def _resident(chance: random.Random, n: int) -> dict[str, str]:
    given = "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    return {
        "name": chance.choice(SURNAMES) + given,
        "number": f"9901011980{n % 10_000_000:07}X",
        "phone": f"139{n:08}",
        "address": f"{chance.choice(ROADS)}{n % 300}号{n % 20}栋{n % 4}单元{n % 30}01室",
    }


def _subject(n: int, grids: list[int]) -> dict[str, object]:
    unit = grids[n % len(grids)]
    empty = {"document": {}, "timeline": [], "revision": 1}
    return {"id": f"{n:032}", "register": "resident", "unit_id": unit, **empty}


def _words(n: int, document: dict[str, str], grids: list[int]) -> Iterator[dict[str, object]]:
    unit = grids[n % len(grids)]
    for word in sorted(words(FIELDS, document)):
        yield {"register": "resident", "unit_id": unit, "word": word, "subject_id": f"{n:032}"}

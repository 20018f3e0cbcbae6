"""A city of any size for measurements: a few grids live as in the sample city, and the others live as those do.

The first `TEMPLATES` grids are recorded through `facts.changes` as everything else is. What that wrote is then
copied in the database for each further grid, under its own ids and household numbers: a copy of a grid's subjects
and changes has a copy of its tallies, since no tally knows of more than its own unit. `bench_fill` proves a sample.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Engine,
    Text,
    case,
    cast,
    func,
    insert,
    literal,
    null,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import Session

from runtime import clock
from runtime.demo import city, tree
from runtime.demo.cast import World
from runtime.facts.changes import record_many
from runtime.facts.registers import register_of
from runtime.settings import from_environment
from runtime.site import Site, initialise, open_site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Base, Belonging, Change, Subject, Unit, UnitParent
from runtime.storage.tally_tables import TallyBasis, TallyLeaf, TallyMember, TallyPage

LEVELS = ("city", "district", "street", "community", "grid")
FIRST = date(1900, 1, 1)
TEMPLATES = 8
SHAPES = {
    10_000: (1, 1, 2, 6, 26),
    100_000: (1, 3, 10, 58, 261),
    1_000_000: (1, 9, 92, 585, 2609),
}
"""How many units there are on each level, by residents."""
KEPT = Path(__file__).resolve().parents[2] / "build" / "cities"
"""Cities take long to build, and are kept from one run to the next."""


@dataclass(frozen=True)
class City:
    """A site with its units; ids go level by level, from the top."""

    site: Site
    shape: tuple[int, ...]

    def first(self, level: str) -> int:
        """The id of the first unit on a level."""
        return sum(self.shape[: LEVELS.index(level)]) + 1

    def grids(self) -> range:
        """The ids of all grids."""
        return range(self.first("grid"), sum(self.shape) + 1)


@contextmanager
def large_city(residents: int, *, to_change: bool = False) -> Iterator[City]:
    """A city with so many residents (a size of `SHAPES`), built where none is kept; a copy where it is `to_change`."""
    with tempfile.TemporaryDirectory() as folder:
        home = _kept(residents)
        if to_change:
            home = Path(shutil.copytree(home, Path(folder) / "city"))
        site = open_site(from_environment({"YIBIAO_HOME": str(home)}))
        try:
            yield City(site, SHAPES[residents])
        finally:
            site.close()


def build(site: Site, residents: int, shape: tuple[int, ...]) -> None:
    """Units of this shape, and about so many residents in the grids of a site that is empty otherwise."""
    grids = _units(site.engine, shape)
    for n, grid in enumerate(grids[:TEMPLATES]):
        _live(site, n, grid, residents // shape[-1])
    for start in range(TEMPLATES, len(grids), 20):
        with writing(site.engine) as session:
            for n, grid in enumerate(grids[start : start + 20], start):
                _copy(session, n % TEMPLATES, grids[n % TEMPLATES], n, grid)
    with site.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _kept(residents: int) -> Path:
    """The folder of a city that was built by the same code and definitions, built now where there is none."""
    KEPT.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(dir=KEPT))
    site = open_site(from_environment({"YIBIAO_HOME": str(making)}))
    try:
        initialise(site)
        home = KEPT / f"{residents}-{_mark(site.engine)}"
        if not home.is_dir():
            for other in KEPT.glob(f"{residents}-*"):
                shutil.rmtree(other)
            build(site, residents, SHAPES[residents])
            site.close()
            making.rename(home)
    finally:
        site.close()
        shutil.rmtree(making, ignore_errors=True)
    return home


def _mark(engine: Engine) -> str:
    """Of what a city follows from: tables, rules, and the code that makes its people."""
    runtime = Path(city.__file__).parents[1]
    files = [Path(__file__), *sorted(runtime.glob("demo/*.py"))]
    with reading(engine) as session:
        bases = session.scalars(select(TallyBasis.digest).order_by(TallyBasis.id)).all()
    tables = sorted(path.name for path in runtime.glob("storage/migrations/versions/*.py"))
    told = [*bases, *tables, *(file.read_text(encoding="utf-8") for file in files)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _units(engine: Engine, shape: tuple[int, ...]) -> list[int]:
    above: list[int] = []
    number = 0
    for level, count in zip(LEVELS, shape, strict=True):
        ids = list(range(number + 1, number + count + 1))
        number += count
        rows = [
            {"id": i, "code": f"{level}{i}", "level": level, "title": {"en": f"{level} {i}"}}
            for i in ids
        ]
        parents = [above[n * len(above) // count] if above else None for n in range(count)]
        hangs = [
            {"unit_id": i, "from_day": FIRST, "parent_id": parent}
            for i, parent in zip(ids, parents, strict=True)
        ]
        with writing(engine) as session:
            session.execute(insert(Unit), rows)
            session.execute(insert(UnitParent), hangs)
        above = ids
    return above


def _live(site: Site, n: int, grid: int, residents: int) -> None:
    """Record the lives of a template grid."""
    places = tree.planned(3_000)
    place = tree.Place(_code(n), "grid", f"Grid {n}", f"第{n}网格")
    streets = {place.code: next(iter(city._streets(places).values()))}
    world = World(f"bench/{residents}/{n}", [(place, grid)], streets)
    with clock.fixed(city.BUILT_AT):
        lives = list(city.lives_of(world, world.grids[0], residents))
        lives.sort(key=lambda life: city.REGISTERS.index(life.register))
        for name, group in groupby(lives, key=lambda life: life.register):
            steps = (step for life in group for step in life.steps(world.ids))
            record_many(site.engine, register_of(site.library, name), steps)


def _code(n: int) -> str:
    return f"9901T{n:06}"


def _copy(session: Session, of: int, template: int, n: int, grid: int) -> None:
    """Let everything that was recorded in the template grid be recorded in another one as well."""
    mark = f"{n:08x}"
    household = (f'"H{_code(of)[4:]}-', f'"H{_code(n)[4:]}-')
    unit = (f'"_unit":{template}', f'"_unit":{grid}')
    subjects = select(Belonging.subject_id).where(Belonging.unit_id == template)
    _again(
        session,
        Subject,
        Subject.id.in_(subjects),
        id=_under(mark, Subject.id),
        unit_id=case((Subject.unit_id.is_(None), null()), else_=grid),
        document=_renamed(session, Subject.document, household),
        timeline=_renamed(session, Subject.timeline, household, unit),
    )
    _again(
        session,
        Change,
        Change.subject_id.in_(subjects),
        seq=None,
        id=_under(mark, Change.id),
        subject_id=_under(mark, Change.subject_id),
        field_values=_renamed(session, Change.values, household, unit),
    )
    _again(
        session,
        Belonging,
        Belonging.unit_id == template,
        subject_id=_under(mark, Belonging.subject_id),
        unit_id=literal(grid),
    )
    for table in (TallyLeaf, TallyPage):
        _again(session, table, table.unit_id == template, unit_id=literal(grid))
    _again(
        session,
        TallyMember,
        TallyMember.unit_id == template,
        id=None,
        subject_id=_under(mark, TallyMember.subject_id),
        unit_id=literal(grid),
        value=_renamed(session, TallyMember.value, household),
    )


def _again(session: Session, table: type[Base], where: Any, **other: Any) -> None:
    """Insert the rows once more with `other` values; a column that is None there is left to the database."""
    columns = [c for c in table.__table__.columns if other.get(c.name, c) is not None]
    rows = select(*(other.get(c.name, c) for c in columns)).where(where)
    session.connection().execute(insert(table.__table__).from_select(columns, rows))


def _under(mark: str, column: Any) -> Any:
    """An id that nobody else has: the first of its parts is the grid's."""
    return literal(mark) + func.substr(column, 9)


def _renamed(session: Session, column: Any, *pairs: tuple[str, str]) -> Any:
    """JSON text in which these are replaced."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    found = cast(column, Text) if on_postgresql else type_coerce(column, Text)
    for old, new in pairs:
        found = func.replace(found, old, new)
    return cast(found, column.type) if on_postgresql else found

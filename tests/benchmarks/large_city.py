"""A city of any size for measurements: the sample city's lives of a few grids, lived again in every grid.

Written straight into the tables, without a ledger: what is measured is filling. Timelines, belongings and tallies
are those that `facts.changes` would have written, which `bench_fill` verifies for two grids.
"""

import random
from datetime import date
from uuid import UUID

from sqlalchemy import Engine, insert, text

from runtime.demo import city, tree
from runtime.demo.cast import World
from runtime.facts.tallies import pages
from runtime.facts.tallies.basis import newest
from runtime.facts.timeline import as_of, belongings, unit_on
from runtime.facts.timeline import insert as said
from runtime.rules.tallying import Contributions, Event, contributions
from runtime.site import Site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Belonging, Subject, Unit, UnitParent
from runtime.storage.tally_tables import TallyMember

LEVELS = ("city", "district", "street", "community", "grid")
FIRST = date(1900, 1, 1)
TEMPLATES = 8
"""Grids whose lives differ; the others are lived as one of them."""


def build(site: Site, residents: int, shape: tuple[int, ...] = (1, 9, 92, 585, 2609)) -> None:
    """Units of this shape (how many on each level), and about so many residents in the grids."""
    _known.clear()  # it goes by the identity of timelines, and those of an earlier city are gone
    grids = _units(site.engine, shape)
    lives = _lives(residents // shape[-1])
    with reading(site.engine) as session:
        bases = {name: newest(session, name) for name in city.REGISTERS}
    for start in range(0, len(grids), 40):
        with writing(site.engine) as session:
            for n, grid in enumerate(grids[start : start + 40], start):
                _grid(session, bases, n, grid, lives[n % TEMPLATES])
    with site.engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def _units(engine: Engine, shape: tuple[int, ...]) -> list[int]:
    above: list[int] = []
    with writing(engine) as session:
        number = 0
        for level, count in zip(LEVELS, shape, strict=True):
            ids = list(range(number + 1, number + count + 1))
            number += count
            rows = [
                {"id": i, "code": f"{level}{i}", "level": level, "title": {"en": f"{level} {i}"}}
                for i in ids
            ]
            session.execute(insert(Unit), rows)
            hangs = [
                {"unit_id": i, "from_day": FIRST, "parent_id": above[n * len(above) // count]}
                if above
                else {"unit_id": i, "from_day": FIRST, "parent_id": None}
                for n, i in enumerate(ids)
            ]
            session.execute(insert(UnitParent), hangs)
            above = ids
    return above


def _lives(residents: int) -> list[list[tuple[str, list]]]:
    """For each template grid, register and timeline of all who live there; unit 0 stands for the grid."""
    places = tree.planned(3_000)
    grids = [(place, 0) for place in tree.grids(places)]
    world = World(f"bench/{residents}", grids, city._streets(places))
    found = []
    for n in range(TEMPLATES):
        lives = city.lives_of(world, world.grids[n % len(world.grids)], residents)
        found.append([(life.register, _timeline(life)) for life in lives])
    return found


def _timeline(life) -> list:
    timeline: list = []
    for step in life.steps(random.Random(1)):
        values = step.values if step.kind != "clear" else dict.fromkeys(step.values)
        timeline = said(timeline, step.effective, values)
    return timeline


_known: dict = {}


def _grid(session, bases, n, grid, lives) -> None:
    subjects, rows, members, total = [], [], [], Contributions()
    for i, (register, timeline) in enumerate(lives):
        key = (id(timeline), bases[register].id)
        if key not in _known:
            _known[key] = contributions(timeline, bases[register].tallied)
        subject_id = str(UUID(int=(n << 64) + i))
        here = [[day, _moved(patch, grid)] for day, patch in timeline]
        subjects.append(
            {
                "id": subject_id,
                "register": register,
                "unit_id": unit_on(here, city.BUILT_AT.date()),
                "document": as_of(here, city.BUILT_AT.date()),
                "timeline": here,
                "revision": len(here),
                "basis": bases[register].id,
            }
        )
        rows += [
            {"subject_id": subject_id, "from_day": a, "to_day": b, "unit_id": u}
            for a, b, u in belongings(here)
        ]
        for event, amount in _known[key].events.items():
            total.add(Event(grid, event.day, event.slot), amount)
        members += [
            {"subject_id": subject_id, **one._asdict(), "unit_id": grid}
            for one in _known[key].members
        ]
    session.execute(insert(Subject), subjects)
    session.execute(insert(Belonging), rows)
    if members:
        session.execute(insert(TallyMember), members)
    pages.apply(session, total.events)


def _moved(patch, grid):
    return (
        {**patch, "_unit": None if patch["_unit"] is None else grid} if "_unit" in patch else patch
    )

"""Building the sample city: units, their people, homes, businesses, venues and aid cases grid by grid, then logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from random import Random

from sqlalchemy import Engine, func, select

from runtime import clock
from runtime.definitions.load import Library
from runtime.demo import tree
from runtime.demo.cast import World, first_id
from runtime.demo.events import live
from runtime.demo.homes import Grid, new_home, vacant_home
from runtime.demo.life import Life
from runtime.demo.served import checked, serve
from runtime.demo.trade import trade_in
from runtime.demo.tree import Place
from runtime.demo.welfare import help_for
from runtime.demo.worklog import log_of
from runtime.errors import OperatorError
from runtime.facts.changes import record_many
from runtime.facts.registers import Register, register_of
from runtime.language import gettext as _
from runtime.storage.engine import reading
from runtime.storage.tables import Subject, Unit

SEED = 20261101
BUILT_AT = datetime(2026, 11, 1, 1, 30, tzinfo=UTC)
"""The moment at which the city is as it was left: what is known "today" is what was known then."""

REGISTERS = ("household", "resident", "business", "venue", "aid", "activity", "sample")

OnProgress = Callable[[int, int], None]
"""Told how many residents are there, of how many."""


def build_city(
    engine: Engine,
    library: Library,
    residents: int = 20_000,
    seed: int = SEED,
    on_progress: OnProgress | None = None,
) -> list[Place]:
    """Write the sample city into a migrated database and return its units; again changes nothing.

    The same seed and number give the same units, people, ids and changes. Transactions stay short; a build
    that was broken off is completed by the next. Raises `OperatorError` where other subjects or units are.
    """
    places = tree.planned(residents)
    with clock.fixed(BUILT_AT):
        mark = f"{seed}/{residents}"
        _refuse_others(engine, places, mark)
        ids = tree.built(engine, places)
        registers = {name: register_of(library, name) for name in REGISTERS}
        world = World(mark, [(p, ids[p.code]) for p in tree.grids(places)], _streets(places))
        done = 0
        for n, grid in enumerate(world.grids, 1):
            aim = residents * n // len(world.grids)
            lives = list(lives_of(world, grid, aim - done))
            done += sum(life.register == "resident" for life in lives)
            _record(engine, registers, lives, world.ids)
            if on_progress:
                on_progress(min(done, residents), residents)
        for place in places:
            if place.level == "community":
                _record(engine, registers, *log_of(mark, place.code, ids[place.code]))
    return places


def lives_of(world: World, grid: Grid, residents: int) -> Iterator[Life]:
    """Everybody and everything of a grid with about so many residents."""
    left = residents
    while left > 0:
        home = new_home(world, grid)
        live(world, home)
        cases = help_for(world, home)
        serve(home)
        left -= len(home.people)
        yield home.life
        yield from (person.life for person in home.people)
        yield from cases
        if world.chance(0.035):
            yield vacant_home(world, grid).life
    for life in trade_in(world, grid, round(residents * 0.032)):
        if life.register == "business":
            checked(life)
        yield life


def _record(engine: Engine, registers: dict[str, Register], lives: list[Life], ids: Random) -> None:
    by_register = sorted(lives, key=lambda life: REGISTERS.index(life.register))
    for name, group in groupby(by_register, key=lambda life: life.register):
        steps = (step for life in group for step in life.steps(ids))
        record_many(engine, registers[name], steps)


def _streets(places: list[Place]) -> dict[str, str]:
    """For each grid, district and street in Chinese, as an address names them."""
    named = {place.code: place for place in places}
    found = {}
    for grid in tree.grids(places):
        street = named[named[grid.above].above]
        found[grid.code] = named[street.above].chinese + street.chinese
    return found


def _refuse_others(engine: Engine, places: list[Place], mark: str) -> None:
    """A database holds one sample city or none: of two nobody could tell who is of which."""
    with reading(engine) as session:
        units = set(session.scalars(select(Unit.code)))
        subjects = session.scalar(select(func.count()).select_from(Subject))
        same = session.get(Subject, first_id(mark))
    if units - {place.code for place in places} or (subjects and same is None):
        raise OperatorError(
            _("The database holds other units or subjects; the sample city wants an empty one.")
        )

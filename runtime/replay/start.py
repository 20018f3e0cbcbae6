"""The first day of a replay: the city as it is, and a database that is to learn of it. Not for the months."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select

from runtime import clock
from runtime.definitions.load import Library
from runtime.definitions.plan import Plan
from runtime.demo import tree
from runtime.demo.city import REGISTERS, build_city
from runtime.entry import submit, versions
from runtime.facts.registers import register_of
from runtime.replay.deliveries import KEPT_BY_STAFF, START, Sender
from runtime.replay.known import Known, remember
from runtime.replay.rates import Rates
from runtime.replay.report import Work
from runtime.replay.truth import Truth, read_truth
from runtime.storage.engine import make_engine, reading
from runtime.storage.migrate import upgrade
from runtime.storage.tables import FormVersion, Unit

TRUTH, LIVED = "truth.sqlite3", "lived.sqlite3"


@dataclass(slots=True)
class City:
    """A city while it is lived over again."""

    truth: Truth
    known: Known
    rates: Rates
    schemas: Mapping[str, Mapping[str, Any]]
    senders: tuple[Sender, ...]
    forms: tuple[tuple[FormVersion, Plan], ...]
    """The forms with a frequency, in their newest versions."""
    units: Mapping[str, tuple[Unit, ...]]
    """Those whose reports are lived through, by level."""
    seed: int
    checks: submit.Checks
    told: dict[str, date] = field(default_factory=dict)
    """Up to which day each department has told what happened."""
    months: dict[str, dict[str, Work]] = field(default_factory=dict)
    visits: dict[str, Work] = field(default_factory=dict)
    recorded: dict[str, Work] = field(default_factory=dict)
    """What staff wrote into the registers that they keep themselves."""

    def close(self) -> None:
        """Let go of the database that is lived in."""
        self.known.engine.dispose()


def begin(
    folder: Path,
    library: Library,
    prepare: Callable[[str], None],
    rates: Rates,
    residents: int,
    seed: int,
    sample: int | None = None,
    checks: submit.Checks = lambda _plan, _data: (),
) -> City:
    """Build the city in `folder`, and beside it a database that knows of it what departments' first files say.

    `prepare(address)` migrates a database and publishes the forms in it; of each level at most `sample` units report.
    """
    truth_engine, engine = _made(folder / TRUTH), _made(folder / LIVED)
    upgrade(truth_engine)
    places = build_city(truth_engine, library, residents, seed)
    with clock.fixed(moment(START)):
        prepare(f"sqlite:///{folder / LIVED}")
        tree.built(engine, places)
    truth = read_truth(truth_engine, engine)
    truth_engine.dispose()
    schemas = {name: library.register(name) for name in REGISTERS}
    known = Known(
        engine,
        {name: register_of(library, name) for name in REGISTERS},
        random.Random(f"changes of {seed}/{residents}"),
    )
    senders = tuple(
        Sender(delivery, rates, schemas, _home(schemas, delivery.department), seed)
        for delivery in rates.deliveries
    )
    city = City(
        truth,
        known,
        rates,
        schemas,
        senders,
        _forms(engine),
        _units(engine, sample),
        seed,
        checks,
    )
    first_files(city, f"{START:%Y%m}", START)
    return city


def _made(file: Path) -> Engine:
    """A database that is thrown away afterwards, and need not outlive a power cut."""
    engine = make_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def in_a_hurry(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return engine


def first_files(city: City, period: str, cut: date) -> None:
    """What departments that send from this period on say of everybody, as of `cut`."""
    with clock.fixed(moment(cut + timedelta(days=1))):
        for sender in city.senders:
            if sender.delivery.since == period:
                learned = list(sender.whole(city.truth, city.known, cut))
                remember(city.known, learned, source_of(sender))
                city.told[sender.delivery.department] = cut


def source_of(sender: Sender) -> dict[str, str]:
    """The provenance of what a department's file said."""
    return {"source": "import", "department": sender.delivery.department}


def moment(day: date) -> datetime:
    """The morning of a day, in China."""
    return datetime(day.year, day.month, day.day, 1, 30, tzinfo=UTC)


def _home(schemas: Mapping[str, Mapping[str, Any]], department: str) -> frozenset[str]:
    """The registers whose subjects the department names first: it tells who comes, moves and goes."""
    found = set()
    for name, schema in schemas.items():
        if name in KEPT_BY_STAFF:
            continue
        key = schema["identity"][0][0]
        if schema["properties"][key].get("steward") == department:
            found.add(name)
    return frozenset(found)


def _forms(engine: Engine) -> tuple[tuple[FormVersion, Plan], ...]:
    with reading(engine) as session:
        found = [(v, versions.plan_of(v)) for v in versions.published(session)]
        session.expunge_all()
    return tuple((version, plan) for version, plan in found if plan.form.frequency)


def _units(engine: Engine, sample: int | None) -> dict[str, tuple[Unit, ...]]:
    found: dict[str, list[Unit]] = {}
    with reading(engine) as session:
        for unit in session.scalars(select(Unit).order_by(Unit.code)):
            found.setdefault(unit.level, []).append(unit)
        session.expunge_all()
    return {level: tuple(units[:sample]) for level, units in found.items()}

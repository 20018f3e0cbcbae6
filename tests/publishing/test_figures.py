"""What the site knows for a burden: asked of the small city."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from runtime import clock
from runtime.entry import life, versions
from runtime.periods import Period
from runtime.publishing import figures
from runtime.site import Site
from runtime.storage.engine import reading, writing
from runtime.storage.tables import EntryRevision, Unit, User

FORM = "https://yibiao.example/defs/forms/disabled-persons/residents-monthly.json"


def test_units_are_those_of_today_and_other_forms_are_known(site: Site) -> None:
    with reading(site.engine) as session:
        assert set(figures.units_by_level(session)) == {
            "city",
            "district",
            "street",
            "community",
            "grid",
        }
        plan = versions.plan_of(versions.require_latest(session, FORM))
        told = figures.burden_of(session, plan, thoroughly=True)
        assert told.units == figures.units_by_level(session)["community"]
        assert told.source == "assumed"
        assert figures.elsewhere_of(session) is figures.elsewhere_of(session)


def test_seconds_are_measured_between_the_saves_of_one_person(site: Site) -> None:
    with writing(site.engine) as session:
        version = versions.require_latest(session, FORM)
        unit = session.scalars(select(Unit).where(Unit.level == "community")).first()
        assert unit is not None
        entry = life.start(session, version, unit.id, Period.parse("202610"), actor=None)
        author = session.scalars(select(User.id)).first()
        begun = clock.now()
        for n in range(12):
            session.add(
                EntryRevision(
                    entry_id=entry.id, revision=n + 100, choices={}, by=author,
                    data={f"c{k}": k + n for k in range(10)}, at=begun + timedelta(seconds=80 * n),
                )
            )  # fmt: skip
    with reading(site.engine) as session:
        assert figures.seconds_per_cell(session) == pytest.approx(8.0)

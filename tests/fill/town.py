"""A town of two communities with a few residents and aid cases, who move, leave and change."""

from datetime import date
from decimal import Decimal

from runtime import clock
from runtime.facts import proposals
from runtime.facts.changes import Step, record
from runtime.facts.registers import Register
from runtime.facts.units import add_unit
from runtime.storage.engine import make_engine, writing
from runtime.storage.migrate import upgrade
from runtime.storage.tables import User
from tests.rig import FIXED_NOW


def _register(name, *fields):
    return Register(name, {"properties": {field: {} for field in fields}})


RESIDENT = _register("resident", "name", "sex", "birth_date", "grade", "house", "phone")
AID = _register("aid", "kind", "granted_date", "amount")

PEOPLE = {
    "an": {"name": "An", "sex": "1", "birth_date": "1950-05-05", "grade": "1", "house": "b"},
    "bo": {"name": "Bo", "sex": "2", "birth_date": "2008-11-01", "grade": "1", "house": "a"},
    "ci": {"name": "Ci", "sex": "2", "birth_date": "2008-10-31", "grade": "2", "house": "a"},
    "du": {"name": "Du", "sex": "9", "birth_date": "1990-01-01", "grade": "1"},
    "ed": {"name": "Ed", "sex": "1", "birth_date": "1990-01-01"},
}
"""All of them live in Lakeside from 2026-01-01 on; what happens then is in `_live`."""

CASES = {"x": ("2026-10-01", "10.10"), "y": ("2026-10-31", "0.20"), "z": ("2026-09-30", "5")}
"""Aid cases of Lakeside: the day on which they were granted, and how much."""


def prepare(address):
    engine = make_engine(address)
    upgrade(engine)
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        build(session)
    engine.dispose()


def build(session):
    """Town → Street → Lakeside, Hill; one member of staff, Chen Wei."""
    city = add_unit(session, "town", "city", {"en": "Town", "zh-CN": "镇"})
    street = add_unit(session, "street", "street", {"en": "Street"}, city.id)
    lake = add_unit(session, "lake", "community", {"en": "Lakeside", "zh-CN": "湖滨"}, street.id)
    hill = add_unit(session, "hill", "community", {"en": "Hill"}, street.id)
    chen = User(
        name="chen",
        full_name="Chen Wei",
        password_hash="",
        created_at=FIXED_NOW,
    )
    session.add(chen)
    session.flush()
    for key, values in PEOPLE.items():
        told = {"_unit": lake.id, **values}
        record(session, RESIDENT, key, told, "set", date(2026, 1, 1), actor=chen.id)
    _live(session, chen.id, hill.id, lake.id)


def _live(session, chen, hill, lake):
    """Ed moves to Hill on 1 September; An's grade becomes 2 on 20 October, and Bo's on 1 November."""
    record(session, RESIDENT, "ed", {"_unit": hill}, "set", date(2026, 9, 1))
    record(session, RESIDENT, "an", {"grade": "2"}, "set", date(2026, 10, 20), actor=chen)
    record(session, RESIDENT, "bo", {"grade": "2"}, "set", date(2026, 11, 1), actor=chen)
    for key, (day, amount) in CASES.items():
        told = {"_unit": lake, "kind": "care", "granted_date": day, "amount": Decimal(amount)}
        record(session, AID, key, told, "set", date.fromisoformat(day))


def dispute(session, subject, unit):
    """A word about somebody's grade that waits for its steward."""
    step = Step(subject_id=subject, values={"grade": "1"}, effective=date(2026, 10, 1))
    return proposals.propose(
        session,
        RESIDENT,
        step,
        department="test",
        known={"grade": "2"},
        unit_id=unit,
        origin=proposals.Origin(),
    )

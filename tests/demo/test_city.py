"""The sample city: the same again for the same seed, true to its own registers, and alive for ten months."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from sqlalchemy import func, select
from stdnum.cn import ric, uscc

from runtime.definitions.compile import compile_form
from runtime.definitions.verdict import problems
from runtime.demo.city import REGISTERS, build_city
from runtime.demo.life import FIRST, LAST, years
from runtime.demo.tree import CITY_CODE, REHUNG_ON
from runtime.errors import OperatorError
from runtime.facts import units
from runtime.facts.registers import register_of
from runtime.facts.subjects import scan
from runtime.facts.timeline import as_of, belongings
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Belonging, Change, Subject, Unit
from tests.demo.conftest import RESIDENTS

# It is laid by the same functions as all changes, which are tried on both.
pytestmark = pytest.mark.databases(quick=["sqlite"])
DAYS = [FIRST, date(2026, 6, 30), LAST]


def members(session, register, day):
    return list(scan(session, register, units.by_code(session, CITY_CODE + "00").id, day))


def everything(engine):
    with reading(engine) as session:
        subjects = session.execute(
            select(Subject.id, Subject.register, Subject.timeline).order_by(Subject.id)
        ).all()
        changes = session.execute(
            select(Change.id, Change.subject_id, Change.effective, Change.recorded_at).order_by(
                Change.seq
            )
        ).all()
    return subjects, changes


@pytest.mark.databases("sqlite")
def test_the_same_seed_gives_the_same_city_and_another_seed_another(databases, library):
    from runtime.storage.engine import make_engine
    from runtime.storage.migrate import upgrade

    cities = []
    for seed in (1, 1, 2):
        engine = make_engine(databases.empty("sqlite"))
        upgrade(engine)
        build_city(engine, library, 150, seed=seed)
        cities.append(everything(engine))
        engine.dispose()
    assert cities[0] == cities[1]
    assert not {row.id for row in cities[0][0]} & {row.id for row in cities[2][0]}


def test_built_again_nothing_changes(city, library):
    before = everything(city)
    build_city(city, library, RESIDENTS)
    assert everything(city) == before


@pytest.mark.databases("sqlite")
def test_a_build_that_was_broken_off_is_completed(nobody, library):
    class BrokenOff(Exception):
        pass

    def stop(done, of):
        if done > of / 2:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        build_city(nobody, library, 300, on_progress=stop)
    build_city(nobody, library, 300)
    with reading(nobody) as session:
        people = select(func.count()).where(Subject.register == "resident")
        assert session.scalar(people.select_from(Subject)) >= 297


def test_progress_is_told(nobody, library):
    told = []
    build_city(nobody, library, 120, on_progress=lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1] == (120, 120)


def test_other_units_are_not_mixed_with_it(nobody, library):
    with writing(nobody) as session:
        units.add_unit(session, "somewhere", "city", {"en": "Somewhere"})
    with pytest.raises(OperatorError, match="wants an empty one"):
        build_city(nobody, library, 120)


@pytest.mark.databases("sqlite")
def test_nor_is_a_city_of_another_seed(city, library):
    with pytest.raises(OperatorError, match="wants an empty one"):
        build_city(city, library, RESIDENTS, seed=5)


@pytest.mark.parametrize("name", REGISTERS)
def test_every_document_is_valid_on_every_day(city, library, name):
    register = register_of(library, name)
    with reading(city) as session:
        timelines = session.scalars(select(Subject.timeline).where(Subject.register == name)).all()
    assert timelines
    for timeline in timelines:
        for day, _ in timeline:
            document = as_of(timeline, date.fromisoformat(day))
            assert list(register.check(document)) == [], document


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("name", ["activity", "sample"])
def test_the_log_holds_what_its_page_would_take_in_every_community(city, library, name):
    plan = compile_form(library.register(name), library=library)
    with reading(city) as session:
        lines = session.scalars(select(Subject).where(Subject.register == name)).all()
        places = set(session.scalars(select(Unit.id).where(Unit.level == "community")))
    assert {line.unit_id for line in lines} == places
    for line in lines:
        assert problems(plan, line.document) == [], line.document


def test_numbers_are_valid_and_tell_the_truth(city):
    with reading(city) as session:
        residents = session.scalars(select(Subject).where(Subject.register == "resident")).all()
        businesses = session.scalars(select(Subject).where(Subject.register == "business")).all()
    numbers = [subject.document["identity_number"] for subject in residents]
    assert len(set(numbers)) == len(numbers)
    for subject in residents:
        document, number = subject.document, subject.document["identity_number"]
        assert ric.is_valid(number)
        assert number.startswith("110000")
        assert ric.get_birth_date(number).isoformat() == document["birth_date"]
        assert int(number[16]) % 2 == int(document["sex"]) % 2
        certificate = document.get("disability_certificate")
        if certificate:
            kind, grade = document["disability_kind"], document["disability_grade"]
            assert certificate == number + kind + grade
    codes = [subject.document["uscc"] for subject in businesses]
    assert len(set(codes)) == len(codes)
    assert all(uscc.is_valid(code) for code in codes)


@pytest.mark.parametrize("day", DAYS)
def test_households_and_their_people_agree(city, day):
    with reading(city) as session:
        homes = {m.document["household_number"]: m for m in members(session, "household", day)}
        people = defaultdict(list)
        for member in members(session, "resident", day):
            people[member.document["household_number"]].append(member)
    assert set(people) <= set(homes)
    for number, home in homes.items():
        there = people[number]
        assert home.document["persons"] == len(there)
        assert home.document["vacant"] == (not there)
        assert all(person.unit_id == home.unit_id for person in there)
        assert all(person.document["address"] == home.document["address"] for person in there)
        relations = Counter(person.document["relation_to_head"] for person in there)
        assert relations["1"] <= 1
        if any(years(_born(person), day) >= 16 for person in there):
            assert relations["0"] >= 1
        for person in there:
            alone = person.document.get("living_alone", False)
            assert alone == (len(there) == 1 and years(_born(person), day) >= 60)
            _check_ages(person, there)


def _check_ages(person, there):
    """Children are a good deal younger than somebody in the home, and live with their own kind of marriage."""
    if person.document["relation_to_head"] in ("2", "3") and len(there) > 1:
        eldest = min(_born(other) for other in there)
        assert years(eldest, _born(person)) >= 15 or eldest == _born(person)
    if years(_born(person), LAST) < 18:
        assert person.document["marital_status"] == "10"


def _born(member):
    return date.fromisoformat(member.document["birth_date"])


def test_figures_are_as_in_life(city):
    with reading(city) as session:
        people = [member.document for member in members(session, "resident", LAST)]
        ages = [years(date.fromisoformat(d["birth_date"]), LAST) for d in people]
        shares = {
            "60 and over": sum(age >= 60 for age in ages),
            "under 18": sum(age < 18 for age in ages),
            "disabled": sum("disability_grade" in d for d in people),
            "low income": sum("low_income_class" in d for d in people),
            "temporary": sum(d["residence_kind"] == "temporary" for d in people),
        }
    expected = {
        "60 and over": (0.17, 0.27),
        "under 18": (0.12, 0.22),
        "disabled": (0.04, 0.08),
        "low income": (0.01, 0.035),
        "temporary": (0.2, 0.38),
    }
    assert abs(len(people) - RESIDENTS) < RESIDENTS * 0.1
    for name, (least, most) in expected.items():
        assert least <= shares[name] / len(people) <= most, (name, shares[name])


def test_the_year_passes(city):
    with reading(city) as session:
        rows = session.scalars(select(Subject)).all()
        lives = defaultdict(list)
        for subject in rows:
            lives[subject.register].append(subject.timeline)
        moved = session.scalar(
            select(func.count()).select_from(Belonging).where(Belonging.from_day > FIRST)
        )
    people = lives["resident"]
    left = [timeline for timeline in people if timeline[-1][1].get("_unit", 0) is None]
    born = [timeline for timeline in people if timeline[0][1]["birth_date"] >= "2026"]
    assert moved > 30
    assert 10 < len(left) < 150
    assert 1 <= len(born) < 40
    assert all(len(list(belongings(timeline))) <= 2 for timeline in people)
    for register, field in (
        ("resident", "visited_on"),
        ("resident", "residence_permit_until"),
        ("household", "lease_until"),
        ("venue", "fire_inspected_on"),
        ("aid", "paid_date"),
    ):
        told = [sum(field in patch for _, patch in timeline) for timeline in lives[register]]
        assert max(told) >= 2, (register, field)


def test_aid_is_granted_in_its_own_time(city):
    with reading(city) as session:
        cases = [member.document for member in members(session, "aid", LAST)]
    assert {case["kind"] for case in cases} >= {"elderly", "care", "minimum"}
    for case in cases:
        days = [case.get(name) for name in ("applied_date", "granted_date", "paid_date")]
        known = [day for day in days if day]
        assert known == sorted(known)
        assert ("ended_date" in case) == (case["state"] == "ended")


def test_one_community_comes_under_another_street(city):
    with reading(city) as session:
        before = date(2026, 6, 30)
        moved = [
            (unit.code, above)
            for unit in session.scalars(select(units.Unit).where(units.Unit.level == "community"))
            if (above := units.parent(session, unit.id, before).id)
            != units.parent(session, unit.id, REHUNG_ON).id
        ]
    assert len(moved) == 1

"""A subject moves or leaves: from a day on it counts elsewhere or nowhere, with its household if staff say so."""

import re
from datetime import date

import pytest
from sqlalchemy import select, update

from runtime.facts import units
from runtime.facts.subjects import scan
from runtime.facts.tallies.proof import verify
from runtime.storage.engine import reading, writing
from runtime.storage.tables import AuditEvent, Subject, Unit, UnitParent

HERE, THERE = "9901010010001", "9901010010002"


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


def in_grids(site, code=HERE):
    with reading(site.engine) as session:
        top = units.by_code(session, code)
        below = set(units.below(session, top.id, date(2026, 11, 1)))
        return [(one.id, one.code) for one in session.scalars(select(Unit)) if one.id in below]


@pytest.fixture
def family(site):
    """Somebody of a household of several, the others of it, and its unit."""
    mine = dict(in_grids(site))
    with reading(site.engine) as session:
        held = session.scalars(select(Subject).where(Subject.register == "resident")).all()
        here = [one for one in held if one.unit_id in mine]
        for one in here:
            number = one.document.get("household_number")
            same = [s for s in here if number and s.document.get("household_number") == number]
            others = [s for s in same if s.unit_id == one.unit_id and s.id != one.id]
            if others:
                return one, others, one.unit_id
    raise AssertionError("no household of two in the sample city")


def unit_now(site, subject_id):
    with reading(site.engine) as session:
        return session.get_one(Subject, subject_id).unit_id


def move(staff, one, to, **more):
    sent = {"to": str(to), "_day": "2026-10-20", "_reason": "told at the door"}
    sent |= {"_unit": str(one.unit_id), **more}
    return staff.post(f"/registers/resident/{one.id}/move", sent)


def test_it_counts_elsewhere_from_that_day_on(staff, site, family):
    one, others, unit = family
    target = next(i for i, _code in in_grids(site) if i != unit)
    assert f"/registers/resident/{one.id}/move" in staff.get(f"/registers/resident/{one.id}").text
    page = staff.get(f"/registers/resident/{one.id}/move").text
    assert all(other.id in page for other in others)
    answer = move(staff, one, target, **{"with": others[0].id})
    assert answer.status_code == 303
    page = staff.get(answer.location).text
    assert "moved to" in page
    assert "told at the door" in page
    assert [unit_now(site, s.id) for s in (one, *others)] == [
        target,
        target,
        *[unit] * (len(others) - 1),
    ]
    with reading(site.engine) as session:
        before = {s.subject_id for s in scan(session, "resident", unit, date(2026, 10, 19))}
        after = {s.subject_id for s in scan(session, "resident", target, date(2026, 10, 20))}
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "subject.move"))
        assert {event.object_id for event in noted} >= {one.id, others[0].id}
    assert {one.id, others[0].id} <= before & after
    assert not list(verify(site.engine))


def test_it_leaves(staff, site, family):
    one, others, unit = family
    answer = move(staff, one, "gone")
    assert "no longer count it" in staff.get(answer.location).text
    assert unit_now(site, one.id) is None
    assert staff.get(f"/registers/resident/{one.id}").status_code == 404
    assert unit_now(site, others[0].id) == unit


def test_to_another_unit_by_its_name(staff, site, family):
    one = family[0]
    with reading(site.engine) as session:
        there = units.by_code(session, THERE)
    answer = move(staff, one, "elsewhere", unit=there.title["zh-CN"])
    assert answer.location.endswith("/registers/resident")
    assert unit_now(site, one.id) == there.id
    assert staff.get(f"/registers/resident/{one.id}").status_code == 404


def test_of_two_units_of_one_name_the_one_that_exists_from_that_day_on_is_meant(
    staff, site, family
):
    with writing(site.engine) as session:
        there = units.by_code(session, THERE)
        above = units.parent(session, there.id, date(2026, 10, 1))
        old = units.add_unit(session, "9901010010098", there.level, there.title, above.id)
        hangs = update(UnitParent).where(UnitParent.unit_id == old.id)
        session.execute(hangs.values(to_day=date(2026, 9, 30)))
        name, wanted = there.title["zh-CN"], there.id
    answer = move(staff, family[0], "elsewhere", unit=name)
    assert answer.status_code == 303
    assert unit_now(site, family[0].id) == wanted


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"to": ""}, "Say where it has moved"),
        ({"to": "999999"}, "Say where it has moved"),
        ({"to": "elsewhere"}, "Give the code or the name"),
        ({"to": "elsewhere", "unit": "Atlantis"}, "There is no unit “Atlantis”"),
        ({"to": "gone", "_day": "soon"}, "from which day on"),
        ({"to": "gone", "_reason": "told at the door " * 40}, "has 679 characters"),
        ({"to": "gone", "_day": "2999-01-01"}, ""),
        ({"to": "gone", "_day": "0001-01-01"}, ""),
    ],
)
def test_what_cannot_be_is_told_and_kept(staff, site, family, sent, said):
    one, _others, unit = family
    answer = move(staff, one, **sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "told at the door" in answer.text
    assert unit_now(site, one.id) == unit


def test_where_it_is_it_does_not_move(staff, site, family):
    one, _others, unit = family
    assert "belongs there already" in move(staff, one, unit).text


def test_nobody_moves_others_nor_lines_of_a_log(visitor, staff, site, family):
    one = family[0]
    assert move(visitor("zhouming"), one, "gone").status_code in (403, 404)
    with reading(site.engine) as session:
        strangers = session.scalars(select(Subject).where(Subject.register == "resident")).all()
        mine = dict(in_grids(site))
        stranger = next(s for s in strangers if s.unit_id and s.unit_id not in mine)
        line = session.scalars(select(Subject).where(Subject.register == "activity")).first()
    assert move(staff, one, "gone", **{"with": stranger.id}).status_code == 303
    assert unit_now(site, stranger.id) == stranger.unit_id
    assert move(staff, stranger, "gone").status_code == 404
    assert staff.get(f"/registers/activity/{line.id}/move").status_code == 404


def test_a_page_that_is_sent_again_changes_nothing(staff, site, family):
    one, _others, unit = family
    target = next(i for i, _code in in_grids(site) if i != unit)
    page = staff.get(f"/registers/resident/{one.id}/move").text
    (change,) = re.findall(r'name="_id" value="([^"]+)"', page)
    assert move(staff, one, "gone", _id=change).status_code == 303
    assert move(staff, one, "gone", _id=change).status_code == 303
    other = family[1][0]
    assert move(staff, other, target, _unit="1").status_code == 409, "another unit was shown"
    assert unit_now(site, other.id) == unit

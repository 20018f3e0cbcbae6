"""A line of a register written by hand: once, by staff of the place, and counted by the reports of its day."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from runtime.facts import units
from runtime.facts.timeline import UNIT
from runtime.imports.identity import keys_of, known_subjects
from runtime.imports.one import find_one
from runtime.storage.engine import reading
from runtime.storage.tables import AuditEvent, Change, Subject, Unit
from runtime.web import listing
from tests.web.test_filling import downloaded

DAY = date(2026, 11, 1)
LAKESIDE = "9901010010001"
DRILL = {"/kind": "drill", "/held_on": "2026-10-30", "/persons": "4321"}
FORM = "fire-emergency/small-premises-monthly"


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


def unit_of(site, code=LAKESIDE):
    with reading(site.engine) as session:
        return session.scalar(select(Unit.id).where(Unit.code == code))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page)[1]


def lines(site, register="activity", **said):
    with reading(site.engine) as session:
        found = session.scalars(select(Subject).where(Subject.register == register)).all()
        return [s for s in found if said.items() <= s.document.items()]


def record(staff, site, data=DRILL, register="activity", unit=LAKESIDE, **more):
    page = staff.get(f"/registers/{register}/record").text
    sent = {"_id": hidden(page, "_id"), "unit": str(unit_of(site, unit)), **data, **more}
    return sent, staff.post(f"/registers/{register}/record", sent)


def test_what_is_recorded_is_counted_by_the_report_of_its_day(staff, site):
    _sent, answer = record(staff, site)
    assert answer.status_code == 303
    assert "4,321" in staff.get(answer.location).text
    (line,) = lines(site, persons=4321)
    assert line.timeline[0][0] == "2026-10-30"
    drills = [
        one.document["persons"]
        for one in lines(site, kind="drill")
        if one.unit_id == unit_of(site) and one.document["held_on"].startswith("2026-10")
    ]
    prevention = downloaded(staff, staff.begin(FORM))["data"]["prevention"]
    assert prevention["drills"] == len(drills)
    assert prevention["drill_persons"] == sum(drills)


def test_of_what_happened_the_latest_comes_first(staff, site):
    record(staff, site)
    page = staff.get("/registers/activity").text
    shown = re.findall(r"/registers/activity/([0-9a-f-]{36})", page)
    days = {one.id: one.document["held_on"] for one in lines(site)}
    told = [days[one] for one in dict.fromkeys(shown)]
    assert len(told) > 5
    assert told == sorted(told, reverse=True)


@pytest.mark.databases("sqlite", "postgresql")
def test_where_very_much_happened_the_latest_of_each_unit_come_first(staff, site, monkeypatch):
    for day in ("2026-10-29", "2026-11-01"):
        record(staff, site, unit=LAKESIDE + "01", **{"/held_on": day})
    every = {one.id: one for one in lines(site)}
    monkeypatch.setattr(listing, "SORTED", 3)
    monkeypatch.setattr(listing, "PER_PAGE", 4)
    told = []
    for number in range(1, 99):
        page = staff.get(f"/registers/activity?page={number}").text
        found = list(dict.fromkeys(re.findall(r"/registers/activity/([0-9a-f-]{36})", page)))
        told += [every[one] for one in found]
        if not found:
            break
    units = list(dict.fromkeys(one.unit_id for one in told))
    assert len(units) > 1
    assert len(told) == len({one.id for one in told}) > 5
    latest = sorted(told, key=lambda one: one.document["held_on"], reverse=True)
    days = [(one.unit_id, one.document["held_on"]) for one in told]
    assert days == [(u, one.document["held_on"]) for u in units for one in latest if one.unit_id == u]  # fmt: skip


def test_a_page_sent_twice_records_one_line(staff, site):
    sent, _answer = record(staff, site)
    again = staff.post("/registers/activity/record", sent)
    assert again.status_code == 303
    assert len(lines(site, persons=4321)) == 1


def test_days_begin_as_today_and_another_line_follows(staff, site):
    assert 'value="2026-11-01"' in staff.get("/registers/activity/record").text
    _sent, answer = record(staff, site, _do="another")
    assert "/registers/activity/record" in answer.location


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"/kind": ""}, "Kind of activity"),
        ({"/persons": "many"}, "is not a number"),
        ({"/persons": ""}, "Persons who took part"),
        ({"/held_on": "2027-01-01"}, "still to come"),
    ],
)
def test_a_line_that_cannot_be_is_told_and_kept(staff, site, typed, said):
    _sent, answer = record(staff, site, {**DRILL, **typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert not lines(site, persons=4321)


def test_who_is_in_the_register_is_not_recorded_again(staff, site):
    somebody = next(one for one in lines(site, "resident") if "identity_number" in one.document)
    typed = {"/name": "Wen Xi", "/identity_number": somebody.document["identity_number"]}
    _sent, answer = record(staff, site, typed, "resident")
    assert answer.status_code == 422
    assert "The register has it already" in answer.text
    _sent, answer = record(staff, site, {"/education": "10"}, "resident")
    assert "Say by what it is recognised" in answer.text


def test_that_another_unit_has_it_is_told_and_noted(staff, site):
    elsewhere = unit_of(site, "9901010010002")
    with reading(site.engine) as session:
        mine = set(units.below(session, unit_of(site), DAY))
        below = set(units.below(session, elsewhere, DAY))
    there = [one for one in lines(site, "resident") if one.unit_id in below - mine]
    stranger = next(one for one in there if "identity_number" in one.document)
    typed = {"/name": "Wen Xi", "/identity_number": stranger.document["identity_number"]}
    _sent, answer = record(staff, site, typed, "resident")
    assert answer.status_code == 422
    assert "Another unit has it already" in answer.text
    assert stranger.id not in answer.text
    with reading(site.engine) as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "subject.met"))
        assert [event.object_id for event in noted] == [stranger.id]


def test_who_comes_back_is_the_same_again(staff, site):
    here = unit_of(site)
    with reading(site.engine) as session:
        mine = set(units.below(session, here, DAY))
    one = next(s for s in lines(site, "resident")
               if s.unit_id in mine and "identity_number" in s.document)  # fmt: skip
    sent = {"to": "gone", "_day": "2026-10-20", "_unit": str(one.unit_id)}
    assert staff.post(f"/registers/resident/{one.id}/move", sent).status_code == 303
    typed = {"/name": "Back Again", "/identity_number": one.document["identity_number"]}
    sent, answer = record(staff, site, typed, "resident")
    assert answer.location.endswith(one.id)
    assert staff.post("/registers/resident/record", sent).location == answer.location
    (back,) = lines(site, "resident", identity_number=one.document["identity_number"])
    assert (back.unit_id, back.document["name"]) == (here, "Back Again")


def test_nobody_records_elsewhere_or_over_another(staff, site):
    elsewhere = next(unit for unit in all_units(site, "community") if unit.code != LAKESIDE)
    _sent, answer = record(staff, site, unit=elsewhere.code)
    assert answer.status_code == 403
    other = lines(site, "activity")[0]
    _sent, answer = record(staff, site, _id=other.id)
    assert answer.status_code == 409
    with reading(site.engine) as session:
        assert session.get(Subject, other.id).document == other.document


def test_a_line_recorded_by_mistake_is_taken_out_with_a_reason(staff, site):
    _sent, answer = record(staff, site)
    staff.get(answer.location)
    staff.post(f"{answer.location}/take-out", {"_reason": ""})
    staff.get(answer.location)
    long = staff.post(f"{answer.location}/take-out", {"_reason": "it was put off " * 40})
    assert long.status_code == 422
    assert "The reason has 599 characters" in long.text
    assert "it was put off it was" in long.text
    assert lines(site, persons=4321)[0].unit_id == unit_of(site)
    staff.get(answer.location)
    assert (
        staff.post(f"{answer.location}/take-out", {"_reason": "it was put off"}).status_code == 303
    )
    assert staff.get(answer.location).status_code == 404
    prevention = downloaded(staff, staff.begin(FORM))["data"]["prevention"]
    assert prevention.get("drill_persons", 0) < 4321


def test_who_recorded_it_is_noted(staff, site):
    _sent, _answer = record(staff, site)
    (line,) = lines(site, persons=4321)
    with reading(site.engine) as session:
        (change,) = session.scalars(select(Change).where(Change.subject_id == line.id))
        event = session.scalars(select(AuditEvent).where(AuditEvent.object_id == line.id)).first()
    assert change.values[UNIT] == unit_of(site)
    assert change.actor_id == event.actor_id
    assert event.action == "subject.record"


def test_the_list_offers_to_record_one(staff):
    assert "/registers/sample/record" in staff.get("/registers/sample").text


def all_units(site, level):
    with reading(site.engine) as session:
        return session.scalars(select(Unit).where(Unit.level == level)).all()


@pytest.mark.parametrize("register", ["resident", "household", "venue"])
def test_one_line_is_found_as_the_rows_of_a_file_are(site, register):
    schema = site.library.register(register)
    identity = schema["identity"]
    for one in lines(site, register)[::40]:
        for told in (one.document, {**one.document, identity[0][0]: "X-0"}):
            with reading(site.engine) as session:
                wanted = set(keys_of(identity, told))
                walked = known_subjects(session, register, identity, wanted).find(told)
                assert find_one(session, schema, register, told) == walked


def test_somebody_new_has_the_birthday_and_sex_of_the_number(staff, site):
    said = {"/name": "欧阳新", "/identity_number": "110000197708060015"}
    sent, answer = record(staff, site, said, "resident")
    assert answer.status_code == 303
    again = staff.post("/registers/resident/record", sent)
    assert again.status_code == 303
    (line,) = lines(site, "resident", name="欧阳新")
    assert line.document["birth_date"] == "1977-08-06"
    assert line.document["sex"] == "1"

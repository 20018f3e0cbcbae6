"""An entry about somebody who has moved to another unit: it tells nothing new of them, and says nothing of them."""

from datetime import date

import pytest
from sqlalchemy import select

from runtime.entry import audit, versions
from runtime.facts.changes import Step, record_all
from runtime.facts.proposals import Origin, propose
from runtime.facts.subjects import changes_of
from runtime.facts.units import by_code
from runtime.fill.filling import fill
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Entry, User
from tests.rig.family import OLD, move_in
from tests.web.learning import holder
from tests.web.test_filling import DEVICES, HOMES, REPORT, submit_form
from tests.web.test_recheck import confirmed
from tests.web.test_visit import VISIT, said

pytestmark = pytest.mark.databases("sqlite")
NEW = {"phone": "0991-7770007", "address": "No. 3, Far Road"}
MOVED = date(2026, 10, 30)


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def resident(site):
    return move_in(site)[1]


@pytest.fixture
def here(visitor):
    """Who fills for the grid that the resident leaves, and for no other."""
    return visitor("linna")


@pytest.fixture
def visit(here, resident):
    address = here.post("/entries/", {"form": VISIT, "subject": resident}).location
    here.get(address)
    return address


def move(site, subject, **told):
    with writing(site.engine) as session:
        there = by_code(session, "990101001000102").id
        actor = session.scalar(select(User.id).where(User.name == "chenwei"))
        record_all(session, site.register("resident"), [
            Step(subject_id=subject, values={"_unit": there}, effective=MOVED),
            Step(subject_id=subject, values=told, effective=MOVED, actor=actor, reason="private words"),
        ])  # fmt: skip


def count(site, subject):
    with reading(site.engine) as session:
        return len(changes_of(session, subject))


def data_of(site, address):
    with reading(site.engine) as session:
        return session.get(Entry, address.rpartition("/")[2]).data


def test_it_neither_tells_nor_takes_what_is_known_of_them_now(site, here, visit, resident):
    move(site, resident, **NEW)
    for address in ("", "/now", "/review", "/why", "/why?cell=/veteran/phone"):
        page = here.get(visit + address).text
        assert not [value for value in NEW.values() if value in page], address
    assert "belongs elsewhere now" in here.get(visit).text
    before = data_of(site, visit)
    assert before["veteran"]["phone"] == OLD["phone"]
    here.get(visit)
    here.post(visit + "/refill")
    assert data_of(site, visit) == before
    answer = here.post(visit + "/refill", {"cell": "/veteran/phone"}, follow=True)
    assert "belongs elsewhere now" in answer.text
    assert data_of(site, visit) == before


def test_whoever_lives_here_is_filled_anew_as_before(site, here, visit, resident):
    with writing(site.engine) as session:
        step = Step(subject_id=resident, values=NEW, effective=MOVED)
        record_all(session, site.register("resident"), [step])
    assert "belongs elsewhere now" not in here.get(visit).text
    assert NEW["phone"] in here.get(visit + "/now").text
    here.get(visit)
    here.post(visit + "/refill")
    assert data_of(site, visit)["veteran"]["phone"] == NEW["phone"]


def test_a_new_entry_of_the_old_unit_holds_nothing_of_them(site, resident):
    move(site, resident, **NEW)
    with reading(site.engine) as session:
        version = versions.require_latest(session, VISIT)
        old = by_code(session, "990101001000101").id
        found = fill(session, versions.plan_of(version), old, None, resident)
        with_them = fill(
            session, versions.plan_of(version), by_code(session, "9901010010001").id, None, resident
        )
    assert NEW["phone"] not in str(found.data)
    assert not any(told.get("subject") for told in found.provenance.values())
    assert with_them.data["veteran"]["phone"] == NEW["phone"]


def test_what_is_proposed_elsewhere_is_not_shown_here(site, here, visit, resident):
    with writing(site.engine) as session:
        step = Step(subject_id=resident, values={"phone": NEW["phone"]}, effective=MOVED)
        unit = by_code(session, "990101001000102").id
        more = {"department": "civil-affairs", "known": {}, "unit_id": unit, "origin": Origin()}
        propose(session, site.register("resident"), step, **more)
    assert NEW["phone"] in here.get(visit).text
    move(site, resident, living_alone=True)
    assert NEW["phone"] not in here.get(visit).text


def test_here_nobody_says_that_it_is_still_correct(site, here, visit, resident):
    page = here.get(visit).text
    move(site, resident, **NEW)
    before = count(site, resident)
    assert "All still correct" not in here.get(visit).text
    for cell in ("/veteran/phone", "/veteran/employment_status"):
        answer = here.post(visit + "/still-correct", said(page, cell), follow=True)
        assert "Something has changed" in answer.text
    assert count(site, resident) == before


def test_who_is_still_here_is_confirmed_and_it_is_audited_of_whom(site, here, visit, resident):
    told = said(here.get(visit).text, "/veteran/phone", "/veteran/address")
    here.post(visit + "/still-correct", told)
    with reading(site.engine) as session:
        (*_read, event) = audit.events(session, "subject", resident)
    assert event.action == "subject.confirm"
    assert event.details["fields"] == ["address", "phone"]


def test_who_said_it_and_why_of_somebody_who_left_is_not_told(site, staff):
    entry = staff.begin(REPORT)
    submit_form(staff, entry, {DEVICES: "4", HOMES: "1"}, "review")
    page = staff.get(entry + "/review").text
    answer = staff.post(entry + "/submit", confirmed(page))
    left, stays = holder(site, 0)[0], holder(site, 1)[0]
    with writing(site.engine) as session:
        there = by_code(session, "9901010010002").id
        actor = session.scalar(select(User.id).where(User.name == "zhouming"))
        told = {"effective": date(2026, 10, 20), "actor": actor}
        record_all(session, site.register("resident"), [
            Step(subject_id=left, values={"_unit": there}, effective=date(2026, 11, 1)),
            Step(subject_id=left, values={"disability_grade": "1"}, reason="private words", **told),
            Step(subject_id=stays, values={"disability_grade": "1"}, reason="our own words", **told),
        ])  # fmt: skip
    page = staff.get(entry + "/now", headers={"HX-Request": "true"}).text
    assert page.count(", recorded ") == 2, answer.location
    assert "our own words" in page
    assert left not in page
    assert "private words" not in page
    assert page.count("Zhou Ming") == 1

"""From a visit's form of another department to the steward's page, and back to who proposed it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from runtime.accounts import users
from runtime.errors import OperatorError
from runtime.facts import proposals
from runtime.facts.changes import record
from runtime.facts.subjects import changes_of
from runtime.storage.engine import reading, writing
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import AuditEvent, Subject, Unit
from tests.rig.city import NOW, PASSWORD
from tests.rig.family import IDS, OLD

SURVEY = "https://yibiao.example/defs/forms/disabled-persons/needs-survey.json"
PHONE = "/person/phone"


@pytest.fixture
def database(with_family):
    return with_family


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def resident():
    return IDS[1]


REST = {
    "/visit/surveyed_on": "2026-10-30", "/visit/answered#oneOf": "0", "/living/living_alone": "false",
    "/needs/rehabilitation/wanted": "false", "/needs/adaptation/home_adapted": "false",
    "/needs/adaptation/wanted": "false", "/agrees": "0",
}  # fmt: skip


@pytest.fixture
def survey(staff, resident):
    """A survey of the federation about her, handed in with another phone: which civil affairs looks after."""
    return hand_in(staff, resident)


def hand_in(visitor, subject, phone="0991-7770000", sent=(), **more):
    address = visitor.post("/entries/", {"form": SURVEY, "subject": subject}).location
    visitor.get(address)
    cells = {PHONE: phone, "_reason" + PHONE: "she said so", **REST, **more}
    for _round in range(2):  # the second time with the parts that the first made appear
        visitor.post(address, {"_do": "save", **cells})
    visitor.get(address)
    page = visitor.get(address + "/review").text
    assert "Everything is there" in page
    revision = re.search(r'name="_revision" value="(\d+)"', page)[1]
    answer = visitor.post(address + "/submit", {"_revision": revision, **dict(sent)})
    assert answer.status_code == 303
    return address


def document(site, subject):
    with reading(site.engine) as session:
        return session.get(Subject, subject).document


def proposal(site):
    with reading(site.engine) as session:
        return session.scalars(select(Proposal)).one()


def decide(visitor, how, **fields):
    page = visitor.get("/proposals/").text
    seen = re.search(r'name="_seen" value="(\w+)"', page)[1]
    number = re.search(r"/proposals/(\d+)/accept", page)[1]
    return visitor.post(f"/proposals/{number}/{how}", {"_seen": seen, **fields}, follow=True)


def test_the_steward_sees_old_and_new_and_accepts(site, survey, visitor, staff, resident):
    assert document(site, resident)["phone"] == OLD["phone"]
    steward = visitor("hejun")
    page = steward.get("/proposals/").text
    for text in ("Gu Lan", OLD["phone"], "0991-7770000", "Chen Wei", "she said so", "Civil"):
        assert text in page
    assert "Accepted" in decide(steward, "accept").text
    assert document(site, resident)["phone"] == "0991-7770000"
    held = proposal(site)
    with reading(site.engine) as session:
        change = changes_of(session, resident)[-1]
        events = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert change.provenance["entry"] == survey.rpartition("/")[2]
    assert (change.provenance["cell"], change.provenance["proposal"]) == (PHONE, held.id)
    assert {"proposal.read", "proposal.accepted"} <= set(events)
    assert "accepted" in staff.get(survey + "/receipt").text


def test_until_it_is_decided_the_next_form_shows_the_old_value_and_a_mark(survey, staff, resident):
    form = "https://yibiao.example/defs/forms/veterans-affairs/household-visit.json"
    address = staff.post("/entries/", {"form": form, "subject": resident}).location
    page = staff.get(address).text
    assert f'value="{OLD["phone"]}"' in page
    assert "Waits for a steward" in page
    assert "0991-7770000" in page


def test_whoever_proposed_it_reads_why_it_was_refused(site, survey, visitor, staff, resident):
    steward = visitor("hejun")
    assert "Say why" in decide(steward, "refuse").text
    assert "Refused" in decide(steward, "refuse", _answer="that is the clinic's number").text
    assert document(site, resident)["phone"] == OLD["phone"]
    for page in ("/receipt", f"/why?cell={PHONE}"):
        assert "that is the clinic&#39;s number" in staff.get(survey + page).text
    assert "Nothing waits for you" in steward.get("/proposals/").text
    assert "clinic" in steward.get("/proposals/?decided=1").text


def test_a_fact_that_changed_meanwhile_is_shown_and_not_lost(site, survey, visitor, resident):
    steward = visitor("hejun")
    steward.get("/proposals/")
    old_page = steward.page
    with writing(site.engine) as session:
        told = {"phone": "0991-1112222"}
        record(session, site.register("resident"), resident, told, "set", NOW.date())
    seen = re.search(r'name="_seen" value="(\w+)"', old_page)[1]
    answer = steward.post(f"/proposals/{proposal(site).id}/accept", {"_seen": seen}, follow=True)
    assert "has changed since this page was shown" in answer.text
    page = steward.get("/proposals/").text
    for text in (OLD["phone"], "0991-1112222", "0991-7770000", "Accept all the same"):
        assert text in page
    decide(steward, "accept")
    assert document(site, resident)["phone"] == "0991-7770000"


def made_steward(site, visitor, unit, department=""):
    with writing(site.engine) as session:
        made = users.create(session, "zhaoqin", "Zhao Qin", PASSWORD)
        unit_id = session.scalar(select(Unit.id).where(Unit.code == unit))
        users.grant(session, made, "steward", unit_id, department)
    return visitor("zhaoqin")


@pytest.mark.parametrize(
    ("unit", "department", "sees"),
    [
        ("9901010010001", "civil-affairs", True),
        ("9901010010002", "civil-affairs", False),
        ("9901010010001", "disabled-persons", False),
    ],
)
def test_a_steward_decides_for_own_units_and_departments(
    site, survey, visitor, resident, unit, department, sees
):
    steward = made_steward(site, visitor, unit, department)
    assert ("Gu Lan" in steward.get("/proposals/").text) is sees
    number, before = proposal(site).id, document(site, resident)
    for how in ("accept", "refuse"):
        answer = steward.post(f"/proposals/{number}/{how}", {"_answer": "no"})
        assert answer.status_code == (303 if sees else 404)
    assert document(site, resident) == before
    assert steward.get(f"/registers/resident/{resident}").status_code == 403
    assert steward.get(survey).status_code == 403


@pytest.mark.parametrize("name", ["chenwei", "linna", "zhouming", "sunli", "admin"])
def test_nobody_else_decides(site, survey, visitor, name):
    somebody = visitor(name)
    number = proposal(site).id
    assert somebody.get("/proposals/").status_code == 403
    somebody.get("/account/")
    for how in ("accept", "refuse"):
        assert somebody.post(f"/proposals/{number}/{how}", {"_answer": "x"}).status_code == 403
    assert proposal(site).state == "open"


@pytest.mark.parametrize("ticked", [True, False])
def test_an_emptied_fact_is_cleared_only_where_it_is_ticked(site, staff, resident, ticked):
    cell = "/living/medical_insurance"
    sent = {"_clear": cell} if ticked else {}
    cells = {cell: "", "_reason" + cell: "paid in no more"}
    address = hand_in(staff, resident, OLD["phone"], sent, **cells)
    assert document(site, resident)["medical_insurance"] == "employee"
    with reading(site.engine) as session:
        found = session.scalars(select(Proposal)).all()
    assert [(p.kind, p.values) for p in found] == [("clear", {"medical_insurance": None})] * ticked
    assert ("to be taken away" in staff.get(address + "/receipt").text) is ticked


def test_several_are_decided_at_once_and_each_stands_for_itself(site, visitor, staff, resident):
    moved = {"/person/address": "7 Garden Lane", "_reason/person/address": "moved"}
    hand_in(staff, resident, **moved)
    steward = visitor("hejun")
    page = steward.get("/proposals/").text
    numbers = re.findall(r'name="proposal" value="(\d+)"', page)
    ticked = {"proposal": numbers, **dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', page))}
    assert len(numbers) == 2
    for name in ("chenwei", "zhouming", "sunli"):
        assert visitor(name).post("/proposals/decide", ticked).status_code == 403
    refused = steward.post("/proposals/decide", ticked | {"_do": "refuse"}, follow=True).text
    assert "2 are left undecided: Say why this is refused" in refused
    assert "Nothing was ticked" in steward.post("/proposals/decide", {}, follow=True).text

    # Her phone becomes known otherwise after the look: it waits, the address is accepted.
    with writing(site.engine) as session:
        record(
            session,
            site.register("resident"),
            resident,
            {"phone": "0991-5550009"},
            "set",
            NOW.date(),
        )
    told = steward.post("/proposals/decide", ticked | {"_do": "accept"}, follow=True).text
    assert "1 proposal is accepted" in told
    assert "1 is left undecided: The fact has changed" in told
    assert document(site, resident)["address"] == "7 Garden Lane"
    assert document(site, resident)["phone"] == "0991-5550009"
    assert steward.post("/proposals/decide", {"proposal": "999999"}).status_code == 404


def test_what_a_later_fact_overtakes_is_not_said_to_be_known(site, survey, visitor, resident):
    later = NOW.date()
    with writing(site.engine) as session:
        session.scalars(select(Proposal)).one().effective = later - timedelta(days=9)
        told = {"phone": "0991-5550008"}
        record(session, site.register("resident"), resident, told, "set", later)
    answer = decide(visitor("hejun"), "accept").text
    assert "accepted for its own day" in answer
    assert "known from now on" not in answer
    assert document(site, resident)["phone"] == "0991-5550008"


def test_a_busy_database_hides_nothing_of_what_was_decided_before(
    site, visitor, staff, resident, monkeypatch
):
    hand_in(staff, resident, **{"/person/address": "7 Lane", "_reason/person/address": "moved"})
    steward, accept = visitor("hejun"), proposals.accept
    page = steward.get("/proposals/").text
    numbers = re.findall(r'name="proposal" value="(\d+)"', page)
    ticked = {"proposal": numbers, **dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', page))}

    def busy(session, register, proposal_id, *rest, **more):
        if proposal_id == int(numbers[1]):
            raise OperatorError("The database is busy.")
        return accept(session, register, proposal_id, *rest, **more)

    monkeypatch.setattr(proposals, "accept", busy)
    told = steward.post("/proposals/decide", ticked, follow=True).text
    assert "1 proposal is accepted" in told
    assert "1 is left undecided: The database is busy." in told

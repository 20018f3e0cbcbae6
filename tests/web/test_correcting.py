"""On a subject's own page: what is still correct in one tap, what is right instead, and nobody from elsewhere."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from runtime.entry import audit
from runtime.facts.changes import record
from runtime.facts.freshness import stale_fields
from runtime.facts.subjects import changes_of
from runtime.storage.engine import reading, writing
from runtime.storage.tables import AuditEvent, Subject, Unit
from tests.rig.city import NOW
from tests.rig.family import IDS, OLD

TODAY = NOW.date()
HIDDEN = re.compile(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
LAKESIDE = "9901010010001"


@pytest.fixture
def database(with_family):
    return with_family


@pytest.fixture
def site(app):
    return app.extensions["yibiao"]


@pytest.fixture
def family(site):
    """A household, and two who live there."""
    return [now(site, key) for key in IDS]


@pytest.fixture
def resident(family):
    """A resident of Lakeside's first grid, of whom four facts have grown old."""
    return family[1]


def subject_of(site, code):
    with reading(site.engine) as session:
        unit = session.scalar(select(Unit.id).where(Unit.code == code))
        query = select(Subject).where(Subject.register == "resident", Subject.unit_id == unit)
        return session.scalars(query.order_by(Subject.id)).first()


def page_of(subject):
    return f"/registers/{subject.register}/{subject.id}"


def now(site, subject):
    with reading(site.engine) as session:
        return session.get(Subject, getattr(subject, "id", subject))


def stale(site, subject):
    properties = site.library.register(subject.register)["properties"]
    return stale_fields(properties, now(site, subject).timeline, TODAY)


def sent_by(page, words):
    """What the form with a button of these words posts: its address and its hidden fields."""
    for found in HIDDEN.finditer(page):
        if words in found[2]:
            return found[1], INPUT.findall(found[2])
    raise AssertionError(words)


def tap(visitor, page, words):
    """Press the button with these words; the test client sends repeated fields as lists."""
    address, pairs = sent_by(page, words)
    fields = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return visitor.post(address, {n: v if len(v) > 1 else v[0] for n, v in fields.items()}, follow=True)  # fmt: skip


def test_one_tap_confirms_all_that_has_grown_old(site, staff, resident):
    before = stale(site, resident)
    assert before.keys() == OLD.keys()
    values = {name: now(site, resident).document[name] for name in before}
    answer = tap(staff, staff.get(page_of(resident)).text, "All still correct")
    assert f"{len(before)} facts are confirmed" in answer.text
    assert not stale(site, resident)
    with reading(site.engine) as session:
        change = changes_of(session, resident.id)[-1]
        query = select(AuditEvent).where(AuditEvent.action == "subject.confirm")
        event = session.scalars(query).one()
    assert (change.kind, change.values, change.effective) == ("confirm", values, TODAY)
    assert change.provenance == {"source": "visit"}
    assert event.details == {"fields": sorted(values)}


def test_one_fact_is_confirmed_alone(site, staff, resident):
    before = stale(site, resident)
    page = staff.get(page_of(resident)).text
    tap(staff, page, ">Still correct<")
    assert len(stale(site, resident)) == len(before) - 1


def test_what_changed_since_the_page_was_shown_is_not_confirmed(site, staff, resident):
    page = staff.get(page_of(resident)).text
    with writing(site.engine) as session:
        record(
            session, site.register("resident"), resident.id, {"phone": "0991-5550008"}, "set", TODAY
        )
    before = len(changes(site, resident))
    answer = tap(staff, page, "All still correct")
    assert "Something has changed since" in answer.text
    assert len(changes(site, resident)) == before


def changes(site, subject):
    with reading(site.engine) as session:
        return changes_of(session, subject.id)


def correct(visitor, subject, field, **fields):
    address = f"{page_of(subject)}/correct/{field}"
    page = visitor.get(address).text
    seen = re.search(r'name="_seen" value="(\w+)"', page)[1]
    return visitor.post(address, {"_seen": seen, **fields}, follow=True)


def test_a_correction_is_known_at_once_from_the_day_that_is_given(site, staff, resident):
    answer = correct(
        staff, resident, "disability_grade",
        **{"/disability_grade": "2", "_day": "2026-10-15", "_reason": "saw the certificate"},
    )  # fmt: skip
    assert "corrected" in answer.text
    assert now(site, resident).document["disability_grade"] == "2"
    change = changes(site, resident)[-1]
    assert (change.kind, change.effective, change.reason) == (
        "set", date(2026, 10, 15), "saw the certificate",
    )  # fmt: skip


def test_a_correction_holds_until_now_whatever_was_said_between(site, staff, resident):
    register = site.register("resident")
    with writing(site.engine) as session:
        for day in ((2026, 3, 1), (2026, 9, 1)):
            told = {"disability_grade": "4"}
            record(session, register, resident.id, told, "set", date(*day))
    early = {"/disability_grade": "1", "_day": "2026-02-01"}
    answer = correct(staff, resident, "disability_grade", **early)
    assert answer.status_code == 409
    assert "Saving replaces what was said later" in answer.text
    assert "Grade 4, as of 1 Sept 2026" in answer.text
    assert now(site, resident).document["disability_grade"] == "4"
    later = re.findall(r'name="_later" value="([^"]+)"', answer.text)
    assert later == ["2026-03-01", "2026-09-01"]
    unseen = correct(staff, resident, "disability_grade", **early, _later=later[:1])
    assert unseen.status_code == 409
    correct(staff, resident, "disability_grade", **early, _later=later)
    held = now(site, resident)
    assert held.document["disability_grade"] == "1"
    correct(staff, resident, "disability_grade", _clear="1", _day="2026-10-01")
    assert "disability_grade" not in now(site, resident).document


def test_the_same_value_again_confirms_it(site, staff, resident):
    phone = now(site, resident).document["phone"]
    correct(staff, resident, "phone", **{"/phone": phone})
    assert changes(site, resident)[-1].kind == "confirm"


def test_wrong_input_comes_back_as_it_was_typed(site, staff, resident):
    before = len(changes(site, resident))
    answer = correct(staff, resident, "birth_date", **{"/birth_date": "2026-13-40"})
    assert (answer.status_code, "2026-13-40" in answer.text) == (422, True)
    answer = correct(staff, resident, "phone", **{"/phone": ""})
    assert answer.status_code == 422
    assert "Say what is right" in answer.text
    answer = correct(staff, resident, "phone", **{"/phone": "0991-5550009", "_day": "2027-01-01"})
    assert answer.status_code == 422
    assert "between" in answer.text
    assert len(changes(site, resident)) == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("phone", {"/phone": "12345"}, "7 characters or more"),
        ("visited_on", {"/visited_on": "2027-01-01"}, "this day is still to come"),
        ("phone", {"/phone": "0991-5550009", "_day": ""}, "Say from which day on it is so"),
        (
            "phone",
            {"/phone": "0991-5550009", "_reason": "x" * 600},
            "The reason has 600 characters",
        ),
    ],
)
def test_what_cannot_be_so_is_told_and_nothing_is_lost(site, staff, resident, field, typed, said):
    before = len(changes(site, resident))
    answer = correct(staff, resident, field, **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert all(f'value="{text}"' in answer.text for text in typed.values())
    assert len(changes(site, resident)) == before


def test_who_corrects_what_another_has_just_changed_is_asked(site, staff, resident):
    address = f"{page_of(resident)}/correct/phone"
    seen = re.search(r'name="_seen" value="(\w+)"', staff.get(address).text)[1]
    with writing(site.engine) as session:
        record(
            session, site.register("resident"), resident.id, {"phone": "0991-5550007"}, "set", TODAY
        )
    answer = staff.post(address, {"_seen": seen, "/phone": "0991-5550008"})
    assert answer.status_code == 409
    assert "0991-5550007" in answer.text
    assert 'value="0991-5550008"' in answer.text
    correct(staff, resident, "phone", **{"/phone": "0991-5550008"})
    assert now(site, resident).document["phone"] == "0991-5550008"


def test_a_steward_may_want_to_be_asked_first(site, staff, resident, monkeypatch):
    schema = site.register("resident").schema["properties"]["phone"]
    monkeypatch.setitem(schema, "writeBack", "propose")
    before = now(site, resident).document["phone"]
    answer = correct(staff, resident, "phone", **{"/phone": "0991-5550008"})
    assert "proposed to its steward" in answer.text
    assert "proposed: 0991-5550008" in answer.text
    assert now(site, resident).document["phone"] == before


def test_a_whole_household_is_confirmed_in_one_tap(site, staff, family):
    old = sum(len(stale(site, one)) for one in family)
    assert old > len(OLD)
    answer = tap(staff, staff.get(page_of(family[0])).text, "All of this visit still correct")
    assert f"{old} facts are confirmed" in answer.text
    assert not any(stale(site, one) for one in family)


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("path", ["", "/move"])
def test_whoever_a_page_shows_beside_its_subject_was_read_too(site, staff, family, path):
    house, gran, son = family
    staff.get(page_of(son) + path)
    with reading(site.engine) as session:
        found = {one.id: audit.readers(session, "subject", one.id, 9) for one in family}
    assert [event.details for event in found[son.id]] == [{}]
    for other in (house, gran):
        (event,) = found[other.id]
        assert event.details == {"beside": son.id}
        assert event.unit_id == other.unit_id


OTHERS = {
    "linna": "9901010010001" + "02",  # staff of the first grid only
    "chenwei": "9901010010002" + "01",  # staff of another community
}


@pytest.mark.parametrize("name", OTHERS)
def test_nobody_corrects_a_subject_of_another_unit(site, visitor, name):
    somebody, stranger = visitor(name), subject_of(site, OTHERS[name])
    before = len(changes(site, stranger))
    assert somebody.get(f"{page_of(stranger)}/correct/phone").status_code == 404
    somebody.get("/account/")
    answer = somebody.post(f"{page_of(stranger)}/correct/phone", {"/phone": "1"})
    assert answer.status_code == 404
    fact = f"{stranger.id}/phone"
    assert somebody.post(f"{page_of(stranger)}/confirm", {"fact": fact}).status_code == 404
    own = subject_of(site, LAKESIDE + "01")
    assert somebody.post(f"{page_of(own)}/confirm", {"fact": fact}).status_code == 404
    assert len(changes(site, stranger)) == before


@pytest.mark.parametrize("name", ["zhouming", "sunli", "hejun", "admin"])
def test_who_is_not_staff_corrects_nobody(site, visitor, name, resident):
    somebody = visitor(name)
    for path in ("correct/phone", "confirm"):
        answer = somebody.post(f"{page_of(resident)}/{path}", {"fact": f"{resident.id}/phone"})
        assert answer.status_code == 403
    assert somebody.get(f"{page_of(resident)}/correct/phone").status_code == 403


def test_a_field_that_there_is_not(staff, resident):
    assert staff.get(f"{page_of(resident)}/correct/age").status_code == 404
    assert staff.get(f"{page_of(resident)}/correct/shoe").status_code == 404

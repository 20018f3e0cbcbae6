"""What was typed of a subject is known from submission on: once, from the entry's day, by change or by proposal."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from runtime import clock
from runtime.entry import apart, life, versions
from runtime.entry.submit import submit
from runtime.entry.versions import plan_of
from runtime.entry.write_back import foreseen
from runtime.errors import Problem
from runtime.facts import proposals
from runtime.facts.changes import Step, record
from runtime.facts.registers import Register, register_of
from runtime.facts.subjects import changes_of, current, document_as_of
from runtime.imports.decide import Sender, decide
from runtime.imports.held import SaidBy
from runtime.storage.engine import reading, writing
from runtime.storage.proposal_tables import Proposal
from runtime.storage.tables import AuditEvent
from tests.entry.town import OCTOBER, opened, post, stored
from tests.fill.library import REPORT, VISIT, library
from tests.fill.town import RESIDENT
from tests.rig import FIXED_NOW

TODAY = FIXED_NOW.date()


def registers(**fields):
    """The town's registers, some fields of the residents' with other keywords."""

    def of(name):
        found = register_of(library(), name)
        properties = found.schema["properties"]
        changed = {f: {**schema, **fields.get(f, {})} for f, schema in properties.items()}
        return Register(name, {**found.schema, "properties": changed}, found.check)

    return of


def hand_in(engine, entry_id, actor, cleared=(), **fields):
    """Submit; what was foreseen of it is just what is recorded and proposed."""
    with opened(engine, entry_id) as (session, entry):
        known, plan = registers(**fields), plan_of(versions.get(session, entry.form_version_id))
        ahead = foreseen(session, entry, plan, known, actor)
        submit(session, entry, actor, registers=known, cleared=cleared)
        session.flush()
        query = select(AuditEvent.details).where(AuditEvent.action == "entry.submit")
        done = session.scalars(query.order_by(AuditEvent.id.desc())).first()
        for kind in ("changed", "proposed"):
            found = [one.pointer for one in ahead if bool(one.asked) == (kind == "proposed")]
            assert sorted(found) == sorted(set(done.get(kind, ())) - set(cleared))


def give_back(engine, entry_id):
    with opened(engine, entry_id) as (_session, entry):
        entry.state = "returned"


def told(engine, subject, entry_id):
    """The changes of the subject that the entry made."""
    with reading(engine) as session:
        every = changes_of(session, subject)
    return [change for change in every if change.provenance.get("entry") == entry_id]


def proposed(engine):
    with reading(engine) as session:
        return session.scalars(select(Proposal).order_by(Proposal.id)).all()


def learn(engine, subject, day, kind="set", **values):
    with writing(engine) as session:
        return record(session, RESIDENT, subject, values, kind, date.fromisoformat(day)).id


@pytest.fixture
def visit(engine, lake, people):
    return apart.start(engine, VISIT, lake, None, "an", people["chen"])


def filled_in(engine, entry_id, actor, **cells):
    post(engine, entry_id, actor, {f"/{name}": value for name, value in cells.items()})


def test_nothing_is_known_before_it_is_submitted(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", phone="0991-5550001")
    assert told(engine, "an", visit) == []


def test_what_was_typed_fills_the_next_form(engine, visit, people, lake):
    filled_in(engine, visit, people["chen"], found="well", phone="0991-5550001")
    hand_in(engine, visit, people["chen"])
    (change,) = told(engine, "an", visit)
    assert (change.kind, change.values, change.effective) == (
        "set",
        {"phone": "0991-5550001"},
        TODAY,
    )
    assert change.actor_id == people["chen"]
    assert change.provenance == {
        "source": "form", "entry": visit, "form": VISIT, "cell": "/phone", "department": "test",
    }  # fmt: skip
    report = apart.start(engine, REPORT, lake, OCTOBER.next(), actor=people["chen"])
    assert stored(engine, report).data["people"][0]["phone"] == "0991-5550001"


def test_what_was_corrected_keeps_its_reason_and_what_it_rested_on(engine, visit, people):
    with reading(engine) as session:
        newest = changes_of(session, "an")[-1].id
    with clock.fixed(FIXED_NOW + timedelta(minutes=1)):  # too late for the filling
        learn(engine, "an", "2026-10-30", phone="7")
    cells = {"/name": "Anna", "/grade": "1", "/found": "well"}
    post(engine, visit, people["chen"], cells, reasons={"/name": "as on the card"})
    hand_in(engine, visit, people["chen"])
    (change,) = told(engine, "an", visit)
    assert change.values == {"name": "Anna", "grade": "1"}
    assert change.provenance["cells"] == {"name": "/name", "grade": "/grade"}
    assert (change.based_on, change.reason) == (newest, "as on the card")


def test_a_derived_field_and_what_was_only_filled_are_never_written(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well")
    hand_in(engine, visit, people["chen"])
    assert told(engine, "an", visit) == []


def test_a_row_of_a_list_speaks_of_its_subject_from_the_periods_last_day(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "1", "/many": "4"})
    post(
        engine,
        report,
        people["chen"],
        {"/people/1/phone": "0991-5550002", "/people/3/phone": "0991-5550004"},
    )
    hand_in(engine, report, people["chen"])
    for subject, phone in (("bo", "0991-5550002"), ("du", "0991-5550004")):
        (change,) = told(engine, subject, report)
        assert (change.values, change.effective) == ({"phone": phone}, date(2026, 10, 31))
    assert told(engine, "an", report) == []


def test_a_row_that_somebody_added_speaks_of_nobody(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "1", "/many": "4"})
    with opened(engine, report) as (_session, entry):
        rows = [*entry.data["people"], {"name": "Fu", "phone": "1"}]
        entry.data = {**entry.data, "people": rows}
        typed = {"kind": "typed", "by": 1, "actor": "", "at": ""}
        entry.provenance = {**entry.provenance, "/people/4/phone": typed}
    hand_in(engine, report, people["chen"])
    for subject in ("an", "bo", "ci", "du", "ed"):
        assert told(engine, subject, report) == []


def test_a_late_report_does_not_overturn_what_was_found_since(engine, report, people):
    learn(engine, "bo", "2026-11-01", phone="newer")
    post(engine, report, people["chen"], {"/lent": "1", "/many": "4", "/people/1/phone": "older"})
    hand_in(engine, report, people["chen"])
    with reading(engine) as session:
        assert document_as_of(session, "bo", date(2026, 10, 31))["phone"] == "older"
        assert current(session, "bo").document["phone"] == "newer"


def test_submitting_again_says_nothing_twice(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", phone="0991-5550001")
    hand_in(engine, visit, people["chen"])
    learn(engine, "an", "2026-11-01", phone="corrected")
    give_back(engine, visit)
    filled_in(engine, visit, people["chen"], found="very well")
    hand_in(engine, visit, people["chen"])
    assert len(told(engine, "an", visit)) == 1
    give_back(engine, visit)
    filled_in(engine, visit, people["chen"], phone="0991-5550009")
    hand_in(engine, visit, people["chen"])
    assert [c.values["phone"] for c in told(engine, "an", visit)] == [
        "0991-5550001",
        "0991-5550009",
    ]


def test_what_is_put_back_after_it_was_submitted_is_put_back_in_the_register(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", name="Anna")
    post(engine, visit, people["chen"], {}, reasons={"/name": "so"})
    hand_in(engine, visit, people["chen"])
    give_back(engine, visit)
    filled_in(engine, visit, people["chen"], name="An")
    assert stored(engine, visit).provenance["/name"]["kind"] == "subject"
    hand_in(engine, visit, people["chen"])
    assert [c.values["name"] for c in told(engine, "an", visit)] == ["Anna", "An"]


def test_an_emptied_cell_clears_only_when_somebody_says_so(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", grade="")
    hand_in(engine, visit, people["chen"])
    assert told(engine, "an", visit) == []
    give_back(engine, visit)
    hand_in(engine, visit, people["chen"], cleared=["/grade"])
    (change,) = told(engine, "an", visit)
    assert (change.kind, change.values) == ("clear", {"grade": None})
    with reading(engine) as session:
        assert "grade" not in current(session, "an").document


def test_a_value_that_the_field_no_longer_has_stays_in_the_entry(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", phone="1")
    with opened(engine, visit) as (session, entry):
        schema = register_of(library(), "resident").schema
        wrong = [Problem("invalid", "no longer a code", "/phone")]
        submit(
            session,
            entry,
            people["chen"],
            registers=lambda n: Register(n, schema, lambda _v: wrong),
        )
    assert told(engine, "an", visit) == []


def test_who_has_moved_away_is_not_changed_from_here(engine, visit, people, lake):
    with writing(engine) as session:
        record(session, RESIDENT, "an", {"_unit": lake + 1}, "set", TODAY)
    filled_in(engine, visit, people["chen"], found="well", phone="1")
    hand_in(engine, visit, people["chen"])
    assert told(engine, "an", visit) == []


ELSEWHERE = {"phone": {"steward": "housing"}}


def test_a_field_of_another_steward_is_proposed(engine, visit, people, lake):
    filled_in(engine, visit, people["chen"], found="well", phone="0991-5550001")
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    assert told(engine, "an", visit) == []
    (one,) = proposed(engine)
    assert (one.department, one.state, one.values, one.known) == (
        "housing", "open", {"phone": "0991-5550001"}, {},
    )  # fmt: skip
    assert (one.entry_id, one.form, one.cell, one.proposed_by, one.unit_id) == (
        visit, VISIT, "/phone", people["chen"], lake,
    )  # fmt: skip
    with reading(engine) as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert event.details["proposed"] == ["/phone"]


def test_what_a_form_says_is_the_word_of_its_department(engine, visit, people):
    """An import of the same day gives way to the steward's own form, and to what the steward accepted."""
    filled_in(engine, visit, people["chen"], found="well", phone="0991-5550001")
    hand_in(engine, visit, people["chen"])
    with writing(engine) as session:
        of_the_day = {"known": {}, "unit_id": 1, "origin": proposals.Origin()}
        step = Step(subject_id="an", values={"house": "z"}, effective=TODAY)
        made = proposals.propose(session, RESIDENT, step, department="housing", **of_the_day)
        seen = proposals.now_known(session, made)
        proposals.accept(session, RESIDENT, made.id, None, seen=seen)
    with reading(engine) as session:
        for among in ((), ("an", "bo")):
            said = SaidBy(session, among).of("an")
            assert said("phone", TODAY) == "test"
            assert said("house", TODAY) == "housing"
            assert said("name", TODAY) == ""
        stewards = {"phone": "test", "house": "housing"}
        sender = Sender(department="aid", as_of=TODAY, steward_of=stewards)
        sent = decide({"phone": "2", "house": "y"}, current(session, "an").timeline, sender, said)
    assert (sent.kind, sent.sets) == ("conflict", {})


def test_a_proposal_is_made_once_and_follows_what_the_entry_says(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", phone="1")
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    give_back(engine, visit)
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    assert [p.state for p in proposed(engine)] == ["open"]
    give_back(engine, visit)
    filled_in(engine, visit, people["chen"], phone="2")
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    assert [p.state for p in proposed(engine)] == ["withdrawn", "open"]
    give_back(engine, visit)
    filled_in(engine, visit, people["chen"], phone="")
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    assert [p.state for p in proposed(engine)] == ["withdrawn", "withdrawn"]


def test_a_refused_proposal_is_not_made_again(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", phone="1")
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    with writing(engine) as session:
        proposals.refuse(session, proposed(engine)[0].id, people["li"], "that is a shop's number")
    give_back(engine, visit)
    hand_in(engine, visit, people["chen"], **ELSEWHERE)
    assert [p.state for p in proposed(engine)] == ["refused"]


@pytest.mark.parametrize(
    ("keywords", "asked"),
    [
        ({"steward": "housing", "writeBack": "direct"}, False),
        ({"steward": "test", "writeBack": "propose"}, True),
        ({"steward": "test"}, False),
        ({"steward": ""}, False),
    ],
)
def test_a_field_may_say_how_it_is_written_back(engine, visit, people, keywords, asked):
    filled_in(engine, visit, people["chen"], found="well", phone="1")
    hand_in(engine, visit, people["chen"], phone=keywords)
    assert len(proposed(engine)) == asked
    assert len(told(engine, "an", visit)) == (not asked)


def test_where_two_say_different_things_the_steward_is_asked(engine, visit, people):
    with clock.fixed(FIXED_NOW + timedelta(minutes=1)):
        learn(engine, "an", "2026-11-01", phone="another's", name="An")
        filled_in(engine, visit, people["chen"], found="well", phone="mine", name="Anna")
        hand_in(engine, visit, people["chen"])
    assert told(engine, "an", visit) == []
    found = {(p.department, *p.values.items(), *p.known.items()) for p in proposed(engine)}
    assert found == {
        ("test", ("phone", "mine"), ("phone", "another's")),
        ("test", ("name", "Anna"), ("name", "An")),
    }


def test_what_is_refused_at_the_end_leaves_no_trace(engine, visit, people):
    filled_in(engine, visit, people["chen"], found="well", phone="1")

    def stops():
        with opened(engine, visit) as (session, entry):
            submit(session, entry, people["chen"], registers=registers())
            raise RuntimeError("the machine stops here")

    with pytest.raises(RuntimeError):
        stops()
    assert told(engine, "an", visit) == []
    assert stored(engine, visit).state == "draft"


def test_with_todays_clock_a_running_period_tells_of_today(engine, lake, people):
    with clock.fixed(FIXED_NOW):
        running = apart.start(engine, REPORT, lake, OCTOBER.next(), actor=people["chen"])
        post(engine, running, people["chen"], {"/lent": "1", "/people/0/phone": "5"})
        if "many" not in stored(engine, running).data and "again" in stored(engine, running).data:
            post(engine, running, people["chen"], {"/many": "4"})
        hand_in(engine, running, people["chen"])
    (change,) = told(engine, "an", running)
    assert change.effective == TODAY


def test_what_was_recorded_while_a_slow_filling_ran_was_not_seen(engine, people, lake, monkeypatch):
    """Another's word that came while the registers were being read clashes as if it had come afterwards."""
    prefilled = life.prefilled

    def slow(*arguments):
        found = prefilled(*arguments)
        with clock.fixed(FIXED_NOW):
            learn(engine, "an", "2026-10-01", phone="another's")
        monkeypatch.setattr(clock, "now", lambda: FIXED_NOW + timedelta(seconds=9))
        return found

    monkeypatch.setattr(life, "prefilled", slow)
    with clock.fixed(FIXED_NOW - timedelta(seconds=9)):
        visit = apart.start(engine, VISIT, lake, None, "an", people["chen"])
    filled_in(engine, visit, people["chen"], found="well", phone="0991-5550001")
    hand_in(engine, visit, people["chen"])
    assert [one.values for one in proposed(engine)] == [{"phone": "0991-5550001"}]

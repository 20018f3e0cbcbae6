"""Proposals: they wait, become changes or not, and a fact that changed meanwhile is seen."""

from datetime import date

import pytest

from runtime.errors import Conflict, EntryError, NotFound
from runtime.facts import proposals
from runtime.facts.changes import Step, record
from runtime.facts.proposals import Origin, steward_to_ask
from runtime.facts.subjects import changes_of, current
from runtime.storage.engine import reading, writing

DAY = date(2026, 10, 20)


@pytest.fixture
def an(world):
    with writing(world.engine) as session:
        values = {"_unit": world.units["A"], "name": "An", "grade": "1"}
        record(session, world.people, "an", values, "set", date(2026, 1, 1))
    return world


def propose(world, kind="set", **values):
    with writing(world.engine) as session:
        step = Step(subject_id="an", values=values, effective=DAY, kind=kind, reason="seen")
        known = current(session, "an").document
        made = proposals.propose(
            session, world.people, step, department="health", known=known,
            unit_id=world.units["A"], origin=Origin(form="f", cell="/c"),
        )  # fmt: skip
        return made.id


def accept(world, proposal_id, seen):
    with writing(world.engine) as session:
        proposals.accept(session, world.people, proposal_id, None, seen=seen, answer="yes")


def an_now(world):
    with reading(world.engine) as session:
        return current(session, "an").document


@pytest.mark.parametrize(
    ("field", "department", "asked"),
    [
        ({"steward": "a"}, "a", ""),
        ({"steward": "a"}, "b", "a"),
        ({"steward": "a"}, None, ""),
        ({"steward": "a", "writeBack": "propose"}, "a", "a"),
        ({"steward": "a", "writeBack": "propose"}, None, "a"),
        ({"steward": "a", "writeBack": "direct"}, "b", ""),
        ({}, "b", ""),
    ],
)
def test_whose_steward_is_asked(field, department, asked):
    assert steward_to_ask(field, department) == asked


def test_a_proposal_is_not_known_until_it_is_accepted(an):
    made = propose(an, grade="2", phone="7")
    assert an_now(an) == {"name": "An", "grade": "1"}
    accept(an, made, {"grade": "1"})
    assert an_now(an) == {"name": "An", "grade": "2", "phone": "7"}
    with reading(an.engine) as session:
        held, change = proposals.get(session, made), changes_of(session, "an")[-1]
    assert (held.state, held.answer, held.change_id) == ("accepted", "yes", change.id)
    assert (change.effective, change.reason, change.provenance["proposal"]) == (DAY, "seen", made)


def test_a_clearing_can_be_proposed_too(an):
    accept(an, propose(an, kind="clear", grade=None), {"grade": "1"})
    assert an_now(an) == {"name": "An"}


def test_a_refusal_says_why_and_changes_nothing(an):
    made = propose(an, grade="2")
    with pytest.raises(EntryError, match="Say why"), writing(an.engine) as session:
        proposals.refuse(session, made, None, " ")
    with writing(an.engine) as session:
        proposals.refuse(session, made, None, "the certificate says 1")
    assert an_now(an)["grade"] == "1"
    with pytest.raises(Conflict, match="decided already"):
        accept(an, made, {"grade": "1"})


def test_a_fact_that_changed_meanwhile_is_seen_before_it_is_accepted(an):
    made = propose(an, grade="2")
    with writing(an.engine) as session:
        record(session, an.people, "an", {"grade": "3"}, "set", date(2026, 10, 1))
    with reading(an.engine) as session:
        held = proposals.get(session, made)
        now = proposals.now_known(session, held)
        assert proposals.has_moved_on(held, now)
    with pytest.raises(Conflict, match="has changed since"):
        accept(an, made, {"grade": "1"})
    accept(an, made, now)
    assert an_now(an)["grade"] == "2"


def test_what_is_wrong_is_not_even_proposed(an):
    with pytest.raises(EntryError, match="no field “shoe”"):
        propose(an, shoe="41")
    with pytest.raises(NotFound), reading(an.engine) as session:
        proposals.get(session, 99)


def test_of_who_is_erased_no_value_is_left(an):
    open_one, decided = propose(an, grade="2"), propose(an, phone="7")
    accept(an, decided, {})
    with writing(an.engine) as session:
        proposals.forget(session, "an")
    with reading(an.engine) as session:
        left = [proposals.get(session, one) for one in (open_one, decided)]
        assert not proposals.of_subjects(session, ["an"])
    assert [(p.state, p.values, p.known, p.reason, p.answer) for p in left] == [
        ("withdrawn", {}, {}, "", ""), ("accepted", {}, {}, "", ""),
    ]  # fmt: skip

"""A subject erased everywhere: entries and snapshots forget it, figures and the chain of digests stay."""

import json
import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from runtime import clock
from runtime.entry import apart, audit, life
from runtime.entry.erasing import entries_naming, erase_everywhere
from runtime.entry.retention import REASON, Erased, planned, retain
from runtime.entry.submit import broken_links, snapshot_of, submit
from runtime.facts.changes import Step, record
from runtime.facts.proposals import Origin, of_subjects, propose
from runtime.facts.registers import Register
from runtime.facts.staged.settle import hold
from runtime.facts.subjects import current
from runtime.storage.engine import reading, writing
from runtime.storage.tables import EntryRevision, Snapshot
from tests.entry.town import opened, post, stored
from tests.fill.library import REPORT, VISIT, library
from tests.fill.town import RESIDENT
from tests.rig import FIXED_NOW


def erase(engine, subject="bo", **more):
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        return erase_everywhere(session, RESIDENT, subject, None, "asked for", **more)


def hand_in(engine, entry_id, actor):
    with clock.fixed(FIXED_NOW), opened(engine, entry_id) as (session, entry):
        return submit(session, entry, actor).digest


@pytest.fixture
def handed_in(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "3", "/many": "4", "/people/1/note": "of Bo"})
    post(engine, report, people["chen"], {"/people/0/phone": "139"})
    post(
        engine, report, people["chen"], {"/people/1/name": "Bob"}, reasons={"/people/1/name": "Bo!"}
    )
    return hand_in(engine, report, people["chen"])


def everything(engine, entry_id):
    with reading(engine) as session:
        entry = life.load(session, entry_id)
        told = [entry.data, entry.choices, entry.provenance]
        for one in session.scalars(select(Snapshot).where(Snapshot.entry_id == entry_id)):
            told += [one.data, one.choices, one.provenance, one.sealed]
        revisions = select(EntryRevision).where(EntryRevision.entry_id == entry_id)
        told += [one.data for one in session.scalars(revisions)]
    return json.dumps(told, ensure_ascii=False, default=str)


def test_a_row_stands_and_its_values_are_gone(engine, report, handed_in, lake):
    before = stored(engine, report).data
    assert [row["name"] for row in before["people"]] == ["An", "Bob", "Ci", "Du"]
    assert "of Bo" in everything(engine, report)
    erase(engine)
    left = everything(engine, report)
    for gone in ("Bo", "of Bo", "Bob", "Bo!", '"bo"'):
        assert gone not in left
    for there in ("An", "Ci", "139"):
        assert there in left
    after = stored(engine, report).data
    assert [row.get("name") for row in after["people"]] == ["An", None, "Ci", "Du"]
    assert {k: v for k, v in after.items() if k != "people"} == {
        k: v for k, v in before.items() if k != "people"
    }


def test_the_chain_of_digests_is_whole_and_still_proves_what_is_left(
    engine, report, handed_in, lake
):
    erase(engine)
    with reading(engine) as session:
        assert snapshot_of(session, life.load(session, report)).digest == handed_in
        assert not list(broken_links(session, REPORT, lake))
        kept = snapshot_of(session, life.load(session, report))
        assert any(salt is None for salt, _hash in kept.sealed.values())
        for forged in (
            {**kept.data, "lent": 4},
            {**kept.data, "people": [{**kept.data["people"][0], "name": "Anna"}, *kept.data["people"][1:]]},
            {**kept.data, "people": [kept.data["people"][0], {"name": "Bo"}, *kept.data["people"][2:]]},
        ):  # fmt: skip
            true = kept.data
            kept.data = forged
            assert list(broken_links(session, REPORT, lake)) == [kept]
            kept.data = true


def test_a_snapshot_cannot_be_rewritten_without_an_erasure_that_reaches_it(
    engine, report, handed_in
):
    rewrite = text("UPDATE snapshot SET data = '{}'")
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as session:
        session.execute(rewrite)
    erase(engine, "ed")
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as session:
        session.execute(rewrite)
    erase(engine)
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as session:
        session.execute(text("UPDATE snapshot SET digest = ''"))


def test_all_of_an_entry_about_the_subject_goes(engine, people, lake):
    visit = apart.start(engine, VISIT, lake, None, "bo", people["chen"])
    post(engine, visit, people["chen"], {"/found": "alone"})
    hand_in(engine, visit, people["chen"])
    other = apart.start(engine, VISIT, lake, None, "an", people["chen"])
    erase(engine)
    assert "alone" not in everything(engine, visit)
    assert stored(engine, visit).data == {}
    assert stored(engine, other).data["name"] == "An"
    with reading(engine) as session:
        assert not list(broken_links(session, VISIT, lake))


def test_some_fields_alone(engine, report, handed_in, people, lake):
    visit = apart.start(engine, VISIT, lake, None, "bo", people["chen"])
    post(engine, visit, people["chen"], {"/found": "alone", "/phone": "137"})
    erase(engine, fields=["name", "phone"])
    assert stored(engine, visit).data == {"age": 18, "grade": "2", "found": "alone"}
    row = stored(engine, report).data["people"][1]
    assert row == {"age": 17, "note": "of Bo"}
    with reading(engine) as session:
        assert not list(broken_links(session, REPORT, lake))


def leave(engine, subject, day=date(2026, 10, 7), **told):
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        record(session, RESIDENT, subject, {"_unit": None} | told, "set", day)


def test_earlier_states_of_a_draft_that_no_longer_names_the_subject_hold_nothing(
    engine, report, people
):
    post(engine, report, people["chen"], {"/lent": "3"})
    leave(engine, "bo")
    apart.refill(engine, report, people["chen"])
    erase(engine)
    assert '"Bo"' not in everything(engine, report)


def test_where_rows_have_moved_the_right_one_is_erased(engine, report, people):
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        record(session, RESIDENT, "an", {"name": "Zhu"}, "set", date(2026, 10, 6))
    apart.refill(engine, report, people["chen"])
    post(engine, report, people["chen"], {"/lent": "3"})
    erase(engine)
    left = everything(engine, report)
    assert '"Bo"' not in left
    assert '"Zhu"' in left
    with reading(engine) as session:
        query = select(EntryRevision).where(EntryRevision.entry_id == report)
        for kept in session.scalars(query):
            assert [row.get("name") for row in kept.data["people"]] == [None, "Ci", "Du", "Zhu"]


def test_what_was_filled_again_with_the_same_rows_keeps_its_earlier_states(engine, report, people):
    leave(engine, "ed")
    apart.refill(engine, report, people["chen"])
    post(engine, report, people["chen"], {"/people/0/phone": "139"}, revision=1)
    assert stored(engine, report).data["people"][0]["phone"] == "139"


def test_a_returned_report_that_no_longer_names_the_subject_named_it_once(
    engine, report, handed_in, people, lake
):
    with opened(engine, report) as (_session, entry):
        entry.state = "returned"
    leave(engine, "ci")
    apart.refill(engine, report, people["chen"])
    assert '"Ci"' in everything(engine, report)
    erase(engine, "ci")
    assert '"Ci"' not in everything(engine, report)
    with reading(engine) as session:
        assert not list(broken_links(session, REPORT, lake))


def test_of_some_fields_only_what_was_proposed_of_them_goes(engine, lake):
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        for name in ("phone", "house"):
            step = Step(subject_id="bo", values={name: "1"}, effective=date(2026, 10, 7))
            more = {"department": "test", "known": {}, "unit_id": lake, "origin": Origin()}
            propose(session, RESIDENT, step, **more)
    erase(engine, fields=["phone"])
    with reading(engine) as session:
        assert [one.values for one in of_subjects(session, ["bo"])] == [{"house": "1"}]


def test_whoever_submits_meanwhile_and_an_erasure_wait_for_one_another(engine, report):
    """The submission has the entry and goes on to the subject; the erasure must not have the subject already."""
    with opened(engine, report) as (session, entry):
        life.locked(session, entry.id)
        other = threading.Thread(target=erase, args=(engine,))
        other.start()
        other.join(0.5)
        hold(session, ["bo"])
    other.join()
    with reading(engine) as session:
        assert current(session, "bo").erased_on is not None


def test_who_is_named_where(engine, report, people, lake):
    visit = apart.start(engine, VISIT, lake, None, "ed", people["chen"])

    def naming(subject):
        with reading(engine) as session:
            return {entry.id for entry in session.scalars(entries_naming(session, subject))}

    assert report in naming("bo")
    assert naming("ed") == {visit}


def test_it_is_audited_by_fields_never_by_values(engine, report, handed_in):
    erase(engine, fields=["phone"])
    with reading(engine) as session:
        (event,) = audit.events(session, "subject", "bo")
    assert event.action == "subject.erase"
    assert event.details == {"fields": ["phone"], "entries": 1, "reason": "asked for"}


KEPT = Register(
    "resident",
    {"properties": {
        name: {**field, "retention": {"phone": "P1M"}.get(name, "P2M")}
        for name, field in RESIDENT.schema["properties"].items()
    }},
)  # fmt: skip


@pytest.fixture
def keeping(monkeypatch):
    """The town's residents with a time after which their fields are erased."""
    monkeypatch.setattr("runtime.entry.retention.register_of", lambda _library, name: KEPT)
    document = library()
    monkeypatch.setattr(type(document), "addresses", lambda *_: ["…/dictionary/resident.json"])
    return document


def test_retention_erases_fields_then_the_whole_and_spares_who_came_back(engine, keeping, lake):
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        for subject in ("bo", "ci"):
            values = {"phone": "1"} if subject == "bo" else {"phone": "2"}
            record(session, RESIDENT, subject, values, "set", date(2026, 2, 1))
            record(session, RESIDENT, subject, {"_unit": None}, "set", date(2026, 3, 1))
        record(session, RESIDENT, "ci", {"_unit": lake}, "set", date(2026, 10, 1))
    only_phone = [Erased("resident", "bo", ("phone",))]
    assert planned(engine, keeping, date(2026, 4, 1)) == []
    assert planned(engine, keeping, date(2026, 4, 2)) == only_phone
    with clock.fixed(FIXED_NOW):
        assert retain(engine, keeping, date(2026, 4, 2)) == only_phone
        assert retain(engine, keeping, date(2026, 4, 2)) == []
    with reading(engine) as session:
        assert current(session, "bo").erased_on is None
        assert "phone" not in str(current(session, "bo").timeline)
    with clock.fixed(FIXED_NOW):
        assert retain(engine, keeping, date(2026, 5, 2)) == [Erased("resident", "bo")]
        assert retain(engine, keeping, date(2026, 5, 2)) == []
    with reading(engine) as session:
        assert current(session, "bo").erased_on == date(2026, 11, 1)
        assert current(session, "ci").document["phone"] == "2"
        details = [event.details["reason"] for event in audit.events(session, "subject", "bo")]
        assert details == [REASON, REASON]


def test_retention_reaches_what_was_taken_out_as_if_it_had_never_been(engine, keeping):
    """Such a subject belongs to no unit on any day, so time runs from the day on which it was taken out."""
    with clock.fixed(FIXED_NOW), writing(engine) as session:
        record(session, RESIDENT, "bo", {"_unit": None}, "set", date(2026, 1, 1))
    with clock.fixed(FIXED_NOW + timedelta(days=30)), writing(engine) as session:
        record(session, RESIDENT, "bo", {"phone": "1"}, "set", date(2026, 1, 1))
    assert planned(engine, keeping, date(2026, 12, 1)) == []
    assert planned(engine, keeping, date(2026, 12, 2)) == [Erased("resident", "bo", ("phone",))]
    assert planned(engine, keeping, date(2027, 1, 2)) == [Erased("resident", "bo")]
    with clock.fixed(FIXED_NOW):
        assert retain(engine, keeping, date(2027, 1, 2)) == [Erased("resident", "bo")]
        assert retain(engine, keeping, date(2027, 1, 2)) == []

import threading

import pytest
from sqlalchemy import select

from runtime import clock
from runtime.definitions.compile import compile_form
from runtime.entry import apart, life
from runtime.entry.submit import (
    NotReady,
    broken_links,
    digest_of,
    receipt,
    review,
    snapshot_of,
    submit,
)
from runtime.errors import Conflict, EntryError, NotFound, Problem
from runtime.storage.engine import reading, writing
from runtime.storage.tables import EntryRevision, Snapshot
from tests.entry.town import OCTOBER, actions, in_threads, opened, post, stored
from tests.fill.library import REPORT
from tests.rig import FIXED_NOW

COMPLETE = {"/lent": "3", "/many": "4"}


def submitted(engine, entry_id, actor, **options):
    with opened(engine, entry_id) as (session, entry):
        return submit(session, entry, actor, **options).digest


def test_a_complete_entry_is_frozen(engine, report, people, lake):
    post(engine, report, people["chen"], COMPLETE)
    digest = submitted(engine, report, people["chen"], revision=2)
    entry = stored(engine, report)
    assert (entry.state, entry.digest, entry.revision) == ("submitted", digest, 3)
    assert (entry.submitted_at, entry.submitted_by) == (FIXED_NOW, people["chen"])
    with reading(engine) as session:
        snapshot = snapshot_of(session, life.load(session, report))
        assert snapshot.data == entry.data
        assert snapshot.provenance == entry.provenance
        assert digest_of(entry, snapshot) == digest
        assert not list(broken_links(session, REPORT, lake))
        assert [r.revision for r in session.scalars(select(EntryRevision))] == [3]
    assert actions(engine, report) == ["entry.start", "entry.save", "entry.submit"]


def test_the_receipt_says_what_was_submitted(engine, report, people):
    with pytest.raises(NotFound), reading(engine) as session:
        receipt(session, life.load(session, report))
    post(engine, report, people["chen"], COMPLETE)
    digest = submitted(engine, report, people["li"])
    with reading(engine) as session:
        found = receipt(session, life.load(session, report))
    assert (found.title["en"], found.number, found.version) == ("Report", "T-01", 1)
    assert (found.unit["zh-CN"], found.period, found.submitted_by) == ("湖滨", "202610", "Li Na")
    assert (found.submitted_at, found.digest) == (FIXED_NOW, digest)
    assert found.code == f"{digest[:4]}-{digest[4:8]}-{digest[8:12]}".upper()


def test_what_is_wrong_is_told_and_nothing_is_written(engine, report, people):
    with pytest.raises(NotReady, match="2 cells must be corrected") as refused:
        submitted(engine, report, people["chen"])
    assert {p.pointer for p in refused.value.problems} == {"/lent", "/many"}
    assert (stored(engine, report).state, stored(engine, report).revision) == ("draft", 1)
    assert actions(engine, report) == ["entry.start"]


def test_plugins_are_asked_too_and_only_errors_hinder(engine, report, people):
    post(engine, report, people["chen"], COMPLETE)

    def says(severity):
        return lambda _plan, data: (
            [Problem("odd", "Odd.", "/lent", severity=severity)] * data["lent"]
        )

    with pytest.raises(NotReady, match="3 cells"):
        submitted(engine, report, people["chen"], checks=says("error"))
    with reading(engine) as session:
        entry = life.load(session, report)
        plan = life.plan_for(session, entry)
        assert len(review(plan, entry.data, entry.choices, says("warning"))) == 3
    submitted(engine, report, people["chen"], checks=says("warning"))


def test_hidden_cells_are_dropped(engine, report, people):
    post(engine, report, people["chen"], COMPLETE)
    post(engine, report, people["chen"], {"/all": "3"})
    assert stored(engine, report).data["many"] == 4
    submitted(engine, report, people["chen"])
    entry = stored(engine, report)
    assert not {"many", "again"} & entry.data.keys()
    assert not {"/many", "/again"} & entry.provenance.keys()


def test_after_submission_nothing_changes(engine, report, people):
    post(engine, report, people["chen"], COMPLETE)
    submitted(engine, report, people["chen"])
    with pytest.raises(EntryError, match="has been submitted"):
        submitted(engine, report, people["chen"])
    with pytest.raises(EntryError, match="has been submitted"):
        post(engine, report, people["chen"], {"/lent": "9"})
    with pytest.raises(EntryError, match="has been submitted"):
        apart.refill(engine, report, people["chen"])


def test_what_changed_since_the_review_must_be_reviewed_again(engine, report, people):
    post(engine, report, people["chen"], COMPLETE)
    post(engine, report, people["li"], {"/remarks": "new"})
    with pytest.raises(Conflict, match="since you reviewed"):
        submitted(engine, report, people["chen"], revision=2)


def complete(engine, period, lake, actor):
    entry = apart.start(engine, REPORT, lake, period, actor=actor)
    post(engine, entry, actor, {"/lent": "1"})
    if "again" in stored(engine, entry).data:
        post(engine, entry, actor, {"/many": "1"})
    return entry


def test_each_snapshot_follows_the_one_before(engine, people, lake):
    chen = people["chen"]
    report = complete(engine, OCTOBER, lake, chen)
    first = submitted(engine, report, chen)
    other = submitted(engine, complete(engine, OCTOBER, lake + 1, chen), chen)
    second = submitted(engine, complete(engine, OCTOBER.previous(), lake, chen), chen)
    with reading(engine) as session:
        chain = {s.digest: s.previous for s in session.scalars(select(Snapshot))}
        assert chain == {first: "", other: "", second: first}
        assert not list(broken_links(session, REPORT, lake))
        changed = snapshot_of(session, life.load(session, report))
        changed.data = {**changed.data, "lent": 2}
        assert [s.digest for s in broken_links(session, REPORT, lake)] == [first]


def test_two_submissions_at_once_do_not_fork_the_chain(engine, people, lake):
    chen, gate = people["chen"], threading.Barrier(4)
    periods = [OCTOBER]
    for _n in range(3):
        periods.append(periods[-1].previous())
    entries = [complete(engine, period, lake, chen) for period in periods]

    def work(n):
        gate.wait()
        with clock.fixed(FIXED_NOW):
            submitted(engine, entries[n], chen)

    in_threads(4, work)
    with reading(engine) as session:
        assert len(session.scalars(select(Snapshot)).all()) == 4
        assert not list(broken_links(session, REPORT, lake))


def test_one_of_two_submissions_of_one_entry_wins(engine, report, people):
    post(engine, report, people["chen"], COMPLETE)
    outcomes, gate = [], threading.Barrier(2)

    def work(n):
        gate.wait()
        with clock.fixed(FIXED_NOW):
            try:
                outcomes.append(submitted(engine, report, people["chen"]))
            except EntryError:
                outcomes.append("refused")

    in_threads(2, work)
    assert outcomes.count("refused") == 1
    with writing(engine) as session:
        assert len(session.scalars(select(Snapshot)).all()) == 1


def test_of_a_choice_only_the_branch_picked_is_explained():
    """What the other branch would want is nobody's business, wherever an entry is looked through."""
    branches = [
        {"title": t, "properties": {n: {"type": "integer", "minimum": 1}}, "required": [n]}
        for t, n in (("Card", "number"), ("Cash", "amount"))
    ]
    plan = compile_form({"type": "object", "oneOf": branches})
    for picked, at in (("0", "/number"), ("1", "/amount")):
        found = review(plan, {"number": 0, "amount": 0}, {"#oneOf": picked}, lambda *_told: ())
        assert at in [problem.pointer for problem in found]
        assert len(found) == 1

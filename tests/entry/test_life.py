import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from runtime import clock
from runtime.entry import apart, audit, life, versions
from runtime.entry.decode import decode
from runtime.entry.life import SaveConflict
from runtime.errors import Conflict, EntryError, NotFound
from runtime.periods import Period
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Entry, EntryRevision
from tests.entry.town import OCTOBER, actions, in_threads, opened, post, stored
from tests.fill.library import REPORT, VISIT
from tests.rig import FIXED_NOW


def test_an_entry_starts_as_a_filled_draft(engine, report, lake, people):
    entry = stored(engine, report)
    assert (entry.state, entry.revision, entry.period, entry.unit_id) == (
        "draft",
        1,
        "202610",
        lake,
    )
    assert entry.data["graded"]["total"]["total"] == 4
    assert entry.data["paid"] == Decimal("10.30")
    assert entry.provenance["/sum"] == {"kind": "formula"}
    assert entry.created_by == entry.updated_by == people["chen"]
    assert actions(engine, report) == ["entry.start"]


def test_starting_again_opens_the_same_entry_as_it_stands(engine, report, lake, people):
    post(engine, report, people["chen"], {"/lent": "3"})
    assert apart.start(engine, REPORT, lake, OCTOBER, actor=people["li"]) == report
    with writing(engine) as session:
        version = versions.require_latest(session, REPORT)
        again = life.start(session, version, lake, OCTOBER, actor=people["li"])
        assert (again.id, again.data["lent"]) == (report, 3)
    other = apart.start(engine, REPORT, lake, OCTOBER.previous(), actor=people["li"])
    assert other != report


def test_two_who_start_at_once_get_one_entry(engine, lake, people):
    found, gate = [], threading.Barrier(4)

    def begin(actor):
        gate.wait()
        with clock.fixed(FIXED_NOW):
            found.append(apart.start(engine, REPORT, lake, OCTOBER, actor=actor))

    in_threads(4, lambda n: begin(people["chen"]))
    assert len(set(found)) == 1
    assert len(found) == 4
    with reading(engine) as session:
        assert len(session.scalars(select(Entry)).all()) == 1
        assert len(session.scalars(select(EntryRevision)).all()) == 1
    assert actions(engine, found[0]) == ["entry.start"]


def test_a_form_about_a_subject_starts_for_the_subject(engine, lake, people):
    entry = stored(engine, apart.start(engine, VISIT, lake, subject_id="bo", actor=people["chen"]))
    assert (entry.subject_id, entry.period, entry.data["name"]) == ("bo", "", "Bo")
    other = apart.start(engine, VISIT, lake, subject_id="an")
    assert other != entry.id


def test_what_cannot_be_started_is_refused(engine, lake):
    with pytest.raises(EntryError, match="not for such a period"):
        apart.start(engine, REPORT, lake, Period.parse("2026Q3"))
    with pytest.raises(EntryError, match="not for such a period"):
        apart.start(engine, VISIT, lake, OCTOBER, subject_id="bo")
    with pytest.raises(EntryError, match="one subject"):
        apart.start(engine, VISIT, lake)
    with pytest.raises(NotFound, match="not been published"):
        apart.start(engine, "https://yibiao.example/defs/forms/test/none.json", lake, OCTOBER)
    with pytest.raises(NotFound):
        stored(engine, "nothing")


def test_what_is_typed_is_saved_with_who_and_when(engine, report, people):
    assert post(engine, report, people["chen"], {"/lent": "3", "/remarks": "fine"}) == 2
    entry = stored(engine, report)
    assert (entry.data["lent"], entry.data["remarks"], entry.data["sum"]) == (3, "fine", 7)
    assert entry.provenance["/lent"] == {
        "kind": "typed",
        "by": people["chen"],
        "actor": "Chen Wei",
        "at": "2026-11-01T01:30:00+00:00",
    }
    assert entry.provenance["/sum"] == {"kind": "formula"}
    assert entry.provenance["/all"]["kind"] == "register"
    with reading(engine) as session:
        details = audit.events(session, "entry", report)[-1].details
    assert details == {"revision": 2, "cells": ["/lent", "/remarks"]}


def test_saving_what_is_there_already_writes_nothing(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "3"})
    assert post(engine, report, people["li"], {"/lent": "3"}) == 2
    assert actions(engine, report) == ["entry.start", "entry.save"]
    assert stored(engine, report).updated_by == people["chen"]


def test_an_overridden_cell_keeps_what_was_filled_and_gets_it_back(engine, report, people):
    filled = stored(engine, report).provenance["/graded/2/grown"]
    post(engine, report, people["chen"], {"/graded/2/grown": "5"})
    entry = stored(engine, report)
    assert entry.data["graded"]["2"] == {"young": 0, "grown": 5, "total": 5}
    told = entry.provenance["/graded/2/grown"]
    assert (told["kind"], told["value"], told["was"], told["reason"]) == (
        "overridden",
        2,
        filled,
        "",
    )
    assert "count" not in entry.provenance["/graded/2/total"]
    post(engine, report, people["li"], {}, reasons={"/graded/2/grown": " two came back "})
    told = stored(engine, report).provenance["/graded/2/grown"]
    assert (told["reason"], told["actor"]) == ("two came back", "Chen Wei")
    post(engine, report, people["li"], {"/graded/2/grown": "6"})
    told = stored(engine, report).provenance["/graded/2/grown"]
    assert (told["value"], told["reason"], told["actor"]) == (2, "two came back", "Li Na")
    post(engine, report, people["li"], {"/graded/2/grown": "2"})
    assert stored(engine, report).provenance["/graded/2/grown"] == filled


def test_a_cell_that_was_typed_and_emptied_has_no_source(engine, report, people):
    post(engine, report, people["chen"], {"/remarks": "x"})
    post(engine, report, people["chen"], {"/remarks": ""})
    entry = stored(engine, report)
    assert "remarks" not in entry.data
    assert "/remarks" not in entry.provenance


def test_a_filled_cell_may_be_emptied_and_still_knows(engine, report, people):
    post(engine, report, people["chen"], {"/all": ""})
    entry = stored(engine, report)
    assert "all" not in entry.data
    assert entry.provenance["/all"]["value"] == 4


def test_two_who_type_into_different_cells_both_keep_theirs(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "3"}, revision=1)
    assert post(engine, report, people["li"], {"/remarks": "ok"}, revision=1) == 3
    entry = stored(engine, report)
    assert (entry.data["lent"], entry.data["remarks"], entry.data["sum"]) == (3, "ok", 7)
    assert entry.provenance["/lent"]["actor"] == "Chen Wei"
    assert entry.provenance["/remarks"]["actor"] == "Li Na"


def test_two_who_type_into_one_cell_are_told_and_nothing_is_lost(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "3"}, revision=1)
    with pytest.raises(SaveConflict, match="changed the same cells") as refused:
        post(engine, report, people["li"], {"/lent": "4", "/remarks": "ok"}, revision=1)
    assert refused.value.pointers == ("/lent",)
    assert refused.value.revision == 2
    assert [(c.mine, c.theirs) for c in refused.value.clashes] == [(4, 3)]
    assert "remarks" not in stored(engine, report).data
    assert post(engine, report, people["li"], {"/lent": "4", "/remarks": "ok"}, revision=2) == 3


def test_the_same_value_from_both_is_no_conflict(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "3"}, revision=1)
    assert post(engine, report, people["li"], {"/lent": "3"}, revision=1) == 2


def test_a_state_that_is_not_there_is_a_conflict(engine, report, people):
    with pytest.raises(Conflict, match="too old"):
        post(engine, report, people["chen"], {"/lent": "3"}, revision=7)


def test_checking_a_cell_reads_only(engine, report):
    with reading(engine) as session:
        entry = life.load(session, report)
        checked = life.check_cell(session, entry, 1, {"/lent": ["-1"]})
        assert checked.data["lent"] == -1
    assert stored(engine, report).revision == 1


def test_provenance_follows_its_row(engine, report, people):
    rows = stored(engine, report).data["people"]
    with opened(engine, report) as (session, entry):
        plan = life.plan_for(session, entry)
        data = {**entry.data, "people": [rows[2], rows[0] | {"note": "x"}, {"name": "New"}]}
        decoded = decode(plan, {}, data, {})
        life.save(session, entry, decoded, 1, people["li"])
    told = stored(engine, report).provenance
    assert told["/people/0/name"]["subject"] == "ci"
    assert told["/people/1/name"]["subject"] == "an"
    assert told["/people/1/note"]["kind"] == told["/people/2/name"]["kind"] == "typed"
    assert "/people/3/name" not in told


def test_nothing_of_eight_people_at_once_is_lost_unseen(engine, report, people):
    """Each adds their letter to a text again and again, and loads it anew whenever told of a conflict."""
    pointers = set()

    def add(letter):
        entry = stored(engine, report)
        text = entry.data["people"][0].get("note", "")
        mine = {"/people/0/note": text + letter, f"/people/{int(letter) % 4}/phone": letter}
        try:
            post(engine, report, people["chen"], mine, entry.revision)
        except SaveConflict as refused:
            pointers.update(refused.pointers)
            add(letter)

    def work(n):
        with clock.fixed(FIXED_NOW + timedelta(seconds=n)):
            for _time in range(5):
                add(str(n))

    in_threads(8, work)
    text = stored(engine, report).data["people"][0]["note"]
    assert sorted(text) == sorted("01234567" * 5)
    assert pointers <= {"/people/0/note", *(f"/people/{n}/phone" for n in range(4))}

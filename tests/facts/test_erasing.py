"""Erasing: values and reasons go from ledger, timeline and document; markers stay, and nothing comes back late."""

import json
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from runtime.errors import EntryError, NotFound
from runtime.facts.changes import Step, record, record_all
from runtime.facts.erased import erased_since
from runtime.facts.erasing import erase
from runtime.facts.subjects import changes_of, current, scan
from runtime.storage.engine import reading, writing
from runtime.storage.tables import Belonging
from tests.facts.histories import FIRST, steps
from tests.rig.profiles import examples

DAY = date(2026, 3, 1)
marks = count()
shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=examples(25),
)


def ask(world, values, kind="set", effective=DAY, subject="s", **more):
    with writing(world.engine) as session:
        return record(session, world.people, subject, values, kind, effective, **more)


def wipe(world, reason="asked for", subject="s", **more):
    with writing(world.engine) as session:
        return erase(session, world.people, subject, None, reason, **more)


@pytest.fixture
def known(world):
    ask(world, {"_unit": world.units["A"], "name": "陈伟", "phone": "1"}, reason="陈伟 said so")
    ask(world, {"grade": "2"}, effective=date(2026, 4, 1), change_id="grade")
    return world


def test_values_and_reasons_go_and_the_markers_stay(known):
    wipe(known, change_id="e")
    with reading(known.engine) as session:
        told = changes_of(session, "s")
        subject = current(session, "s")
        assert [(c.kind, c.values, c.reason) for c in told] == [
            ("set", {"_unit": None, "name": None, "phone": None}, ""),
            ("set", {"grade": None}, ""),
            ("erase", {}, "asked for"),
        ]
        assert [c.effective for c in told[:2]] == [DAY, date(2026, 4, 1)]
        assert (subject.timeline, subject.document, subject.unit_id) == ([], {}, None)
        assert subject.erased_on == date(2026, 11, 1) == told[2].effective


def test_a_late_fact_meets_the_tombstone_and_a_late_repetition_changes_nothing(known):
    wipe(known)
    for kind in ("set", "confirm", "clear"):
        with pytest.raises(EntryError, match="was erased on 1 Nov 2026"):
            ask(known, {"_unit": known.units["A"], "name": "陈伟"}, kind)
    again = ask(known, {"grade": "2"}, effective=date(2026, 4, 1), change_id="grade")
    assert again.values == {"grade": None}
    with reading(known.engine) as session:
        assert current(session, "s").timeline == []


def test_asked_for_again_it_is_the_same_and_anew_it_is_refused(known):
    assert wipe(known, change_id="e") == wipe(known, change_id="e") == "e"
    with pytest.raises(EntryError, match="was erased on"):
        wipe(known)
    with reading(known.engine) as session:
        assert len(changes_of(session, "s")) == 3


def test_some_fields_alone(known):
    wipe(known, fields=["phone"])
    with reading(known.engine) as session:
        subject = current(session, "s")
        assert subject.document == {"name": "陈伟", "grade": "2"}
        assert [c.values for c in changes_of(session, "s")] == [
            {"_unit": known.units["A"], "name": "陈伟", "phone": None},
            {"grade": "2"},
            {"phone": None},
        ]
        assert subject.erased_on is None
    ask(known, {"phone": "2"})
    with reading(known.engine) as session:
        assert current(session, "s").document["phone"] == "2"


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"reason": " "}, EntryError, "needs a reason"),
        ({"fields": ["_unit"]}, EntryError, "cannot be erased alone"),
        ({"fields": ["shoe"]}, EntryError, "has no field “shoe”"),
        ({"subject": "nobody"}, NotFound, "no such subject"),
    ],
)
def test_what_is_wrong_is_refused(known, wrong, error, says):
    with pytest.raises(error, match=says):
        wipe(known, **wrong)
    with reading(known.engine) as session:
        assert len(changes_of(session, "s")) == 2


def test_a_figure_worked_out_anew_lacks_those_erased_and_it_is_told_how_many(known):
    ask(known, {"_unit": known.units["B"]}, subject="t")
    ask(known, {"_unit": known.units["B"]}, effective=date(2026, 6, 1))

    def counted(unit, day):
        with reading(known.engine) as session:
            here = known.units[unit]
            found = sum(1 for _ in scan(session, known.people, here, day))
            return found, erased_since(session, "resident", here, day)

    before = [counted(*at) for at in (("A", DAY), ("B", DAY), ("S1", date(2026, 11, 1)))]
    assert before == [(1, 0), (1, 0), (2, 0)]
    wipe(known)
    after = [counted(*at) for at in (("A", DAY), ("B", DAY), ("S1", date(2026, 11, 1)))]
    assert after == [(0, 1), (1, 0), (1, 1)]
    with reading(known.engine) as session:
        days = session.scalars(select(Belonging.to_day).where(Belonging.subject_id == "s"))
        assert max(days) == date(2026, 11, 1)


@given(history=steps(), fields=st.sampled_from([(), ("name",), ("name", "grade")]))
@shared
def test_whatever_was_recorded_nothing_of_it_is_left(world, history, fields):
    mark = f"-{next(marks)}"
    own = [_marked(step, mark) for step in history]
    with writing(world.engine) as session:
        record_all(session, world.people, own)
    wipe(world, subject=f"s1{mark}", fields=fields)
    with reading(world.engine) as session:
        subject = current(session, f"s1{mark}")
        left = json.dumps([c.values for c in changes_of(session, f"s1{mark}")], ensure_ascii=False)
        left += json.dumps([subject.timeline, subject.document], ensure_ascii=False)
        assert not {"陈伟", "李娜"} & {name for name in ("陈伟", "李娜") if name in left}
        if not fields:
            assert (subject.timeline, subject.unit_id) == ([], None)
            for n in range(-1, 11):
                members = scan(session, world.people, 1, FIRST + timedelta(n))
                assert f"s1{mark}" not in {member.subject_id for member in members}


def _marked(step, mark):
    return Step(
        subject_id=step.subject_id + mark,
        values=step.values,
        kind=step.kind,
        effective=step.effective,
        change_id=step.change_id + mark,
        reason="陈伟",
    )

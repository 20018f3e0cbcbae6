"""Search: by any part of a name, pinyin, number, address; within the unit only; kept with every change."""

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin
from sqlalchemy import select

from runtime.facts.changes import Step, record, record_many
from runtime.facts.erasing import erase
from runtime.facts.registers import Register
from runtime.facts.search import find, plain, searched, words
from runtime.facts.succession import merge
from runtime.storage.engine import reading, writing
from runtime.storage.unit_tables import LONGEST_WORD, SearchWord
from tests.facts.histories import FIRST, replayed, steps
from tests.rig.profiles import examples

DAY = date(2026, 3, 1)
TODAY = date(2026, 11, 1)
marks = count()
PEOPLE = Register(
    "resident",
    {
        "label": ["name"],
        "identity": [["number"], ["name", "born"]],
        "properties": {
            "name": {"type": "string"},
            "number": {"type": "string", "format": "cn-ric"},
            "phone": {"type": "string", "format": "phone"},
            "address": {"type": "string", "maxLength": 120},
            "born": {"type": "string", "format": "date"},
            "sex": {"type": "string", "oneOf": [{"const": "1"}]},
            "kind": {"$ref": "../code-lists/kind.json"},
            "grade": {"type": "integer"},
        },
    },
)
CHEN = {
    "name": "陈伟明",
    "number": "990101198005050018",
    "phone": "13900001234",
    "address": "湖滨路 12 号 3 栋 2 单元 501 室",
    "born": "1980-05-05",
}


def told(world, subject, values, kind="set", day=DAY):
    with writing(world.engine) as session:
        record(session, PEOPLE, subject, values, kind, day)


def found(world, query, unit="C", most=50):
    with reading(world.engine) as session:
        return find(session, "resident", world.units[unit], query, TODAY, most)


@pytest.fixture
def chen(world):
    told(world, "chen", {"_unit": world.units["A"], **CHEN})
    told(world, "wang", {"_unit": world.units["B"], "name": "王小明", "address": "河东路9号"})
    told(world, "ann", {"_unit": world.units["B"], "name": "Ann O’Neill"})
    return world


@given(name=st.text("王小明行长重庆乐单曾 aA1·", max_size=8))
def test_a_name_is_spoken_as_a_whole_though_its_parts_are_remembered(name):
    whole = [plain(one) for one in lazy_pinyin(plain(name))]
    found = words(searched(PEOPLE.schema), {"name": name})
    if not plain(name).isascii():
        assert "".join(whole)[:LONGEST_WORD] in found


def test_the_register_says_what_is_searched():
    fields = searched(PEOPLE.schema)
    assert (fields.names, fields.numbers, fields.texts) == (
        ("name",),
        ("number", "phone"),
        ("address",),
    )
    assert fields.phones == {"phone"}


HOUSEHOLDS = {
    "label": ["household_number", "head"],
    "identity": [["household_number"], ["head", "address"]],
    "properties": {
        "household_number": {"type": "string"},
        "head": {"type": "string"},
        "address": {"type": "string"},
        "phone": {"type": "string", "format": "phone"},
        "remarks": {"type": "string", "format": "long-text"},
    },
}


def test_what_alone_identifies_is_searched_as_a_number_in_the_label_too():
    fields = searched(HOUSEHOLDS)
    assert (fields.names, fields.numbers, fields.texts) == (
        ("household_number", "head"),
        ("household_number", "phone"),
        ("address", "remarks"),
    )
    found = words(fields, {"household_number": "H01002-0070"})
    assert found == {"h010020070", "0070"}
    assert words(fields, {"phone": "13900001234"}) == {"13900001234", "1234"}


@pytest.mark.parametrize(
    "query",
    ["长乐街", "长乐街170号", "长乐街 170号", "荷花街道", "荷花街道长乐街", "湖滨区", "星澜市湖滨区荷花街道",
     "301室", "170号1幢"],
)  # fmt: skip
def test_an_address_is_found_from_each_of_its_parts_on(world, query):
    address = "星澜市湖滨区荷花街道长乐街170号1幢2单元301室"
    told(world, "li", {"_unit": world.units["A"], "name": "李", "address": address})
    english = "41 Qingfeng Road, Lotus Street"
    told(world, "lee", {"_unit": world.units["A"], "name": "Lee", "address": english})
    assert found(world, query) == ["li"]
    for asked in ("Qingfeng Road", "lotus street", "41 qingfeng", "Lotus"):
        assert found(world, asked) == ["lee"]


@pytest.mark.parametrize(
    "query",
    ["陈", "陈伟", "伟明", "陈伟明", "chen", "chenwei", "chenweiming", "weim", "CWM", "cw", "wm",
     "990101198005050018", "99010119", "0018", "050018", "13900001234", "1234", "139-0000",
     "湖滨路", "湖滨路12号", "湖滨路 501", "501室", "湖滨路 12号", "陈 湖滨", "chen 1234", "chen wei", "明 cwm"],
)  # fmt: skip
def test_found_by(chen, query):
    assert found(chen, query) == ["chen"]


@pytest.mark.parametrize("query", ["陈明", "1980-05-05", "chm", "王 湖滨路", "9999", "", "  -  "])
def test_not_found_by(chen, query):
    assert "chen" not in found(chen, query)


def test_a_part_of_two_names_finds_both_and_never_more_than_asked_for(chen):
    assert set(found(chen, "明")) == {"chen", "wang"}
    assert len(found(chen, "明", most=1)) == 1
    assert found(chen, "oneill") == found(chen, "o'neill") == found(chen, "ann") == ["ann"]


def test_only_within_the_unit(chen):
    assert found(chen, "明", "A") == ["chen"]
    assert found(chen, "明", "B") == ["wang"]
    assert set(found(chen, "明", "S1")) == {"chen", "wang"}
    assert found(chen, "明", "S2") == []


def test_of_another_register_nothing(chen):
    with reading(chen.engine) as session:
        assert find(session, "venue", chen.units["C"], "陈", TODAY, 9) == []


def test_who_moves_is_found_there_and_who_leaves_nowhere(chen):
    told(chen, "chen", {"_unit": chen.units["D"]})
    assert (found(chen, "陈", "S1"), found(chen, "陈", "D")) == ([], ["chen"])
    told(chen, "chen", {"_unit": None})
    assert found(chen, "陈") == []
    told(chen, "chen", {"_unit": chen.units["A"]})
    assert found(chen, "cwm", "A") == ["chen"]
    merge(chen.engine, chen.units["A"], chen.units["D"], date(2026, 5, 1))
    assert (found(chen, "cwm", "A"), found(chen, "cwm", "D")) == ([], ["chen"])


def test_a_new_name_takes_the_place_of_the_old(chen):
    told(chen, "chen", {"name": "程维"})
    assert (found(chen, "陈"), found(chen, "cwm"), found(chen, "cw")) == ([], [], ["chen"])
    told(chen, "chen", {"address": None}, "clear")
    assert (found(chen, "湖滨"), found(chen, "程")) == ([], ["chen"])


def test_a_correction_of_the_past_does_not_rename_who_is_called_otherwise_today(chen):
    told(chen, "chen", {"name": "程维"}, day=date(2026, 5, 1))
    told(chen, "chen", {"name": "李"}, day=date(2026, 4, 1))
    assert (found(chen, "李"), found(chen, "程")) == ([], ["chen"])


def test_who_is_erased_is_not_found(chen):
    with writing(chen.engine) as session:
        erase(session, PEOPLE, "wang", None, "asked for", fields=["name"])
    assert (found(chen, "王"), found(chen, "河东路")) == ([], ["wang"])
    with writing(chen.engine) as session:
        erase(session, PEOPLE, "wang", None, "asked for")
        left = session.scalars(select(SearchWord).where(SearchWord.subject_id == "wang"))
        assert left.all() == []


def test_whatever_is_asked_is_no_pattern(chen):
    for query in ("%", "_", "'", '"', "\\", "陈%", "%明", "*", "\U0010ffff"):
        assert found(chen, query) in ([], ["chen"], found(chen, plain(query)))


shared = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=examples(12),
)


@given(history=steps(), size=st.integers(1, 4))
@shared
def test_after_any_history_the_words_are_those_of_today(world, history, size):
    mark = f"-{next(marks)}"
    own = [
        Step(
            subject_id=step.subject_id + mark,
            values=step.values,
            kind=step.kind,
            effective=step.effective,
        )
        for step in history
    ]
    people = Register(
        "resident", {"label": ["name"], "properties": {"name": {"type": "string"}, "grade": {}}}
    )
    record_many(world.engine, people, own, batch=size)
    fields = searched(people.schema)
    with reading(world.engine) as session:
        for subject in {step.subject_id for step in history}:
            now = replayed([s for s in history if s.subject_id == subject], TODAY)
            unit = now.pop("_unit", None)
            expected = {(unit, word) for word in words(fields, now)} if unit else set()
            rows = select(SearchWord.unit_id, SearchWord.word).where(
                SearchWord.subject_id == subject + mark
            )
            assert {tuple(row) for row in session.execute(rows)} == expected
    assert FIRST < TODAY

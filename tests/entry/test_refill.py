from copy import deepcopy
from datetime import date

import pytest

from runtime import language
from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.entry import apart, life
from runtime.entry.decode import decode
from runtime.entry.differences import differences
from runtime.entry.refill import prepare, refill
from runtime.entry.versions import publish_version
from runtime.errors import Conflict, NotFound
from runtime.facts.changes import record
from runtime.facts.units import by_code
from runtime.storage.engine import reading, writing
from tests.entry.town import OCTOBER, actions, opened, post, stored
from tests.fill.library import REPORT, documents
from tests.fill.town import RESIDENT


def learn(engine, subject, day, **values):
    """Something becomes known after the report was filled."""
    with writing(engine) as session:
        record(session, RESIDENT, subject, values, "set", date.fromisoformat(day))


def test_filling_anew_takes_what_is_known_now_and_keeps_what_was_typed(engine, report, people):
    post(engine, report, people["chen"], {"/lent": "3", "/graded/1/young": "7"})
    typed = stored(engine, report).provenance
    learn(engine, "du", "2026-10-05", grade="2")
    apart.refill(engine, report, people["li"])
    entry = stored(engine, report)
    assert entry.data["graded"]["2"] == {"young": 0, "grown": 3, "total": 3}
    assert entry.data["graded"]["1"] == {"young": 7, "grown": 0, "total": 7}
    assert (entry.data["lent"], entry.data["sum"]) == (3, 7)
    for pointer in ("/lent", "/graded/1/young"):
        assert entry.provenance[pointer] == typed[pointer]
    assert actions(engine, report)[-1] == "entry.refill"


def test_filled_rows_keep_what_was_typed_into_them_with_their_subject(engine, report, people):
    post(engine, report, people["chen"], {"/people/1/note": "asked", "/people/3/name": "Du Fu"})
    learn(engine, "an", "2026-10-06", name="Zhu", phone="123")
    apart.refill(engine, report, people["li"])
    entry = stored(engine, report)
    assert entry.data["people"] == [
        {"name": "Bo", "age": 17, "note": "asked"},
        {"name": "Ci", "age": 18},
        {"name": "Du Fu", "age": 36},
        {"name": "Zhu", "age": 76, "phone": "123"},
    ]
    told = entry.provenance
    assert told["/people/0/note"]["kind"] == "typed"
    assert (told["/people/2/name"]["kind"], told["/people/2/name"]["value"]) == ("overridden", "Du")
    assert told["/people/3/phone"]["subject"] == "an"


def test_a_cell_that_was_emptied_stays_empty(engine, report, people):
    post(engine, report, people["chen"], {"/all": "", "/people/0/name": ""})
    apart.refill(engine, report, people["li"])
    entry = stored(engine, report)
    assert "all" not in entry.data
    assert entry.data["people"][0] == {"age": 76}
    assert entry.provenance["/all"]["value"] == 4
    apart.refill(engine, report, people["li"], at="/all")
    assert stored(engine, report).data["all"] == 4


def test_rows_that_a_person_added_or_typed_into_stay(engine, report, people, lake):
    with opened(engine, report) as (session, entry):
        plan = life.plan_for(session, entry)
        data = {**entry.data, "people": [*entry.data["people"], {"name": "New"}]}
        life.save(session, entry, decode(plan, {}, data, {}), 1, people["chen"])
    post(engine, report, people["chen"], {"/people/1/note": "gone"})
    learn(engine, "bo", "2026-10-07", _unit=lake + 1)
    apart.refill(engine, report, people["li"])
    rows = stored(engine, report).data["people"]
    assert [row["name"] for row in rows] == ["An", "Ci", "Du", "Bo", "New"]
    assert rows[3]["note"] == "gone"


def test_one_cell_gets_its_filled_value_back(engine, report, people):
    before = stored(engine, report)
    post(engine, report, people["chen"], {"/all": "9", "/graded/1/young": "7"})
    apart.refill(engine, report, people["li"], at="/all")
    entry = stored(engine, report)
    assert (entry.data["all"], entry.data["sum"]) == (4, 4)
    assert entry.provenance["/all"] == before.provenance["/all"]
    assert entry.data["graded"]["1"]["young"] == 7
    with pytest.raises(NotFound, match="no filled value"):
        apart.refill(engine, report, people["li"], at="/lent")


def test_somebody_who_saves_meanwhile_is_not_overwritten(engine, report, people):
    with reading(engine) as session:
        prepared = prepare(session, life.load(session, report))
    post(engine, report, people["chen"], {"/lent": "3"})
    with pytest.raises(Conflict), opened(engine, report) as (session, entry):
        refill(session, entry, people["li"], prepared=prepared)
    assert stored(engine, report).data["lent"] == 3


@pytest.fixture
def listed(engine, people, lake):
    """A list of people whose first cell names the unit, before any that names the person."""
    unit = {"title": "Unit", "type": "string", "fill": {"unit": "title"}}
    document = deepcopy(documents()[REPORT])
    rows = document["properties"]["people"]["items"]["properties"]
    document["properties"]["people"]["items"]["properties"] = {"unit": unit, **rows}
    address = REPORT.replace("report", "listed")
    documents_ = {**documents(), address: {**document, "$id": address}}
    plan = compile_form(address, library=Library.of(documents_))
    with writing(engine) as session:
        publish_version(session, plan, "{}")
    return apart.start(engine, address, lake, OCTOBER, actor=people["chen"])


def test_a_row_is_the_person_s_though_it_names_the_unit_first(engine, listed, people):
    post(engine, listed, people["chen"], {"/people/1/note": "of Bo", "/people/2/note": "of Ci"})
    learn(engine, "an", "2026-10-06", name="Zhu")
    apart.refill(engine, listed, people["li"])
    rows = stored(engine, listed).data["people"]
    assert [(row["name"], row.get("note")) for row in rows] == [
        ("Bo", "of Bo"), ("Ci", "of Ci"), ("Du", None), ("Zhu", None),
    ]  # fmt: skip


def test_a_title_in_another_language_is_no_difference(engine, listed):
    entry = stored(engine, listed)
    assert entry.data["people"][0]["unit"] == "Lakeside"
    with reading(engine) as session, language.using("zh-CN"):
        assert differences(session, life.load(session, listed)).items == ()
    with writing(engine) as session:
        by_code(session, "lake").title = {"en": "Seaside", "zh-CN": "海滨"}
    with reading(engine) as session, language.using("zh-CN"):
        found = differences(session, life.load(session, listed)).items
    assert {(one.kept, one.now) for one in found} == {("Lakeside", "海滨")}

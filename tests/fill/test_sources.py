"""Programs that fill cells: asked once, for a limited time, their values judged; none of them stops a form."""

import threading
import time
from datetime import date

import pytest

from runtime.definitions.check import check
from runtime.definitions.compile import compile_form
from runtime.definitions.load import Library
from runtime.entry.state import failure_words
from runtime.fill import supplied
from runtime.fill.filling import fill
from runtime.fill.sources import MOST_FAILURES, Sources
from runtime.hooks import SourceRefused, Supplied
from runtime.periods import Period
from tests.fill.library import BASE, documents

FORM = BASE + "forms/test/weather.json"
OCTOBER = Period.parse("202610")


def _asks(name, **schema):
    return {"title": name, "type": "integer", "minimum": 0, "fill": {"source": name}, **schema}


CELLS = {
    "rain": _asks("works"),
    "wind": _asks("works", maximum=12),
    "sun": _asks("works"),
    "secret": _asks("refuses"),
    "broken": _asks("crashes"),
    "late": _asks("hangs"),
    "gone": _asks("nowhere"),
    "all": {"$ref": "../../indicators/people.json#/properties/all"},
}


class Works:
    name, title = "works", {"en": "Weather office"}

    def __init__(self):
        self.asked = []

    def supply(self, asked):
        self.asked.append(asked)
        given = {"/rain": Supplied(3, date(2026, 10, 30), "two stations"), "/wind": Supplied(99)}
        return {**given, "/all": Supplied(1)}


class Refuses:
    name, title = "refuses", {"en": "Secret office"}

    def supply(self, _asked):
        raise SourceRefused("not for this unit")


class Crashes:
    name, title = "crashes", {"en": "Crash office"}

    def supply(self, _asked):
        raise ZeroDivisionError("by zero")


class Hangs:
    name, title = "hangs", {"en": "Slow office"}

    def __init__(self):
        self.free = threading.Event()
        self.times = 0

    def supply(self, _asked):
        self.times += 1
        self.free.wait(20)
        return {}


@pytest.fixture
def there(monkeypatch):
    made = Sources(limit=0.2)
    kinds = [Works(), Refuses(), Crashes(), Hangs()]
    for one in kinds:
        made.include(one)
    monkeypatch.setattr(supplied, "sources", made)
    yield {one.name: one for one in kinds}
    kinds[3].free.set()


@pytest.fixture
def plan():
    return compile_form(FORM, library=library())


def library(**cells):
    form = {
        "$schema": f"{BASE}schemas/form.json",
        "$id": FORM,
        "title": "Weather",
        "department": "test",
        "frequency": "monthly",
        "level": ["community"],
        "due": {"days": 5},
        "type": "object",
        "properties": cells or CELLS,
    }
    return Library.of({**documents(), FORM: form})


def filled(session, plan, lake, **more):
    return fill(session, plan, lake, OCTOBER, **more)


def test_a_source_is_asked_once_for_all_its_cells_and_told_of_what(session, lake, plan, there):
    found = filled(session, plan, lake)
    assert found.data["rain"] == 3
    assert found.provenance["/rain"] == {
        "kind": "source",
        "source": "works",
        "asOf": "2026-10-30",
        "note": "two stations",
    }
    (asked,) = there["works"].asked
    assert (asked.unit, asked.period, asked.last) == ("lake", "202610", date(2026, 10, 31))
    assert set(asked.cells) == {"/rain", "/wind", "/sun"}
    assert "/sun" not in found.provenance


def test_what_does_not_fit_the_cell_is_not_taken(session, lake, plan, there):
    found = filled(session, plan, lake)
    assert "wind" not in found.data
    assert found.provenance["/wind"]["failed"] == "wrong"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("secret", "refused"), ("broken", "broken"), ("late", "slow"), ("gone", "absent")],
)
def test_one_that_fails_is_named_and_stops_nothing(session, lake, plan, there, cell, code):
    found = filled(session, plan, lake)
    assert cell not in found.data
    told = found.provenance[f"/{cell}"]
    assert (told["kind"], told["failed"]) == ("source", code)
    assert told["source"] in failure_words(told)
    assert ("note" in told) == (code == "refused"), "words of an exception may name a person"


def test_one_that_hangs_is_left_behind_and_after_three_times_not_asked(session, lake, plan, there):
    start = time.monotonic()
    codes = [
        filled(session, plan, lake).provenance["/late"]["failed"] for _n in range(MOST_FAILURES + 2)
    ]
    assert codes == ["slow"] * MOST_FAILURES + ["off"] * 2
    assert there["hangs"].times == MOST_FAILURES
    assert time.monotonic() - start < 10


def test_a_refusal_is_an_answer_and_is_asked_for_again(session, lake, plan, there):
    for _n in range(MOST_FAILURES + 1):
        told = filled(session, plan, lake).provenance["/secret"]
    assert (told["failed"], told["note"]) == ("refused", "not for this unit")


def test_what_was_typed_and_what_a_rule_knows_come_first(session, lake, plan, there):
    found = filled(session, plan, lake, data={"rain": 7})
    assert (found.data["rain"], found.data["all"]) == (7, 4)
    assert "/rain" not in there["works"].asked[0].cells
    assert found.provenance["/all"]["kind"] == "register"


def test_nobody_is_asked_who_need_not_be(session, lake, plan, there):
    found = filled(session, plan, lake, ask_sources=False)
    assert there["works"].asked == []
    assert set(found.data) == {"all"}


def test_a_definition_that_names_no_source_that_is_there_is_told(there):
    told = {
        (p.code, p.pointer)
        for p in check(library(), [FORM])
        if p.code.startswith(("source", "fil"))
    }
    assert told == {("source-unknown", "/properties/gone/fill/source")}
    both = _asks("works", fill={"source": "works", "count": "resident"})
    told = {p.code for p in check(library(rain=both), [FORM])}
    assert "fill-beside" in told

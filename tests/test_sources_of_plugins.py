"""A department whose plugin brings a source: its form is filled from it, and goes on without it."""

import json

import pytest

from runtime.definitions.address import form_address
from runtime.entry import apart, life
from runtime.entry.decode import decode
from runtime.entry.differences import differences
from runtime.facts import units
from runtime.fill.sources import sources
from runtime.periods import Period
from runtime.settings import from_environment
from runtime.site import initialise, open_site
from runtime.storage.engine import reading, writing

PLUGIN = """
from runtime.hooks import SourceRefused, Supplied, hookimpl

ANSWERS = {}


class Stations:
    name, title = "weather-stations", {"en": "Weather stations"}

    def supply(self, asked):
        if "refusal" in ANSWERS:
            raise SourceRefused(ANSWERS["refusal"])
        return {pointer: Supplied(ANSWERS.get("rain", 3)) for pointer in asked.cells}


@hookimpl
def yibiao_sources():
    return [Stations()]
"""
FORM = {
    "$schema": "https://yibiao.example/defs/schemas/form.json",
    "title": "Weather",
    "department": "weather",
    "frequency": "monthly",
    "level": ["community"],
    "due": {"days": 5},
    "type": "object",
    "properties": {
        "rain": {"type": "integer", "title": "Rain", "fill": {"source": "weather-stations"}}
    },
}


@pytest.fixture
def weather(tmp_path, fixed_now):
    folder = tmp_path / "plugins" / "weather"
    (folder / "form_defs" / "forms" / "weather").mkdir(parents=True)
    (folder / "form_defs" / "forms" / "weather" / "rain.json").write_text(json.dumps(FORM))
    (folder / "plugin.py").write_text(PLUGIN)
    site = open_site(
        from_environment(
            {"YIBIAO_HOME": str(tmp_path / "home"), "YIBIAO_PLUGINS": str(tmp_path / "plugins")}
        )
    )
    initialise(site)
    with writing(site.engine) as session:
        units.add_unit(session, "lake", "community", {"en": "Lake"})
    yield site
    site.close()


def begin(site):
    with reading(site.engine) as session:
        lake = units.by_code(session, "lake").id
    address = form_address("weather/rain")
    return apart.start(site.engine, address, lake, Period.parse("202610"))


def answers(site):
    """What its source gives: an object of the plugin's module."""
    return sources._there["weather-stations"].supply.__globals__["ANSWERS"]


def stored(site, entry_id):
    with reading(site.engine) as session:
        entry = life.load(session, entry_id)
        return entry.data, entry.provenance.get("/rain", {})


def differing(site, entry_id, **more):
    with reading(site.engine) as session:
        found = differences(session, life.load(session, entry_id), **more)
    return [(d.kept, d.now) for d in found.items]


def test_its_form_is_filled_and_a_later_answer_is_a_difference_at_submit_only(weather):
    assert weather.plugins.reports[-1].problem == ""
    entry = begin(weather)
    data, told = stored(weather, entry)
    assert (data, told["source"]) == ({"rain": 3}, "weather-stations")
    answers(weather)["rain"] = 5
    assert differing(weather, entry) == []
    assert differing(weather, entry, ask_sources=True) == [(3, 5)]
    apart.refill(weather.engine, entry, None, at="/rain")
    assert stored(weather, entry)[0] == {"rain": 5}


def test_what_it_gave_before_stays_where_it_refuses_now(weather):
    entry = begin(weather)
    answers(weather)["refusal"] = "closed on Sundays"
    assert differing(weather, entry, ask_sources=True) == []
    apart.refill(weather.engine, entry, None)
    data, told = stored(weather, entry)
    assert data == {"rain": 3}
    assert "failed" not in told


def test_a_cell_that_it_left_empty_is_typed_and_nobody_asks_why(weather):
    answers(weather)["refusal"] = "closed on Sundays"
    entry = begin(weather)
    data, told = stored(weather, entry)
    assert (data, told["failed"], told["note"]) == ({}, "refused", "closed on Sundays")
    with writing(weather.engine) as session:
        held = life.load(session, entry)
        plan = life.plan_for(session, held)
        life.save(session, held, decode(plan, {"/rain": ["9"]}, held.data, {}), 1, None)
    data, told = stored(weather, entry)
    assert (data, told["kind"]) == ({"rain": 9}, "typed")
    del answers(weather)["refusal"]
    apart.refill(weather.engine, entry, None)
    assert stored(weather, entry)[0] == {"rain": 9}

"""The list of a register: by what its subjects are called, however many they are; with their number and address."""

import re
from datetime import date

import pytest

from runtime.facts.changes import Step, record_many
from runtime.facts.registers import register_of
from runtime.facts.search import find
from runtime.facts.units import below, by_code
from runtime.storage.engine import reading
from runtime.web import listing, registers
from tests.web.test_registers import site

__all__ = ["site"]
HERE = "9901010010001"
NAMES = [f"Zz {letter}{n}" for letter in "cab" for n in range(40)]
DAY = date(2026, 1, 5)


@pytest.fixture
def many(site):
    """A hundred and twenty residents in the units of a community, by turns; their ids are in another order."""
    with reading(site.engine) as session:
        units = below(session, by_code(session, HERE).id, DAY)
    places = [units[n % len(units)] for n in range(len(NAMES))]
    steps = [
        Step(subject_id=f"z{n:03}", values={"_unit": unit, "name": name, "address": f"9 {name} Road"}, effective=DAY)
        for n, (name, unit) in enumerate(zip(NAMES, places, strict=True))
    ]  # fmt: skip
    record_many(site.engine, register_of(site.library, "resident"), steps)
    return dict(zip(NAMES, places, strict=True))


def listed(staff, **asked):
    """The names on all pages of the list, and the first page."""
    names, first = [], staff.get("/registers/resident", query_string=asked).text
    for page in range(1, 99):
        text = staff.get("/registers/resident", query_string={**asked, "page": page}).text
        found = re.findall(r'<th scope="row"><a [^>]*>([^<]*)<', text)
        if not found:
            return names, first
        names += found
    raise AssertionError


@pytest.mark.databases("sqlite", "postgresql")
def test_in_the_order_of_names_with_their_number_and_address(staff, many):
    names, page = listed(staff)
    assert names == sorted(names)
    assert [n for n in names if n in many] == sorted(NAMES)
    assert f"{len(names)} here and below" in page
    assert '<th scope="col">Address</th>' in page
    assert "9 Zz a0 Road" in staff.get("/registers/resident?q=Zz+a0").text


@pytest.mark.databases("sqlite", "postgresql")
def test_where_there_are_very_many_those_of_a_unit_stand_together(staff, many, monkeypatch):
    every, _page = listed(staff)
    monkeypatch.setattr(listing, "SORTED", 10)
    names, _page = listed(staff)
    assert sorted(names) == sorted(every), (
        "nobody is lost between two pages, and nobody stands twice"
    )
    ours = [name for name in names if name in many]
    units = list(dict.fromkeys(many[name] for name in ours))
    assert len(units) == len(set(many.values()))
    assert ours == [n for unit in units for n in sorted(NAMES) if many[n] == unit]


@pytest.mark.databases("sqlite")
def test_what_was_found_is_counted_as_far_as_it_was_looked(staff, many):
    assert "more than 50 found" in staff.get("/registers/resident?q=Zz").text
    assert "120 found" in staff.get("/registers/resident?q=Zz&page=3").text
    assert "1 found" in staff.get("/registers/resident?q=Zz+a7").text
    assert "0 found" in staff.get("/registers/resident?q=nobodyhere").text


@pytest.mark.databases("sqlite")
def test_of_what_was_found_only_the_first_pages_are_there(staff, many, monkeypatch):
    monkeypatch.setattr(registers, "MOST_FOUND", 2)
    wanted = []
    monkeypatch.setattr(registers, "find", lambda *a: wanted.append(a[-1]) or find(*a))
    last = staff.get("/registers/resident?q=Zz&page=999999999").text
    assert wanted == [2 * listing.PER_PAGE + 1]
    assert "page 2" in last
    assert "more than 100 found" in last
    assert "page=3" not in last
    assert "page=2" in staff.get("/registers/resident?q=Zz").text

"""What forms ask of a subject: old where a figure reads it, missing only where it leaves a gap."""

from datetime import date

import pytest

from runtime.fill.asked import asked_of
from tests.fill.library import REPORT, VISIT, library, plan_of

TODAY = date(2026, 11, 1)
AGES = {"grade": "P1Y", "phone": "P6M", "sex": "P1Y", "house": "P1M"}
GRADED = {"_unit": 1, "name": "An", "birth_date": "1950-05-05", "grade": "1", "phone": "1"}


def asked():
    schema = library().register("resident")
    fields = {
        name: {**one, **({"maxAge": AGES[name]} if name in AGES else {})}
        for name, one in schema["properties"].items()
    }
    return asked_of([plan_of(REPORT)], {"resident": {**schema, "properties": fields}})["resident"]


def lacking(day="2026-10-01", *more, **told):
    values = {**GRADED, **told}
    return asked().lacking([[day, values], *more], TODAY)


def test_nothing_is_asked_of_whom_all_is_known():
    assert lacking() == []


@pytest.mark.parametrize(
    ("day", "old"),
    [
        ("2026-05-01", []),
        ("2026-04-30", ["phone"]),
        ("2025-11-01", ["phone"]),
        ("2025-10-31", ["grade", "phone"]),
    ],
)
def test_what_a_report_reads_grows_old(day, old):
    assert lacking(day, sex="1", house="b") == old


def test_what_was_confirmed_is_fresh_and_what_is_to_come_does_not_count():
    assert lacking("2024-01-01", ["2026-10-30", {"phone": "1"}]) == ["grade"]
    assert lacking("2024-01-01", ["2026-11-02", {"phone": "1"}]) == ["grade", "phone"]


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({"phone": None}, ["phone"]),  # a cell of the row
        ({"birth_date": None}, ["birth_date"]),  # the breakdown by age
        ({"phone": None, "grade": None}, []),  # neither counted nor listed
        ({"phone": None, "grade": "3"}, []),
        ({"house": None, "sex": None}, []),  # nobody asks
    ],
)
def test_missing_is_what_leaves_a_gap(told, missing):
    assert lacking(**told) == missing


def test_a_form_without_figures_asks_nothing_of_a_whole_register():
    assert asked_of([plan_of(VISIT)], {}) == {}

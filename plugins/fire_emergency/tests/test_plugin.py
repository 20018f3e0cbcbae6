"""The department's checks through its hook, with entries as small as they can be."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from plugins.fire_emergency.plugin import yibiao_problems
from runtime.api import Plan, Problem

VISIT = {"date": "2026-10-12", "venue": "Harbour Noodles", "kind": "restaurant"}


def problems(data: Any, form: str = "inspection-list") -> list[Problem]:
    """What the hook says of an entry of one of the department's forms."""
    address = f"https://yibiao.example/defs/forms/fire-emergency/{form}.json"
    return list(yibiao_problems(cast("Plan", SimpleNamespace(address=address)), data))


def test_a_remedy_that_is_due_before_the_visit() -> None:
    visits = [VISIT, {**VISIT, "time": "09:30", "remedy_due": "2026-10-11"}]
    (problem,) = problems({"inspections": visits})
    assert problem.code == "remedy-before-visit"
    assert problem.pointer == "/inspections/1/remedy_due"


@pytest.mark.parametrize("due", ["2026-10-12", "2026-11-01"])
def test_a_remedy_that_is_due_on_the_day_or_later(due: str) -> None:
    assert problems({"inspections": [{**VISIT, "remedy_due": due}]}) == []


def test_one_visit_entered_twice_is_a_warning_on_the_second_row() -> None:
    (problem,) = problems({"inspections": [VISIT, {**VISIT, "venue": "Harbour Noodles "}]})
    assert (problem.code, problem.pointer) == ("entered-twice", "/inspections/1/venue")
    assert problem.severity == "warning"
    assert "Harbour Noodles" in problem.message


def test_two_visits_on_one_day_at_two_times() -> None:
    visits = [{**VISIT, "time": "09:30"}, {**VISIT, "time": "16:00"}]
    assert problems({"inspections": visits}) == []


def test_other_forms_are_none_of_its_business() -> None:
    data = {"inspections": [{**VISIT, "remedy_due": "2000-01-01"}]}
    assert problems(data, "small-premises-monthly") == []


@pytest.mark.parametrize(
    "data",
    [None, {}, [], {"inspections": None}, {"inspections": [None, {}, {"date": 3, "venue": []}]}],
)
def test_what_is_not_filled_yet_is_no_problem(data: Any) -> None:
    assert problems(data) == []

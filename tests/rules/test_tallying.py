"""What a change of some fields asks of the rules is all that it changes of the tallies."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.facts.timeline import insert
from runtime.rules.tallied import Tallied
from runtime.rules.tallying import changed_fields, contributions, difference
from tests.facts.tallies.town import RULES, lives

HORIZON = date(2028, 12, 31)


def whole():
    slot, found = 0, []
    for rule in RULES.values():
        found.append((slot, rule))
        slot = Tallied([(slot, rule)], HORIZON).rules[0].end
    return Tallied(found, HORIZON)


TALLIED = whole()


def timeline_of(steps):
    found = []
    for step in steps:
        found = insert(found, step.effective, dict(step.values))
    return found


@given(steps=lives(), cut=st.integers(0, 17))
def test_asking_only_the_rules_that_a_change_touches_makes_the_same_difference(steps, cut):
    before, after = timeline_of(steps[:cut]), timeline_of(steps)
    every = difference(contributions(after, TALLIED), contributions(before, TALLIED))
    old = contributions(before, TALLIED)
    some = TALLIED.touched_by(changed_fields(before, after))
    if some is None:
        assert (every.events, every.members) == ({}, old.members)
        return
    less, more = contributions(before, some), contributions(after, some)
    assert difference(more, less).events == every.events
    assert (old.members - less.members) | more.members == every.members


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([], [["2026-01-01", {"a": 1}]], {"a"}),
        ([["2026-01-01", {"a": 1, "b": 2}]], [["2026-01-01", {"a": 1, "b": 3}]], {"b"}),
        ([["2026-01-01", {"a": 1}]], [["2026-01-01", {"a": True}]], {"a"}),
        ([["2026-01-01", {"a": 1}]], [["2026-01-02", {"a": 1}]], {"a"}),
        ([["2026-01-01", {"a": 10**30}]], [["2026-01-01", {"a": 10**30}]], set()),
    ],
)
def test_the_fields_of_which_something_else_is_said(before, after, changed):
    assert changed_fields(before, after) == changed

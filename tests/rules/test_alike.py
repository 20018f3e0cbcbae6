"""What rules remember of people who are alike never changes what somebody else adds."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from runtime.facts.timeline import insert
from runtime.rules.tallied import Tallied
from runtime.rules.tallying import contributions
from tests.facts.tallies.town import RULES, days, values

HORIZON = date(2028, 12, 31)
SLOTTED = [(100 * n, rule) for n, rule in enumerate(RULES.values())]
KNOWING = Tallied(SLOTTED, HORIZON)
"""The same for all examples: it remembers them."""


@given(unit=st.sampled_from([4, 5]), said=st.lists(st.tuples(days, values), min_size=1))
def test_who_is_counted_by_what_is_remembered_is_counted_right(unit, said):
    timeline = insert([], min(day for day, _said in said), {"_unit": unit})
    for day, told in said:
        timeline = insert(timeline, day, told)
    assert contributions(timeline, KNOWING) == contributions(timeline, Tallied(SLOTTED, HORIZON))

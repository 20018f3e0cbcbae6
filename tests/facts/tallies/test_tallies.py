"""Tallies say what a scan says, for any history, on any day, of any unit; and are told apart while rules change."""

from contextlib import contextmanager

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from runtime.facts.changes import record_all
from runtime.facts.tallies.basis import adopt
from runtime.facts.tallies.proof import compared, units
from runtime.facts.tallies.reading import figures, figures_of_each
from runtime.facts.tallies.upkeep import count_some
from runtime.fill.scan import read, wanted_of
from runtime.periods import Period
from runtime.rules.figures import Counter
from runtime.storage.tally_tables import TallyMember
from tests.facts.tallies.town import DAYS, PEOPLE, RULES, lives
from tests.rig.profiles import examples

calm = settings(
    max_examples=examples(12),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
PERIODS = [Period.parse(p) for p in ("202402", "202403", "2024Q1", "2025", "202610")]


def scanned(session, rules, unit, first, last):
    counters = {name: Counter(rule, first, last) for name, rule in rules.items()}
    present = read(session, wanted_of((c.rule, c) for c in counters.values()), unit, last)
    return {name: told(one.figures) for name, one in counters.items()}, present


def told(found):
    cells = {c: (one.value, one.subjects, one.different) for c, one in found.cells.items()}
    whole = found.of(("total",) * max(map(len, cells), default=0))
    return cells, found.outside, (whole.value, whole.subjects, whole.different)


def tallied(session, rules, unit, first, last):
    found, present = figures(session, rules, unit, first, last)
    return {name: told(one) for name, one in found.items()}, present


SPANS = [(day, day) for day in DAYS] + [(p.first, p.last) for p in PERIODS]
some_spans = st.lists(st.sampled_from(SPANS), min_size=2, max_size=4, unique=True)


def require_same(session, spans, rules=RULES):
    for unit in (1, 4, 5):
        for first, last in spans:
            found, present = tallied(session, rules, unit, first, last)
            assert (found, present) == scanned(session, rules, unit, first, last)
    for first, last in spans:
        require_the_same_for_all(session, rules, first, last)


def require_the_same_for_all(session, rules, first, last):
    """Read for all units at once the figures are what they are for each."""
    units = range(1, 7)
    each = figures_of_each(session, rules, units, first, last)
    for unit in units:
        found, present = each[unit]
        alone = tallied(session, rules, unit, first, last)
        assert ({name: told(one) for name, one in found.items()}, present) == alone


@contextmanager
def undone(engine):
    """A transaction of which nothing is kept, so that one world does for all examples."""
    with Session(engine) as session, session.begin() as transaction:
        yield session
        transaction.rollback()


def take_over(session, rules):
    for basis in adopt(session, rules):
        while count_some(session, "resident", basis):
            pass


@calm
@given(steps=lives(), late=st.booleans(), cut=st.integers(0, 17), spans=some_spans)
def test_tallies_are_equal_to_a_scan_for_any_history(world, steps, late, cut, spans):
    with undone(world.engine) as session:
        if not late:
            take_over(session, RULES.values())
        record_all(session, PEOPLE, steps[:cut])
        if late:
            take_over(session, RULES.values())
        for step in steps[cut:]:
            record_all(session, PEOPLE, [step])
        require_same(session, spans)


@calm
@given(
    steps=lives(),
    cut=st.integers(0, 17),
    kept=st.sets(st.sampled_from(sorted(RULES))),
    spans=some_spans,
)
def test_rules_that_come_and_go_leave_nothing_behind(world, steps, cut, kept, spans):
    rules = {name: RULES[name] for name in kept}
    with undone(world.engine) as session:
        take_over(session, RULES.values())
        record_all(session, PEOPLE, steps[:cut])
        made = adopt(session, rules.values())
        found, _present = figures(session, RULES, 1, DAYS[-1], DAYS[-1])
        if steps[:cut]:
            assert set(found) == set(kept)  # what both bases have is read all the while
        record_all(session, PEOPLE, steps[cut:])
        for basis in made:
            while count_some(session, "resident", basis):
                pass
        require_same(session, spans, rules)
        take_over(session, ())
        values = session.scalars(select(TallyMember.slot)).all()
        assert values == []


@calm
@given(steps=lives(), cut=st.integers(0, 17))
def test_the_proof_finds_nothing_and_after_damage_just_that_unit(world, steps, cut):
    with undone(world.engine) as session:
        take_over(session, RULES.values())
        record_all(session, PEOPLE, steps)
        assert [compared(session, unit) for unit in units(session)] == [None] * len(units(session))

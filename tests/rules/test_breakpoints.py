from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runtime.definitions.plan import By, Rule
from runtime.errors import DefinitionError
from runtime.rules.derive import breakpoints, compile_derive
from runtime.rules.figures import Counter
from runtime.rules.thresholds import thresholds_of

FIRST, LAST = date(2023, 12, 30), date(2026, 3, 2)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]

DERIVE = {
    "age": {"whole": "years", "since": "born"},
    "months": {"whole": "months", "since": "born"},
    "days": {"whole": "days", "since": "seen"},
    "years_left": {"whole": "years", "until": "ends"},
    "months_left": {"whole": "months", "until": "ends"},
    "days_left": {"whole": "days", "until": "ends"},
    "never": {"whole": "years", "since": "age"},
    "older": {"compare": ["age", ">", "limit"]},
    "equal": {"compare": ["limit", "=", "months_left"]},
    "sooner": {"compare": ["months_left", "<=", "age"]},
    "early": {"compare": ["born", "<", "seen"]},
    "odd": {"compare": ["older", "=", "equal"]},
}
NUMBERS = [name for name, one in DERIVE.items() if "whole" in one]
AWKWARD = [date(2024, 2, 29), date(2024, 1, 31), date(2025, 2, 28), date(2024, 12, 31), date(2020, 2, 29)]  # fmt: skip
DATES = st.one_of(
    st.sampled_from(AWKWARD), st.dates(date(2022, 1, 1), date(2028, 12, 31)), st.dates()
).map(date.isoformat)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "born": DATES,
        "seen": DATES,
        "ends": DATES,
        "limit": st.integers(-3, 30) | st.decimals(-2, 9, places=1),
    },
)
SMALL = st.integers(-4, 30) | st.integers(-900, 900) | st.decimals(-3, 9, places=1)
FIELD = st.recursive(
    st.one_of(
        st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]).flatmap(
            lambda word: st.fixed_dictionaries({word: SMALL})
        ),
        st.fixed_dictionaries({"const": st.booleans() | SMALL}),
        st.fixed_dictionaries({"enum": st.lists(SMALL, max_size=3)}),
        st.fixed_dictionaries({"type": st.sampled_from(["integer", "boolean"])}),
    ),
    lambda inner: (
        st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)})
    ),
    max_leaves=3,
)
NAMES = st.sampled_from(list(DERIVE))
SUBJECT = st.recursive(
    st.one_of(
        st.fixed_dictionaries({"required": st.lists(NAMES, max_size=2)}),
        st.fixed_dictionaries({"properties": st.dictionaries(NAMES, FIELD, max_size=2)}),
        st.just({"const": {"ends": "2024-02-29", "days_left": 0}}),
    ),
    lambda inner: (
        st.fixed_dictionaries({"not": inner})
        | st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)})
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)})
    ),
    max_leaves=4,
)
BANDS = st.lists(st.integers(-3, 30), min_size=1, max_size=3, unique=True).map(
    lambda cuts: {
        "low": (None, min(cuts)),
        "up": (min(cuts) + 2, max(cuts) + 3),
        "top": (max(cuts) + 4, None),
    }
)
BREAKDOWNS = st.one_of(
    st.builds(lambda name, bands: By(name, tuple(bands), bands), st.sampled_from(NUMBERS), BANDS),
    st.builds(By, st.sampled_from(NUMBERS), st.just(("-1", "0", "1", "7"))),
    st.just(By("older", ("true", "false"))),
)


def turning(name, threshold, document):
    found = breakpoints(DERIVE, {name: {threshold}}, document, FIRST, LAST)
    return sorted(day.isoformat() for day in found)


@pytest.mark.parametrize(
    ("name", "threshold", "document", "expected"),
    [
        ("age", 5, {"born": "2020-02-29"}, ["2025-03-01"]),
        ("age", 4, {"born": "2020-02-29"}, ["2024-02-29"]),
        ("months", 1, {"born": "2024-01-31"}, ["2024-03-01"]),
        ("months", 13, {"born": "2024-01-31"}, ["2025-03-01"]),
        ("age", 0, {"born": "2025-01-01"}, ["2025-01-01"]),
        ("age", -1, {"born": "2025-01-01"}, []),
        ("days", 100, {"seen": "2024-01-01"}, ["2024-04-10"]),
        ("days_left", 0, {"ends": "2025-01-31"}, ["2025-02-01"]),
        ("days_left", 30, {"ends": "2025-01-31"}, ["2025-01-02"]),
        ("years_left", 1, {"ends": "2026-02-28"}, ["2025-03-01"]),
        ("years_left", 1, {"ends": "2028-02-29"}, []),
        ("years_left", 3, {"ends": "2028-02-29"}, ["2025-03-01"]),
        ("years_left", 0, {"ends": "2024-02-29"}, ["2025-03-01"]),
        ("months_left", 0, {"ends": "2024-01-31"}, ["2024-03-01"]),
        ("months_left", -1, {"ends": "2024-01-31"}, ["2024-03-31"]),
        ("older", 0, {"born": "2006-05-06", "limit": 18}, ["2024-05-06", "2025-05-06"]),
        ("early", 0, {"born": "2024-05-06", "seen": "2024-05-07"}, []),
        ("never", 1, {"born": "2024-05-06"}, []),
        ("age", 1, {}, []),
        ("age", 10**9, {"born": "2024-05-06"}, []),
        ("days_left", -3, {"ends": "9999-12-31"}, []),
    ],
)
def test_the_day_on_which_an_answer_turns(name, threshold, document, expected):
    assert turning(name, threshold, document) == expected


def test_the_first_day_is_known_already_and_the_last_is_asked_for():
    asked = {"age": {1}}
    document = {"born": "2024-06-01"}
    there = breakpoints(DERIVE, asked, document, date(2025, 5, 31), date(2025, 6, 1))
    assert there == {date(2025, 6, 1)}
    assert breakpoints(DERIVE, asked, document, date(2025, 6, 1), date(2026, 5, 31)) == set()


@given(st.sampled_from([n for n in NUMBERS if n != "never"]), st.integers(-40, 60), DOCUMENTS)
def test_a_number_passes_its_threshold_on_that_day_and_no_other(name, threshold, document):
    derive = compile_derive(DERIVE)
    values = [derive(document, day).get(name, -1) >= threshold for day in DAYS]
    passed = {
        day for day, was, now in zip(DAYS[1:], values, values[1:], strict=False) if was != now
    }
    assert breakpoints(DERIVE, {name: {threshold}}, document, FIRST, LAST) == passed


@given(SUBJECT, st.lists(BREAKDOWNS, max_size=2), DOCUMENTS)
@example({"required": ["age"]}, [], {"born": "2024-02-29"})
@example({"properties": {"older": {"const": True}}}, [], {"born": "2004-02-29", "limit": 20})
def test_between_two_breakpoints_no_answer_changes(where, by, document):
    rule = Rule("it", "count", "resident", where=where, by=tuple(by), derive=DERIVE)
    turns = breakpoints(DERIVE, thresholds_of(rule), document, FIRST, LAST)
    derive, counter = compile_derive(DERIVE), Counter(rule, FIRST, LAST)
    before = None
    for day in DAYS:
        found = derive(document, day)
        answer = (counter.amount(found), counter.codes(found))
        assert day in (FIRST, *turns) or answer == before
        before = answer


def test_what_a_rule_does_not_speak_of_has_no_thresholds():
    where = {"required": ["age"], "properties": {"age": {"minimum": 60}, "sex": {"const": 3}}}
    assert thresholds_of(Rule("it", "count", "resident", where=where, derive=DERIVE)) == {
        "age": {0, 60}
    }
    assert thresholds_of(Rule("it", "count", "resident", derive=DERIVE)) == {}


def test_a_comparison_is_named_without_numbers():
    rule = Rule("it", "count", "resident", where={"required": ["older"]}, derive=DERIVE)
    assert thresholds_of(rule) == {"older": frozenset()}


def test_a_figure_that_moves_every_day_has_no_breakpoints():
    with pytest.raises(DefinitionError, match="age"):
        thresholds_of(Rule("it", "sum", "resident", field="age", derive=DERIVE))

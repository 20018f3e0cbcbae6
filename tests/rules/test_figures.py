from collections import Counter as Tally
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.plan import By, Rule
from runtime.fields.base import MISSING
from runtime.rules.figures import Counter, matches, read_off

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
SEX = By("sex", ("1", "2"))
AGE = By("age", ("0-17", "18+"), {"0-17": (None, 17), "18+": (18, None)})


def rule(**changes):
    return Rule(definition="it", op=changes.pop("op", "count"), register="resident", **changes)


def counted(rule, documents):
    counter = Counter(rule, FIRST, LAST)
    for n, document in enumerate(documents):
        counter.see(f"s{n}", document, date(2026, 1, 1 + n))
    return counter.figures


@pytest.mark.parametrize(
    ("value", "code"),
    [(0, "0-17"), (17, "0-17"), (Decimal("17.0"), "0-17"), (18, "18+"), (120, "18+"), ("x", None)],
)
def test_a_band_takes_both_its_ends(value, code):
    figures = counted(rule(by=(AGE,)), [{"age": value}])
    assert list(figures.cells) == ([(code,)] if code else [])
    assert figures.outside == (code is None)


def test_a_number_beyond_the_bands_is_left_out_on_purpose():
    elderly = By("age", ("60+",), {"60+": (60, None)})
    figures = counted(rule(by=(elderly,)), [{"age": 59}, {"age": 60}, {}])
    assert figures.of(("total",)).value == 1
    assert figures.outside == 1


@pytest.mark.parametrize("value", [None, "x", "", True, 3, [], {}])
def test_what_is_in_no_list_counts_in_no_cell_and_no_total(value):
    figures = counted(rule(by=(SEX,)), [{"sex": value}, {}, {"sex": "1"}])
    assert figures.outside == 2
    assert figures.of(("total",)).value == figures.of(("1",)).value == 1


@pytest.mark.parametrize(("value", "code"), [(True, "true"), (2, "2"), ("2", "2")])
def test_codes_that_are_no_texts_are_found_by_their_text(value, code):
    figures = counted(rule(by=(By("it", ("true", "2")),)), [{"it": value}])
    assert figures.of((code,)).value == 1


def test_nothing_found_is_a_figure_too():
    figures = counted(rule(by=(SEX, AGE)), [])
    assert figures.of(("1", "total")).value == 0
    assert counted(rule(), []).of(()).value == 0


def test_sums_are_exact_and_leave_out_what_is_no_number():
    amounts = ["0.10", "0.20", "99999999999999999999999999999.01"]
    documents = [{"amount": Decimal(a)} for a in amounts] + [{"amount": "x"}, {}, {"amount": True}]
    figure = counted(rule(op="sum", field="amount"), documents).of(())
    assert figure.value == Decimal("99999999999999999999999999999.31")
    assert figure.subjects == 3
    assert counted(rule(op="sum", field="n"), [{"n": 1}, {"n": 2}]).of(()).value == 3


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        ("2026-09-30", False),
        ("2026-10-01", True),
        ("2026-10-31", True),
        ("2026-10-31T23:59:59Z", True),
        ("2026-11-01", False),
        (None, False),
        (20261015, False),
    ],
)
def test_a_flow_counts_what_is_dated_in_the_period(day, inside):
    flow = rule(kind="flow", on="granted", where={"required": ["granted"]})
    assert counted(flow, [{"granted": day}]).of(()).value == int(inside)


def test_the_last_change_is_that_of_the_subjects_behind_the_figure():
    figures = counted(rule(by=(SEX,)), [{"sex": "1"}, {"sex": "2"}, {"sex": "1"}])
    assert (figures.of(("2",)).changed, figures.of(("2",)).changed_subject) == (
        date(2026, 1, 2),
        "s1",
    )
    assert figures.of(("total",)).changed == date(2026, 1, 3)


VALUES = [{"n": 3, "d": "2026-02-01"}, {"n": Decimal("0.5"), "d": "2026-01-31"}, {"n": "x"}, {}]


@pytest.mark.parametrize(
    ("op", "field", "value", "subjects"),
    [
        ("min", "n", Decimal("0.5"), 2),
        ("max", "n", 3, 2),
        ("min", "d", "2026-01-31", 2),
        ("max", "d", "2026-02-01", 2),
        ("average", "n", Decimal("1.8"), 2),
        ("distinct", "n", 3, 3),
        ("min", "nothing", MISSING, 0),
        ("average", "nothing", MISSING, 0),
        ("distinct", "nothing", 0, 0),
    ],
)
def test_figures_of_a_field_leave_out_who_has_none(op, field, value, subjects):
    figure = counted(rule(op=op, field=field), VALUES).of(())
    assert read_off(rule(op=op), figure, 1) == value
    assert figure.subjects == subjects


@pytest.mark.parametrize(
    ("numbers", "digits", "mean"),
    [
        ([1, 2], 0, 2),
        ([-1, -2], 0, -2),
        ([1, 0, 0, 0, 0, 0, 0, 0], 2, "0.13"),
        ([1, 1, 2], None, "1.33"),
        ([10**30, 10**30 + 1], 1, "1000000000000000000000000000000.5"),
    ],
)
def test_an_average_is_divided_exactly_and_rounded_once(numbers, digits, mean):
    average = rule(op="average", field="n")
    figure = counted(average, [{"n": n} for n in numbers]).of(())
    assert read_off(average, figure, digits) == Decimal(mean)


MEASURED = st.lists(
    st.fixed_dictionaries(
        {"sex": st.sampled_from(["1", "2"])},
        optional={"n": st.integers(-9, 9) | st.decimals(-9, 9, places=1)},
    ),
    max_size=12,
)


@given(MEASURED)
def test_totals_are_those_of_the_subjects_not_of_the_members(people):
    numbers = [p["n"] for p in people if "n" in p]
    expected = {
        "sum": sum(numbers),
        "min": min(numbers, default=MISSING),
        "max": max(numbers, default=MISSING),
        "distinct": len(set(numbers)),
    }
    for op, value in expected.items():
        figure = counted(rule(op=op, field="n", by=(SEX,)), people).of(("total",))
        assert read_off(rule(op=op), figure, None) == value
        assert figure.subjects == len(numbers)


PEOPLE = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "sex": st.sampled_from(["1", "2", "9"]),
            "age": st.integers(-1, 40),
            "grade": st.sampled_from(["1", "2"]),
        },
    ),
    max_size=30,
)


@given(PEOPLE)
def test_every_figure_is_that_of_a_plain_count(people):
    where = {"properties": {"grade": {"enum": ["1"]}}, "required": ["grade"]}
    figures = counted(rule(by=(SEX, AGE), where=where), people)
    plain = Tally(
        (p["sex"], "18+" if p["age"] >= 18 else "0-17")
        for p in people
        if p.get("grade") == "1" and p.get("sex") in ("1", "2") and "age" in p
    )
    for sex in ("1", "2", "total"):
        for age in ("0-17", "18+", "total"):
            expected = sum(n for key, n in plain.items() if matches((sex, age), key))
            assert figures.of((sex, age)).value == expected
            assert figures.of((sex, age)).subjects == expected
    counted_or_outside = sum(plain.values()) + figures.outside
    assert counted_or_outside == sum(p.get("grade") == "1" for p in people)

"""A register with dates, codes, numbers and derived fields; rules of every kind over it; random lives."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from runtime.definitions.plan import By, Rule
from runtime.facts.changes import Step
from runtime.facts.registers import Register

FIELDS = ("born", "grade", "sex", "amount", "granted", "home", "until")
PEOPLE = Register("resident", {"properties": {name: {} for name in FIELDS}})
DERIVE = {
    "age": {"whole": "years", "since": "born"},
    "left": {"whole": "days", "until": "until"},
    "same": {"compare": ["granted", "<", "until"]},
}
SEX = By("sex", ("1", "2"))
AGES = By("age", ("young", "old"), {"young": (None, 17), "old": (60, None)})
GRADES = {"properties": {"grade": {"enum": ["1", "2"]}}, "required": ["grade"]}
VALID = {"properties": {"left": {"minimum": 0}}, "required": ["left"]}


def rule(name, op="count", **more):
    return Rule(name, op, "resident", derive=DERIVE, **more)


RULES = {
    one.definition: one
    for one in (
        rule("all"),
        rule("by grade and sex", where=GRADES, by=(By("grade", ("1", "2")), SEX)),
        rule("by age and sex", by=(AGES, SEX)),
        rule("valid", where=VALID, by=(SEX,)),
        rule("adults", where={"properties": {"age": {"minimum": 18}}, "required": ["age"]}),
        rule("without grade", where={"not": {"required": ["grade"]}}),
        rule("amounts", "sum", field="amount", by=(SEX,)),
        rule("compared", where={"properties": {"same": {"const": True}}, "required": ["same"]}),
        rule("average", "average", field="amount", by=(SEX,)),
        rule("least", "min", field="amount", by=(SEX,)),
        rule("last granted", "max", field="granted"),
        rule("homes", "distinct", field="home", by=(SEX,)),
        rule("homes granted", "distinct", kind="flow", on="granted", field="home"),
        rule("average granted", "average", kind="flow", on="granted", field="amount"),
        rule("granted", kind="flow", on="granted", by=(SEX,)),
        rule("granted amounts", "sum", kind="flow", on="granted", field="amount"),
    )
}

FIRST = date(2023, 11, 1)
DAYS = sorted(
    {FIRST + timedelta(days=n) for n in range(0, 1000, 37)}
    | {date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28), date(2025, 3, 1)}
    | {date(2026, 10, 31), date(2026, 11, 1), date(2023, 12, 31), date(2024, 1, 1)}
)
days = st.sampled_from([day for day in DAYS if day <= date(2026, 11, 1)])
dates = st.sampled_from(
    ["2008-02-29", "1964-02-29", "2006-03-01", "2024-01-15", "2024-02-29", "2025-06-30", "none"]
)
values = st.fixed_dictionaries(
    {},
    optional={
        "born": dates,
        "grade": st.sampled_from(["1", "2", "3"]),
        "sex": st.sampled_from(["1", "2", "9"]),
        "amount": st.sampled_from([1, 20, Decimal("0.10"), Decimal("2.5"), -3]),
        "granted": dates,
        "home": st.sampled_from(["a", "b", "c"]),
        "until": dates,
        "_unit": st.sampled_from([None, 4, 5, 6]),
    },
).filter(bool)


@st.composite
def lives(draw, subjects=("s1", "s2", "s3")):
    """Steps of a few subjects: told late, dated back, moved, left, come back."""
    steps = [
        Step(subject_id=s, values={"_unit": draw(st.sampled_from([4, 5, 6]))}, effective=draw(days))
        for s in subjects
    ]
    for n in range(draw(st.integers(1, 10))):
        kind = draw(st.sampled_from(["set", "set", "set", "clear", "confirm"]))
        steps.append(
            Step(
                subject_id=draw(st.sampled_from(subjects)),
                values=draw(values),
                kind=kind,
                effective=draw(days),
                change_id=f"change-{n}",
            )
        )
    return steps

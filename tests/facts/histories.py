"""Random histories of subjects, and what they mean told the long way: by replaying every change."""

from datetime import date, timedelta

from hypothesis import strategies as st

from runtime.facts.changes import Step

FIRST = date(2026, 1, 1)
days = st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))

fields = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["陈伟", "李娜"]),
        "grade": st.sampled_from(["1", "2", "3"]),
        "_unit": st.sampled_from([None, 4, 5, 6]),
    },
).filter(bool)


@st.composite
def steps(draw, subjects=("s1", "s2", "s3")):
    """Changes of a few subjects, each beginning somewhere; ids say the order of recording."""
    found = [
        Step(subject_id=s, values={"_unit": draw(st.sampled_from([4, 5, 6]))}, effective=draw(days))
        for s in subjects
    ]
    for _ in range(draw(st.integers(0, 12))):
        values = draw(fields)
        kind = draw(st.sampled_from(["set", "set", "clear", "confirm"]))
        subject = draw(st.sampled_from(subjects))
        found.append(Step(subject_id=subject, values=values, kind=kind, effective=draw(days)))
    return [_numbered(step, n) for n, step in enumerate(found)]


def _numbered(step, n):
    return Step(
        subject_id=step.subject_id,
        values=step.values,
        kind=step.kind,
        effective=step.effective,
        change_id=f"change-{n}",
    )


def replayed(changes, day):
    """What holds at the end of `day` after these changes, given in the order in which they were recorded."""
    known = {}
    for change in sorted(changes, key=lambda change: change.effective):  # a stable sort
        if change.effective <= day:
            known |= dict.fromkeys(change.values) if change.kind == "clear" else change.values
    return {field: value for field, value in known.items() if value is not None}

"""What is refused before anything is worked out."""

from datetime import date

import pytest

from runtime.errors import Conflict
from runtime.facts.staged.prepared import RowStep, prepared
from runtime.facts.steps import Step


def row(n, subject_id):
    return RowStep(n, Step(subject_id=subject_id, values={}, effective=date(2026, 1, 1)))


@pytest.mark.parametrize("subjects", [("one", "one"), ("one", "other", "one")])
def test_two_rows_about_one_subject_are_refused(subjects):
    rows = [row(n, subject) for n, subject in enumerate(subjects, 2)]
    with pytest.raises(Conflict, match=f"Rows 2 and {rows[-1].row} are about the same"):
        prepared(None, None, rows)

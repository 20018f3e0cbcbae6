"""What the list of forms says of many at once is what the catalogue says of each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pytest

from builder.burdens import of_plan
from runtime.api import burden, burdens, compile_form
from runtime.definitions.load import Library
from runtime.definitions.publish import encode_plan

DEPARTMENTS = [one for one in files("plugins").iterdir() if one.joinpath("form_defs").is_dir()]


@cache
def library() -> Library:
    return Library.read([files("form_defs"), *(one / "form_defs" for one in DEPARTMENTS)])


@pytest.mark.parametrize("address", library().addresses("form"))
def test_the_short_reading_counts_as_the_whole_plan_does(address: str) -> None:
    plan = compile_form(address, library=library())
    whole = burden(plan, {})
    short = of_plan(encode_plan(plan))
    assert (short.cells, short.typed) == (whole.cells, whole.typed)
    assert dict(short.rows) == {one.pointer: one.typed for one in whole.rows}
    counts = burdens.Counts(*short[:2], 0, tuple(burdens.OfRows(at, {}, n) for at, n in short.rows))
    units = {"street": 5, "community": 25, "grid": 80}
    told = burdens.reckoned(short.form, counts, units, times=40.0)
    assert told.hours == burden(plan, units, times=40.0).hours

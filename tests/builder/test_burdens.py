"""What the list of forms says of many at once is what the catalogue says of each."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pytest

from builder.burdens import of_plan
from runtime.api import burden, compile_form
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
    assert of_plan(encode_plan(plan)) == (whole.cells, whole.typed)

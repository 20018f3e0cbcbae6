"""A unit after a number: one of it in English has no plural; all else stays as the definition says."""

import pytest

from runtime.fields.measured import unit_after
from runtime.language import using


@pytest.mark.parametrize(
    ("unit", "one"),
    [("persons", "person"), ("cases", "case"), ("businesses", "business"), ("times", "time"),
     ("cities", "city"), ("boxes", "box"), ("m²", "m²"), ("mg/kg", "mg/kg"), ("yuan", "yuan"),
     ("pieces of 5 kg", "pieces of 5 kg"), ("", "")],
)  # fmt: skip
def test_one_of_it(unit, one):
    assert unit_after("1", unit) == one
    for shown in ("0", "2", "1.5", "11", ""):
        assert unit_after(shown, unit) == unit


def test_chinese_has_no_plural():
    with using("zh-CN"):
        assert unit_after("1", "人次") == "人次"

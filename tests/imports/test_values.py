"""Cells in their usual spellings become the field's values, and nothing else does."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definitions.load import Library
from runtime.facts.registers import register_of
from runtime.fields.base import MISSING, WrongInput
from runtime.fields.catalogue import field_types
from runtime.imports.fields import fields_of
from runtime.imports.rows import _Fits
from runtime.imports.values import Reader

LIBRARY = Library.read([files("form_defs")])


def reader(field, register="resident"):
    fields = fields_of(LIBRARY, field_types, register)
    return Reader(fields.fields[field], _Fits(register_of(LIBRARY, register)))


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("sex", "男", "1"), ("sex", 1.0, "1"), ("sex", "M", "1"), ("sex", "male", "1"), ("sex", "1-男", "1"),
        ("sex", "2.女", "2"), ("sex", "F", "2"),
        ("disability_grade", "一级", "1"), ("disability_grade", "1级", "1"), ("disability_grade", 4, "4"),
        ("education", "高中", "60"), ("relation_to_head", "户主", "0"), ("relation_to_head", "女", "3"),
        ("birth_date", "2026-10-05", "2026-10-05"), ("birth_date", "2026/10/5", "2026-10-05"),
        ("birth_date", "2026.10.5", "2026-10-05"), ("birth_date", "2026年10月5日", "2026-10-05"),
        ("birth_date", 20261005.0, "2026-10-05"), ("birth_date", "20261005", "2026-10-05"),
        ("birth_date", 46300.0, "2026-10-05"), ("birth_date", "46300", "2026-10-05"),
        ("birth_date", datetime(2026, 10, 5, 8, 30, tzinfo=UTC), "2026-10-05"),
        ("birth_date", "２０２６．１０．５", "2026-10-05"),
        ("birth_date", "2026-10-05 00:00:00", "2026-10-05"),
        ("living_alone", "是", True), ("living_alone", "×", False), ("living_alone", "√", True),
        ("living_alone", True, True), ("living_alone", 0.0, False), ("living_alone", "yes", True),
        ("identity_number", "110000 19770806 0015", "110000197708060015"),
        ("phone", "'17000003629", "17000003629"), ("phone", 17000003629.0, "17000003629"),
        ("name", "  张三 ", "张三"), ("name", "—", MISSING), ("name", "/", MISSING), ("name", None, MISSING),
        ("volunteer_hours", "1,234.5小时", None),
    ],
)  # fmt: skip
def test_a_spelling(field, raw, value):
    found = reader(field).read(raw)
    if value is None:
        assert str(found) == "1234.5"
    else:
        assert found == value
        assert type(found) is type(value)


@pytest.mark.parametrize(
    ("field", "raw"),
    [
        ("sex", "不详"), ("disability_grade", "0"), ("disability_grade", 7), ("birth_date", "2026.6.31"),
        ("birth_date", "2026-1-15至2026-3-1"),
        ("birth_date", "去年"), ("birth_date", -5), ("identity_number", "110000197708060016"),
        ("identity_number", 1.1e17), ("living_alone", "也许"), ("volunteer_hours", "很多"),
        ("volunteer_hours", -1), ("name", "长" * 61), ("disability_certificate", "12"),
    ],
)  # fmt: skip
def test_what_is_none_of_the_values(field, raw):
    with pytest.raises(WrongInput):
        reader(field).read(raw)


@pytest.mark.parametrize("raw", ["2026.6.31", "2026年6月31日", "2026/6/31 8:30"])
def test_what_is_no_day_is_told_as_the_sheet_has_it(raw):
    with pytest.raises(WrongInput) as found:
        reader("birth_date").read(raw)
    typed = raw.partition(" ")[0]
    assert str(found.value) == f"“{typed}” is not a date: June 2026 has 30 days."


def test_every_code_by_code_and_label_in_any_language():
    for address in LIBRARY.addresses("register"):
        name = address.rpartition("/")[2].removesuffix(".json")
        for field in fields_of(LIBRARY, field_types, name).fields.values():
            for choice in field.schema.get("oneOf", ()):
                read = reader(field.name, name).read
                texts = [choice["const"], choice["title"]]
                texts += [t["title"] for t in choice["translations"].values()]
                assert [read(text) for text in texts] == [choice["const"]] * len(texts)


READ_DATE = reader("disability_certificate_until")


@given(st.dates(date(1900, 3, 1), date(2100, 1, 1)))
def test_a_day_in_every_spelling_is_that_day(day):
    y, m, d = day.year, day.month, day.day
    serial = (day - date(1899, 12, 30)).days
    for raw in (f"{y}-{m}-{d}", f"{y}/{m:02}/{d:02}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{day:%Y%m%d}",
                int(f"{day:%Y%m%d}"), float(serial), day):  # fmt: skip
        assert READ_DATE.read(raw) == day.isoformat(), raw


@given(st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans(), st.timedeltas()))
def test_whatever_a_cell_holds_is_a_value_or_a_message(raw):
    for field in ("birth_date", "sex", "living_alone", "volunteer_hours", "identity_number"):
        try:
            reader(field).read(raw)
        except WrongInput as wrong:
            assert str(wrong)  # noqa: PT017 - either is right


def test_the_epoch_is_excels():
    assert date(1899, 12, 30) + timedelta(days=46_300) == date(2026, 10, 5)
